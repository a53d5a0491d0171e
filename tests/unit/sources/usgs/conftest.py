"""A real server on this machine, and a session to ask it with."""

from collections.abc import Iterator

import pytest
import requests

from gaugehouse.sources.http import open_session


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session("Gaugehouse/0.1") as opened:
        yield opened

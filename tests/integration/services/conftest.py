"""The gauge whose record these tests import."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest

from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from gaugehouse_local.simulator.climate import Climate

Configured = Callable[..., Run]


@pytest.fixture
def station(climate: Climate) -> str:
    """The station id of the simulated gauge with the longest record."""
    return climate.gauges[0].station_id


@pytest.fixture
def configured(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configured]:
    """Makes runs of a sandbox with other settings."""
    with ExitStack() as stack:

        def start(**settings: str) -> Run:
            for name, value in settings.items():
                monkeypatch.setenv(name, value)
            wired = Wiring()
            stack.enter_context(wired.connection())
            return Run(wiring=wired, request_id=str(uuid4()), lock_ttl_seconds=60)

        yield start

"""The running house and the browser that tests share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import Dashboard, dashboard_at, running_browser
from tests.e2e.operator import Operator, running_house


@pytest.fixture(scope="package")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """One house for all tests: each leaves it as it found it, or changes what no other looks at."""
    with running_house(tmp_path_factory.mktemp("operator") / "home") as operator:
        yield operator


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each has a session of its own in it."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def dashboard(operator: Operator, browser: Browser) -> Iterator[Dashboard]:
    """A fresh tab with the house's dashboard."""
    with dashboard_at(operator.house.outputs["ApiUrl"], browser) as dashboard:
        yield dashboard

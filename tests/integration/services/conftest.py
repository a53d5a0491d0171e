"""The gauge whose record these tests import."""

import pytest

from gaugehouse_local.simulator.climate import Climate


@pytest.fixture
def station(climate: Climate) -> str:
    """The station id of the simulated gauge with the longest record."""
    return climate.gauges[0].station_id

"""What tests of the poller's handler do again and again."""

from typing import Any

from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network


def quarter_hour(network: Network) -> dict[str, Any]:
    """The event of the schedule at the network's present."""
    return {"source": "usgs", "scheduled_time": network.now.isoformat()}


def paths(agency: Simulator, *, after: int = 0) -> list[str]:
    """Which services were asked, but for the first so many requests."""
    return [request.path.rstrip("/") for request in agency.requests[after:]]

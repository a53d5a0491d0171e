"""The demo's world: a district with the troubles that real ones have, the same on every run."""

from datetime import date, timedelta
from typing import NamedTuple

from gaugehouse_local.simulator.climate import DEFAULT_AS_OF, DEFAULT_SEED, Climate, create_climate
from gaugehouse_local.simulator.faults import Fault, FaultOrder
from gaugehouse_local.simulator.mcfcd.paths import fopr_path
from gaugehouse_local.simulator.usgs.network import Network, create_network


class DemoWorld(NamedTuple):
    """A climate, the faults of the server in front of it, and a network of stream gauges.

    The network follows the real clock: its gauges transmit while the demo runs.
    """

    climate: Climate
    faults: tuple[FaultOrder, ...]
    network: Network


def demo_world(*, seed: int = DEFAULT_SEED, gauges: int = 12, as_of: date = DEFAULT_AS_OF) -> DemoWorld:
    """Create a world where every record can be proven, and three gauges make trouble on the way.

    One workbook is 404 for ever, one answers HTML first, one asks for a second's patience first (429).
    The first gauge never has trouble: a world of fewer than four gauges has fewer troubles. Beside the
    rain gauges there are 12 stream gauges: one ended years ago, one has been silent for a week, and the
    others have the usual troubles.
    """
    climate = create_climate(seed=seed, gauges=gauges, as_of=as_of)
    troubles = (
        (Fault.status(404), None),
        (Fault.html(), 1),
        (Fault.too_many_requests(retry_after="1"), 1),
    )
    troubled = climate.gauges[1:][-len(troubles) :]
    network = create_network(seed=seed)
    silent = network.series_of(network.sites[-1].site_id)
    network.silence(*silent, since=network.now - timedelta(days=7))
    return DemoWorld(
        climate,
        tuple(
            FaultOrder(fopr_path(gauge.station_id), fault, times)
            for gauge, (fault, times) in zip(troubled, troubles, strict=False)
        ),
        network,
    )

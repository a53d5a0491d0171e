"""Which agencies a house asks. A file of its own, for the house takes a second to import."""

from dataclasses import dataclass

from gaugehouse_local.simulator.agency import Agency
from gaugehouse_local.simulator.faults import FaultOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Which agencies the house asks. `agency` None means the real ones.

    `name` keeps the records of different upstreams in different databases.
    """

    name: str
    agency: Agency | None
    station_ids: tuple[str, ...] = ()  # those of which it surely has a workbook
    has_live_rain: bool = False  # whether it has the report of live rainfall
    stream_sites: tuple[str, ...] = ()  # those that are polled, besides an operator's
    faults: tuple[FaultOrder, ...] = ()

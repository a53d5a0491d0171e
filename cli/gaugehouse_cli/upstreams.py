"""Which agencies a command asks: the simulator, a folder of documents, or the real ones."""

import hashlib
from datetime import datetime
from pathlib import Path

import typer

from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME
from gaugehouse_cli.find_deployment import LIVE
from gaugehouse_local.simulator.agency import Together
from gaugehouse_local.simulator.demo import demo_world
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.folder_agency import FolderAgency
from gaugehouse_local.simulator.mcfcd.paths import INTERVAL_REPORT
from gaugehouse_local.simulator.usgs.usgs_agency import UsgsAgency
from gaugehouse_local.upstream import Upstream


def simulated(gauges: int) -> Upstream:
    """A simulated district with this many rain gauges, some stream gauges, and the troubles of real ones."""
    world = demo_world(gauges=gauges)
    return Upstream(
        name=f"simulator_{gauges}",
        agency=Together(ClimateAgency(world.climate, now=_arizona_time), UsgsAgency(world.network)),
        has_live_rain=True,
        stream_sites=tuple(site.station_id for site in world.network.sites),
        faults=world.faults,
    )


def folder(path: Path) -> Upstream:
    """A folder with `ev_rain.txt` and `{id}_FOPR.xlsx` files, served as the agency would.

    Raises: FolderUnusable, naming what is missing.
    """
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    agency = FolderAgency(path)
    return Upstream(
        name=f"folder_{digest}",
        agency=agency,
        station_ids=agency.station_ids,
        has_live_rain=agency.document(INTERVAL_REPORT) is not None,
    )


def _arizona_time() -> datetime:
    """Let it rain by the real clock, as the simulated stream gauges transmit by it."""
    return datetime.now(MOUNTAIN_STANDARD_TIME).replace(tzinfo=None)


def chosen(*, data: Path | None, live: bool, gauges: int) -> Upstream:
    """Return the upstream that the options ask for."""
    if data is not None and live:
        raise typer.BadParameter("--data and --live exclude each other")
    if live:
        return Upstream(name=LIVE, agency=None)
    return simulated(gauges) if data is None else folder(data)

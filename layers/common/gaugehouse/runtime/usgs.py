"""The services of the USGS as the settings choose them, with the key, the session and the shared quota."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.services.stream_agency import ReadingsAgency
from gaugehouse.services.usgs import USGS_QUOTA, Area, Waterdata, in_turn
from gaugehouse.services.usgs_legacy import Nwis
from gaugehouse.services.wait_for_turn import wait_for_turn
from gaugehouse.store import quotas

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring


def waterdata(wiring: "Wiring") -> Waterdata:
    """Return the modern API: who tells which stream gauges there are, and what they measure."""
    settings, conn = wiring.settings, wiring.connection()

    def ask_pages(url: str) -> Sequence[Download]:
        from gaugehouse.sources.usgs.waterdata import fetch_pages

        return in_turn(
            conn,
            lambda: fetch_pages(
                wiring.http,
                url,
                api_key=wiring.usgs_api_key.get(),
                take_turn=lambda: wait_for_turn(conn, USGS_QUOTA, interval_seconds=0),
                on_budget=lambda budget: quotas.adopt(conn, USGS_QUOTA, budget),
            ),
        )

    return Waterdata(
        conn=conn,
        ask_pages=ask_pages,
        base_url=settings.usgs_base_url,
        parameter_codes=settings.usgs_parameters,
        area=Area(
            states=settings.usgs_states,
            bounding_box=settings.usgs_bounding_box,
            whole_network=settings.usgs_whole_network,
        ),
    )


def readings_agency(wiring: "Wiring") -> ReadingsAgency:
    """Return who tells what stream gauges measure: the modern API, or the legacy one by the settings."""
    from gaugehouse.sources.usgs import nwis

    settings = wiring.settings
    if settings.usgs_service == "waterdata":
        return waterdata(wiring)
    return Nwis(
        conn=wiring.connection(),
        fetch_iv=partial(nwis.fetch_iv, wiring.http, settings.usgs_legacy_base_url),
        fetch_dv=partial(nwis.fetch_dv, wiring.http, settings.usgs_legacy_base_url),
        parameter_codes=settings.usgs_parameters,
    )

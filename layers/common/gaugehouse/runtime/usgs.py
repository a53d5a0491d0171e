"""The services of the USGS as the settings choose them, with the key, the session and the shared quota."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from psycopg import Connection

from gaugehouse.domain.documents import Download
from gaugehouse.services.stream_agency import ReadingsAgency
from gaugehouse.services.usgs import USGS_QUOTA, Area, Waterdata, in_turn
from gaugehouse.services.usgs_legacy import Nwis
from gaugehouse.services.wait_for_turn import wait_for_turn
from gaugehouse.sources.http import DEADLINE_SECONDS
from gaugehouse.store import quotas

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring


# The share of the budget that everything about the past leaves to the polls: a backfill of decades must not
# hide for an hour how the gauges are doing now.
LEFT_TO_POLLS = 0.2
# The agency itself gives up after about 90 s. A poll has many to ask and does not wait that long for one.
PATIENT_REQUEST_SECONDS = 100.0


def waterdata(
    wiring: "Wiring", *, request_seconds: float = DEADLINE_SECONDS, spare: float = 0.0
) -> Waterdata:
    """Return the modern API: who tells which stream gauges there are, and what they measure.

    One request takes `request_seconds` at the most, one answer with all its pages what is left of the run.
    `spare` is the share of the budget that it leaves to others.
    """
    settings, conn = wiring.settings, wiring.connection()

    def ask_pages(url: str) -> Sequence[Download]:
        from gaugehouse.sources.usgs.waterdata import PageLimits, fetch_pages

        return in_turn(
            conn,
            lambda: fetch_pages(
                wiring.http,
                url,
                api_key=wiring.usgs_api_key.get(),
                take_turn=lambda: _take_turn(wiring, conn, spare),
                on_budget=lambda budget: quotas.adopt(conn, USGS_QUOTA, budget),
                limits=PageLimits(request_seconds=request_seconds),
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


def readings_agency(wiring: "Wiring", *, spare: float = 0.0) -> ReadingsAgency:
    """Return who tells what stream gauges measure: the modern API, or the legacy one by the settings.

    `spare` is the share of the budget that it leaves to others.
    """
    from gaugehouse.sources.usgs import nwis

    settings, conn = wiring.settings, wiring.connection()
    if settings.usgs_service == "waterdata":
        return waterdata(wiring, spare=spare)
    return Nwis(
        conn=conn,
        take_turn=lambda: _take_turn(wiring, conn, spare),
        fetch_iv=partial(nwis.fetch_iv, wiring.http, settings.usgs_legacy_base_url),
        fetch_dv=partial(nwis.fetch_dv, wiring.http, settings.usgs_legacy_base_url),
        parameter_codes=settings.usgs_parameters,
    )


def _take_turn(wiring: "Wiring", conn: Connection, spare: float) -> None:
    wait_for_turn(conn, USGS_QUOTA, interval_seconds=0, seconds_left=wiring.seconds_left(), spare=spare)

"""Gauges: lists of them, and one of them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from gaugehouse.runtime.api import gauge_forms
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.cursors import read_cursor, write_cursor
from gaugehouse.runtime.api.negotiation import CSV, GEOJSON, JSON, wanted_form
from gaugehouse.runtime.api.pages import Page, link_to_next, page_of
from gaugehouse.runtime.api.parameters import Cursor, Limit, Network, SearchText, StationId
from gaugehouse.runtime.api.places import Near, Radius, circle_around
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.tables import csv_answer
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import gauge_items, gauge_record, gauge_series
from gaugehouse.store.gauge_items import GaugeItem
from gaugehouse.store.gauge_status import GaugeStatus

router = new_router()
NOW_SECONDS = 60  # live values change every quarter of an hour, and the ETag makes asking cheap

Status = Annotated[GaugeStatus | None, Query(description="How the gauge is doing")]


@router.get(
    "/gauges", tags=["gauges"], responses=described(Page[GaugeItem], "A page of gauges", other=(CSV, GEOJSON))
)
def list_gauges(
    *,
    network: Network = None,
    status: Status = None,
    text: SearchText = None,
    near: Near = None,
    radius: Radius = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response[str]:
    """List gauges with what they measure now: by station id, or the nearest first around a place.

    A gauge is `active` or `offline` when all of its polled series are, and else `degraded`. Where none was
    polled for three hours, its agency's list tells: `active` where that shows it. What nobody heard of for
    three hours is `stale` (`status_reason` says `not_polled` where it was polled), and `unknown` what is on
    no list and not polled.
    """
    form = wanted_form(router, JSON, CSV, GEOJSON)
    wanted = gauge_items.GaugeFilter(network=network, status=status, text=text)
    circle = circle_around(near, radius)
    conn = connection_of(router)
    if circle is None:
        (after,) = read_cursor(cursor, str) or (None,)
        found = gauge_items.page(conn, wanted, after=after, limit=limit + 1)
        page = page_of(found, limit, lambda gauge: write_cursor(gauge.station_id))
    else:
        place = read_cursor(cursor, float, str)
        found = gauge_items.near_page(conn, wanted, circle, after=place, limit=limit + 1)
        page = page_of(found, limit, lambda gauge: write_cursor(gauge.distance_miles, gauge.station_id))
    if form == JSON:
        return json_answer(page, max_age=NOW_SECONDS)
    link = link_to_next(router, page)
    if form == CSV:
        rows = gauge_forms.csv_rows(page.items)
        return csv_answer(gauge_forms.CSV_HEADER, rows, max_age=NOW_SECONDS, headers=link)
    features = gauge_forms.feature_collection(page.items)
    return json_answer(features, max_age=NOW_SECONDS, content_type=GEOJSON, headers=link)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExtent:
    """How much daily rainfall there is, in inches: a lower bound unless `complete`.

    `missing_days` are those that a document calls missing. `complete` says that every day between the first
    and the last has a value, and none a lower bound.
    """

    first_date: date
    last_date: date
    days: int
    missing_days: int
    total_inches: float
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneGauge(GaugeItem):
    """Everything that is known of one gauge; `record` is None without daily rainfall."""

    previous_ids: list[str]
    location: str | None
    data_begins: date | None
    remarks: str | None
    record: RecordExtent | None
    series: list[gauge_series.GaugeSeries]


@router.get("/gauges/<station_id>", tags=["gauges"], responses=described(OneGauge, "The gauge"))
def get_gauge(station_id: StationId) -> Response[str]:
    """Show one gauge: where it is, what it measures now, how much record there is, and its series."""
    conn = connection_of(router)
    known = known_gauge(conn, station_id).station_id
    item = gauge_items.one(conn, known)
    details = gauge_record.details(conn, known)
    return json_answer(
        OneGauge(
            **{name: getattr(item, name) for name in GaugeItem.__dataclass_fields__},
            previous_ids=details.previous_ids,
            location=details.location,
            data_begins=details.data_begins,
            remarks=details.remarks,
            record=_extent(details),
            series=gauge_series.series_of(conn, known),
        ),
        max_age=NOW_SECONDS,
    )


def _extent(details: gauge_record.GaugeDetails) -> RecordExtent | None:
    if details.first_day is None or details.last_day is None:
        return None
    return RecordExtent(
        first_date=details.first_day,
        last_date=details.last_day,
        days=details.days or 0,
        missing_days=details.missing_days or 0,
        total_inches=round(details.total_inches or 0.0, 5),
        complete=bool(details.is_complete),
    )

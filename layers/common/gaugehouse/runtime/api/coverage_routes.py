"""How much of the daily rainfall there is, gauge by gauge and water year by water year."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import groupby
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.cursors import read_cursor, write_cursor
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.pages import Page, link_to_next, page_of
from gaugehouse.runtime.api.parameters import Cursor
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.tables import csv_answer
from gaugehouse.store import rain_coverage

router = new_router()
MAX_AGE_SECONDS = 300  # an import can change everything, and the ETag makes asking cheap
MOST_GAUGES = 100  # with thirty years each their days are counted in a second

Gauges = Annotated[int, Query(ge=1, le=MOST_GAUGES, description="At most so many gauges")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredYear:
    """One water year of a gauge. The four counts of days add up to the year.

    Missing days are those that a document calls so, untold ones stand in no imported document. `sources` are
    the kinds of documents that its values are from.
    """

    water_year: int
    days_present: int
    days_missing: int
    days_before_record: int
    days_untold: int
    complete: bool
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeCoverage:
    """One gauge that has daily rainfall, and the water years of its record, oldest first."""

    station_id: str
    name: str
    water_years: Sequence[CoveredYear]


HEADER = ("station_id", "name", *(field.name for field in fields(CoveredYear)))


@router.get(
    "/coverage",
    tags=["record"],
    responses=described(Page[GaugeCoverage], "A page of gauges with their water years", other=(CSV,)),
)
def list_coverage(limit: Gauges = MOST_GAUGES, cursor: Cursor = None) -> Response[str]:
    """List by gauge and water year how many days have a value, are missing, or are told by no document.

    As CSV each water year is a line.
    """
    form = wanted_form(router, JSON, CSV)
    (after,) = read_cursor(cursor, str) or (None,)
    years = rain_coverage.coverage(connection_of(router), after=after, limit=limit + 1)
    page = page_of(list(_gauges(years)), limit, lambda gauge: write_cursor(gauge.station_id))
    if form == JSON:
        return json_answer(page, max_age=MAX_AGE_SECONDS)
    rows = (
        (gauge.station_id, gauge.name, *astuple(year)) for gauge in page.items for year in gauge.water_years
    )
    return csv_answer(HEADER, rows, max_age=MAX_AGE_SECONDS, headers=link_to_next(router, page))


def _gauges(years: Sequence[rain_coverage.YearCoverage]) -> Iterator[GaugeCoverage]:
    for (station_id, name), told in groupby(years, key=lambda year: (year.station_id, year.name)):
        yield GaugeCoverage(
            station_id=station_id,
            name=name,
            water_years=[
                CoveredYear(
                    water_year=year.water_year,
                    days_present=year.days_present,
                    days_missing=year.days_missing,
                    days_before_record=year.days_before_record,
                    days_untold=year.days_untold,
                    complete=year.is_complete,
                    sources=year.sources,
                )
                for year in told
            ],
        )

"""One gauge's daily rainfall as it is exported: every day of the record, also those that are missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from gaugehouse.domain.errors import OperationRefused
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.pages import all_pages
from gaugehouse_cli.times import local_day

MISSING, UNTOLD = "missing", "no document"


class Day(NamedTuple):
    """One day. One without a value has the quality `missing` where a document says so, else `no document`.

    The note of a missing day is what caused the gap, in the agency's words.
    """

    reading_date: date
    rainfall_inches: float | None
    quality: str
    data_source: str | None
    document_date: date | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRecord:
    """A gauge with everything that is exported of it: as the operations answer, but for the days."""

    gauge: dict[str, Any]
    proof: dict[str, Any] | None
    water_years: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    days: list[Day]

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which the gauge's days begin and end."""
        return ZoneInfo(self.gauge["time_zone"])

    def count(self, quality: str) -> int:
        """Count the days of a quality, `missing` and `no document` among them."""
        return sum(day.quality == quality for day in self.days)

    @property
    def present(self) -> int:
        """How many of the days have a value."""
        return sum(day.rainfall_inches is not None for day in self.days)


def read_record(deployment: Deployment, station_id: str) -> ExportedRecord:
    """Ask for everything of a gauge, page by page.

    Raises: OperationRefused when there is no daily rainfall of it, FunctionFailed when there is no gauge.
    """
    found = deployment.operate("gauge", station_id=station_id)
    gauge = found["gauge"]
    if gauge["first_day"] is None:
        raise OperationRefused(
            f"gauge {gauge['station_id']} has no daily rainfall: gaugehouse gauge {gauge['station_id']} says"
            " what is known of it"
        )
    pages = {"station_id": gauge["station_id"]}
    gaps = list(all_pages(deployment, "export_gaps", "gaps", begin="skip", **pages))
    gaps.sort(key=lambda gap: gap["gap_start"])
    stored = [
        Day(date.fromisoformat(day), inches, quality, source, date.fromisoformat(written), note)
        for day, inches, quality, source, written, note in all_pages(
            deployment, "export_days", "days", **pages
        )
    ]
    last_day = date.fromisoformat(gauge["last_day"])
    missing = dict.fromkeys(_spans_of(gauge["missing_days"]), None) | causes_of(
        gaps, ZoneInfo(gauge["time_zone"]), last_day
    )
    return ExportedRecord(
        gauge=gauge,
        proof=found["proof"],
        water_years=found["water_years"],
        gaps=gaps,
        days=list(every_day(stored, last_day, missing)),
    )


def every_day(stored: Iterable[Day], last_day: date, missing: Mapping[date, str | None]) -> Iterator[Day]:
    """Return the stored days, which ascend, and between and after them those without a value to `last_day`.

    `missing` are days that a document calls missing, each with the cause where one is known.
    """
    expected: date | None = None
    for day in stored:
        yield from _blank(expected or day.reading_date, day.reading_date, missing)
        yield day
        expected = day.reading_date + timedelta(days=1)
    if expected is not None:
        yield from _blank(expected, last_day + timedelta(days=1), missing)


def _blank(first: date, after: date, missing: Mapping[date, str | None]) -> Iterator[Day]:
    for offset in range((after - first).days):
        day = first + timedelta(days=offset)
        yield Day(day, None, MISSING if day in missing else UNTOLD, None, None, missing.get(day))


def _spans_of(spans: Iterable[tuple[str, str]]) -> Iterator[date]:
    for first, last in spans:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield day
            day += timedelta(days=1)


def causes_of(gaps: Iterable[dict[str, Any]], zone: ZoneInfo, last_day: date) -> dict[date, str]:
    """Return what the documents say of the days in their gaps: the cause, and their notes."""
    causes: dict[date, str] = {}
    for gap in gaps:
        if not gap["missing_days"] or gap["cause"] == "before_record":
            continue
        day = local_day(gap["gap_start"], zone)
        after = local_day(gap["gap_end"], zone) if gap["gap_end"] else last_day + timedelta(days=1)
        while day < after:
            causes[day] = ": ".join(part for part in (gap["cause"], gap["notes"]) if part)
            day += timedelta(days=1)
    return causes

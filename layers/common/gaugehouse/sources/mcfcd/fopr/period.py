"""The year sheets of a workbook, joined into one period of record."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter

from gaugehouse.domain.rainfall import DailyRainfall, Quality
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.sources.mcfcd.fopr.year_sheets import YearSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Every day of which the sheets say something. All three ascend, and no date is in two of them.

    `refused` are the days whose value was no rainfall.
    """

    days: tuple[DailyRainfall, ...]
    missing: tuple[date, ...]
    refused: tuple[date, ...]
    warnings: tuple[str, ...]


def join_years(years: Sequence[YearSheet], document_date: date, file_name: str) -> Period:
    """Join the sheets of a workbook that its agency last touched on `document_date`.

    A missing day after that date is not missing but yet to come, and so is a blank one after which no
    sheet says anything. A value after that date is kept as suspect: one of the two is wrong.
    """
    fresh = sorted((year for year in years if year.stale is None), key=attrgetter("water_year"))
    days = list(chain.from_iterable(year.days for year in fresh))  # each year's ascend
    marked = {day for year in fresh for day in year.missing}
    refused = {day for year in fresh for day in year.refused}
    last_said = max({*marked, *refused, *(day.reading_date for day in days[-1:])}, default=None)
    blank = {day for year in fresh for day in year.blank if last_said is not None and day < last_said}
    warnings = [warning for year in fresh for warning in year.warnings]
    warnings += _unlisted(fresh, document_date, file_name)
    if early := days[bisect_right(days, document_date, key=attrgetter("reading_date")) :]:
        note = f"dated after the document's own date {document_date}"
        days[-len(early) :] = [day._replace(quality=Quality.SUSPECT, note=note) for day in early]
        warnings.append(f"{file_name}: {len(early)} values are {note}; kept as suspect")
    return Period(
        days=tuple(days),
        missing=_until(marked | blank, document_date),
        refused=_until(refused, document_date),
        warnings=tuple(warnings),
    )


def _until(days: Iterable[date], last: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if day <= last))


def _unlisted(years: Sequence[YearSheet], document_date: date, file_name: str) -> list[str]:
    """Warn of what a whole record would have: every year between its first and last, every day of a year."""
    if not years:
        return [f"{file_name}: has no usable sheet of a water year, so no rainfall was read"]
    warnings = []
    for year in years:
        first, last = water_year_start(year.water_year), min(water_year_end(year.water_year), document_date)
        expected = (last - first).days + 1
        if year.listed < expected:
            warnings.append(
                f"{file_name}, sheet {year.water_year}: lists {year.listed} of the {expected} days to {last}"
            )
    present = {year.water_year for year in years}
    absent = sorted(set(range(min(present), max(present))) - present)
    if absent:
        warnings.append(f"{file_name}: has no usable sheet for {', '.join(map(str, absent))}")
    return warnings

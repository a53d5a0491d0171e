"""How much of the record there is, from what the house answers. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FEW_GAUGES = 0.5  # of the most that a water year has; fewer than so many were probably never imported
THIN_SHARE = 0.95  # of the days within the record
MOST_RUNS = 8
SOURCES = {"excel": "workbook", "pdf": "PDF", "live": "live"}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfGauge:
    """One gauge's water year. Days before its record are not missing, nor are untold ones: in no document."""

    water_year: int
    days_present: int
    days_missing: int
    days_before_record: int
    days_untold: int
    is_complete: bool
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeCoverage:
    """One gauge and its water years, oldest first; there is at least one."""

    station_id: str
    name: str
    water_years: list[YearOfGauge]

    @property
    def days_present(self) -> int:
        """Days with a value."""
        return sum(year.days_present for year in self.water_years)

    @property
    def days_missing(self) -> int:
        """Days without one, within the record."""
        return sum(year.days_missing for year in self.water_years)

    @property
    def share(self) -> float:
        """The share of the days of which documents tell that have a value."""
        return self.days_present / (self.days_present + self.days_missing)


@dataclass(slots=True, kw_only=True)
class YearCoverage:
    """One water year of all gauges. `sources` counts the gauges by the kind of document."""

    water_year: int
    gauges: int = 0  # with a value
    complete: int = 0
    days_present: int = 0
    days_missing: int = 0
    days_untold: int = 0
    sources: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """The share of the days of which documents tell that have a value; None where there is no day."""
        days = self.days_present + self.days_missing
        return self.days_present / days if days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinSpan:
    """Water years in a row with few gauges or many missing days, and what it is about them."""

    first: int
    last: int
    says: str


def read_gauge(told: dict[str, Any]) -> GaugeCoverage:
    """Read a gauge as the operation `coverage` answers it: each water year is a short row."""
    names = (
        "water_year", "days_present", "days_missing", "days_before_record", "days_untold", "is_complete",
        "sources",
    )  # fmt: skip
    years = [YearOfGauge(**dict(zip(names, row, strict=True))) for row in told["water_years"]]
    return GaugeCoverage(station_id=told["station_id"], name=told["name"], water_years=years)


def by_water_year(gauges: Iterable[GaugeCoverage]) -> list[YearCoverage]:
    """Add up all gauges by water year, oldest first, without leaving one out."""
    found: dict[int, YearCoverage] = {}
    for gauge in gauges:
        for year in gauge.water_years:
            sum_ = found.setdefault(year.water_year, YearCoverage(water_year=year.water_year))
            sum_.gauges += year.days_present > 0
            sum_.complete += year.is_complete
            sum_.days_present += year.days_present
            sum_.days_missing += year.days_missing
            sum_.days_untold += year.days_untold
            for kind in {kind_of(source) for source in year.sources}:
                sum_.sources[kind] = sum_.sources.get(kind, 0) + 1
    if not found:
        return []
    return [found.get(year, YearCoverage(water_year=year)) for year in range(min(found), max(found) + 1)]


def kind_of(source: str) -> str:
    """Name the kind of document: `excel_WY_2023` is a workbook."""
    return SOURCES.get(source.split("_", maxsplit=1)[0], source)


def thin_years(years: Sequence[YearCoverage]) -> list[ThinSpan]:
    """Return the spans of water years for which there is little, and why they are thought thin."""
    most = max((year.gauges for year in years), default=0)
    spans: list[ThinSpan] = []
    for year in years:
        says = _says(year, most, is_newest=year is years[-1])
        if says is None:
            continue
        if spans and spans[-1].last == year.water_year - 1 and spans[-1].says == says:
            spans[-1] = ThinSpan(first=spans[-1].first, last=year.water_year, says=says)
        else:
            spans.append(ThinSpan(first=year.water_year, last=year.water_year, says=says))
    return spans


def _says(year: YearCoverage, most: int, *, is_newest: bool) -> str | None:
    told = year.days_present + year.days_missing
    if year.gauges < most * FEW_GAUGES:
        return f"fewer than half of {most} gauges"
    if not is_newest and told < THIN_SHARE * (told + year.days_untold):
        return "days that no document tells of"
    if year.share is not None and year.share < THIN_SHARE:
        return "days that the documents call missing"
    return None


def thin_gauges(gauges: Iterable[GaugeCoverage]) -> list[GaugeCoverage]:
    """Return the gauges with the most holes, the thinnest first."""
    return sorted((gauge for gauge in gauges if gauge.share < THIN_SHARE), key=lambda gauge: gauge.share)


def gauges_in_years(counts: Mapping[str, int]) -> str:
    """Write in a line how many gauges have values in each water year, years with as many together.

    `counts` is by water year, in the order of time; a year that is left out has none.
    """
    runs: list[tuple[int, int, int]] = []
    for year, gauges in ((int(year), gauges) for year, gauges in counts.items()):
        if runs and (runs[-1][1], runs[-1][2]) == (year - 1, gauges):
            runs[-1] = (runs[-1][0], year, gauges)
        else:
            runs.append((year, year, gauges))
    said = [f"{first if first == last else f'{first}-{last}'}: {gauges:,}" for first, last, gauges in runs]
    if not said:
        return "no daily rainfall yet"
    shown = said if len(said) <= MOST_RUNS else [*said[:2], "…", *said[2 - MOST_RUNS :]]
    return f"{', '.join(shown)} gauges with values (gaugehouse coverage)"

"""FREQ: the greatest rainfall of each year by duration, and what it means statistically.

A row of titles (`YEAR`, `15 MIN`, `DATE`, `1 HOUR`, `DATE`, …), a row a year, then rows MAX, MEAN, STDEV
and NOAA 14. A date cell can be text (`8/516`) or lie far outside its year: both are kept, with a warning.
"""

from gaugehouse.domain.water_year import water_year_of
from gaugehouse.sources.mcfcd.arizona_time import FIRST_YEAR, LAST_YEAR
from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows, at, date_of, json_of, number_of, text_of

SHEET = "FREQ"
_STATISTICS = {"max": "max", "mean": "mean", "stdev": "stdev", "noaa": "noaa_atlas_14"}


def read_frequency(rows: Rows, file_name: str) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the table, JSON-ready, and warnings.

    The table is {"durations": ["15 min", …], "years": [{"year", "maxima": {duration: {"inches", "date"}}}],
    "max" | "mean" | "stdev" | "noaa_atlas_14": {"label", duration: inches, …, "dates", "note"}}.
    """
    warnings: list[str] = []
    header = next((number for number, row in enumerate(rows) if _title(at(row, 0)) == "year"), None)
    if header is None:
        return {}, (f"{file_name}, sheet {SHEET}: has no row of titles beginning with YEAR",) if rows else ()
    durations = _durations(rows[header])
    years: list[dict[str, object]] = []
    table: dict[str, object] = {"durations": list(durations), "years": years}
    for number, row in enumerate(rows[header + 1 :], header + 2):
        place = f"{file_name}, sheet {SHEET}, row {number}"
        year = number_of(at(row, 0))
        if year is not None and year.is_integer() and FIRST_YEAR <= year <= LAST_YEAR:
            years.append(_year(int(year), row, durations, place, warnings))
        elif statistic := next(
            (key for word, key in _STATISTICS.items() if _title(at(row, 0)).startswith(word)), None
        ):
            table[statistic] = _statistic(row, durations)
    return table, tuple(warnings)


def _title(cell: Cell) -> str:
    return (text_of(cell) or "").lower()


def _durations(titles: list[Cell]) -> dict[str, int]:
    """Return the column of each duration; its date stands right of it."""
    return {
        title: column
        for column, cell in enumerate(titles)
        if (title := _title(cell)).endswith(("min", "min.", "hour", "hours"))
    }


def _year(
    year: int, row: list[Cell], durations: dict[str, int], place: str, warnings: list[str]
) -> dict[str, object]:
    maxima: dict[str, object] = {}
    for duration, column in durations.items():
        inches, on = at(row, column), at(row, column + 1)
        if text_of(inches) is None and text_of(on) is None:
            continue
        maxima[duration] = {"inches": json_of(inches), "date": json_of(on)}
        day = date_of(on)
        if day is None and text_of(on) is not None:
            warnings.append(f"{place}: the date of the {duration} maximum is {text_of(on)!r}; kept as text")
        elif day is not None and year not in (water_year_of(day), day.year):
            warnings.append(f"{place}: the {duration} maximum of {year} is dated {day}")
    return {"year": year, "maxima": maxima}


def _statistic(row: list[Cell], durations: dict[str, int]) -> dict[str, object]:
    dates = {
        duration: day.isoformat()
        for duration, column in durations.items()
        if (day := date_of(at(row, column + 1))) is not None
    }
    note = next((text_of(cell) for cell in reversed(row[1:]) if isinstance(cell, str) and cell.strip()), None)
    values = {duration: json_of(at(row, column)) for duration, column in durations.items()}
    return {"label": text_of(row[0]), **values, "dates": dates, "note": note}

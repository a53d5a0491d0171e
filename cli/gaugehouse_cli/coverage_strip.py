"""A gauge's record as a strip: a character for each water year."""

from rich.text import Text

from gaugehouse_cli.coverage import GaugeCoverage, YearOfGauge


def decades(first: int, last: int) -> str:
    """Write a head for a strip of water years: the first, and each decade where there is room."""
    head = f"{first}"
    for decade in range(first + 1, last + 1):
        if decade % 10 == 0 and decade - first > len(head):
            head = f"{head:<{decade - first}}{decade}"
    return head


def strip(gauge: GaugeCoverage, first: int, last: int) -> Text:
    """Write a gauge's water years from `first` to `last`, a character for each."""
    years = {year.water_year: year for year in gauge.water_years}
    written = Text()
    for water_year in range(first, last + 1):
        year = years.get(water_year)
        is_newest = water_year == gauge.water_years[-1].water_year
        written.append(*(" ", "") if year is None else _mark(year, is_newest=is_newest))
    return written


def _mark(year: YearOfGauge, *, is_newest: bool) -> tuple[str, str]:
    """Return the character of a water year and its color. What the newest year has to come does not count."""
    told = year.days_present + year.days_missing
    if not told:
        return "?", "dim"
    share = year.days_present / (told if is_newest else told + year.days_untold)
    if share == 1:
        return "█", "green"
    if share >= 0.9:
        return "▓", "green"
    if share >= 0.5:
        return "▒", "yellow"
    return ("░", "yellow") if share else ("·", "red")

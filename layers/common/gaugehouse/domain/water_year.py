"""Water years and the monsoon, as Arizona's agencies count them.

Water year N runs from 1 October N-1 to 30 September N; the monsoon from 15 June to 30 September.
"""

from datetime import date


def water_year_of(day: date) -> int:
    """Return the water year that `day` belongs to."""
    return day.year + (day.month >= 10)


def water_year_start(water_year: int) -> date:
    """Return 1 October of the calendar year before."""
    return date(water_year - 1, 10, 1)


def water_year_end(water_year: int) -> date:
    """Return 30 September, the last day of the water year."""
    return date(water_year, 9, 30)


def in_monsoon(day: date) -> bool:
    """Say whether `day` counts towards the monsoon total of its water year."""
    return (6, 15) <= (day.month, day.day) <= (9, 30)

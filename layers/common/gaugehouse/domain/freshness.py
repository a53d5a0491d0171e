"""Whether what was imported of a document is as new as an agency's answer would be."""

from datetime import date, datetime, timedelta

from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.rain_book_subjects import read_month, read_water_year
from gaugehouse.domain.water_year import water_year_end

SETTLED_AFTER = timedelta(days=90)  # corrections of a month or year that is over come within weeks
RECENT = timedelta(hours=12)  # a command that was stopped goes on; the agency publishes once a night


def is_fresh(kind: Kind, subject: str, *, imported_at: datetime, now: datetime) -> bool:
    """Say whether asking again is not worth a download: just imported, or final when it was.

    Times are aware. Raises: DocumentInvalid for a subject that its kind cannot have.
    """
    if now - imported_at < RECENT:
        return True
    last_day = _last_day(kind, subject)
    return last_day is not None and imported_at.date() >= last_day + SETTLED_AFTER


def _last_day(kind: Kind, subject: str) -> date | None:
    """Return the last day that such a document speaks of; None where it goes on for ever."""
    if kind is Kind.WATER_YEAR:
        return water_year_end(read_water_year(subject))
    if kind is Kind.MONTHLY_PDF:
        month = read_month(subject)
        return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return None

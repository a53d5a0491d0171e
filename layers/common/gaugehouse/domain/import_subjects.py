"""Which subject an import of each kind can have."""

from collections.abc import Callable
from functools import partial

from gaugehouse.domain import rain_book_subjects
from gaugehouse.domain.backfill import window_of
from gaugehouse.domain.import_jobs import Kind

_READ: dict[Kind, Callable[[str], object]] = {
    Kind.WATER_YEAR: rain_book_subjects.read_water_year,
    Kind.MONTHLY_PDF: rain_book_subjects.read_month,
    Kind.USGS_DAILY: partial(window_of, Kind.USGS_DAILY),
    Kind.USGS_CONTINUOUS: partial(window_of, Kind.USGS_CONTINUOUS),
}


def check_subject(kind: Kind, subject: str) -> None:
    """Refuse a subject that no document of this kind can have. A full record's may be any station id.

    Raises: DocumentInvalid, which says what one looks like.
    """
    if kind in _READ:
        _READ[kind](subject)

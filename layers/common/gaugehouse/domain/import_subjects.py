"""Which subject an import of each kind can have, and which documents are whole ones."""

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

# Documents that say all there is to say of their subject, with the ending of their file name. An operator can
# bring one, and a kept one can be read again. The USGS's answers hold only what had changed when we asked.
WHOLE_DOCUMENTS = {Kind.FOPR: ".xlsx", Kind.WATER_YEAR: ".xlsx", Kind.MONTHLY_PDF: ".pdf"}


def check_subject(kind: Kind, subject: str) -> None:
    """Refuse a subject that no document of this kind can have. A full record's may be any station id.

    Raises: DocumentInvalid, which says what one looks like.
    """
    if kind in _READ:
        _READ[kind](subject)

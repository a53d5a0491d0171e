"""Documents about many gauges at once: the water-year workbook and the monthly PDF."""

from dataclasses import dataclass
from datetime import date

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.rainfall import RainRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """One footnote of a document. `understood` says that it became gaps or qualities; its text is kept too.

    `place` names sheet or page and the footnote's number; `station_id` is None where the note names none.
    """

    place: str
    text: str
    station_id: str | None
    understood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClaim:
    """The total that the document itself states for one gauge and month; None where it states none.

    `tolerance_inches` is how far rounding may take it from the sum of the days: 0.0005 for a workbook, 0.02
    for a PDF, whose values have two decimals.
    """

    station_id: str
    month: date  # its first day
    place: str
    total_inches: float | None
    tolerance_inches: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RainBook:
    """Everything one document says of many gauges' daily rainfall, a record for each gauge, by station id.

    `repaired_ids` are ids that the document misspells: (sheet or page, as written, as meant).
    """

    data_source: str  # 'excel_WY_2023', 'pdf_1119'
    document_date: date
    records: tuple[RainRecord, ...]
    claims: tuple[MonthClaim, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    repaired_ids: tuple[tuple[str, str, str], ...] = ()
    rejects: tuple[RejectedRecord, ...] = ()
    warnings: tuple[str, ...] = ()

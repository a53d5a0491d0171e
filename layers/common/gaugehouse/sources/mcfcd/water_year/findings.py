"""What the reader of a workbook drops or wonders at, with the place of each."""

from dataclasses import dataclass, field

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid

SOURCE = "water_year"
# A document with more than this is broken as a whole, and every single one of them would be stored.
MAX_REJECTS = 2_000


@dataclass(slots=True)
class Findings:
    """Rejects and warnings of one document, in the order of reading."""

    file_name: str
    rejects: list[RejectedRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def reject(self, place: str, reason: str, raw: str, problem: str) -> None:
        """Note what was dropped; `place` is sheet and row or cell. Raises DocumentInvalid if too much was."""
        detail = f"{self.file_name}, {place}: {problem}"
        if len(self.rejects) >= MAX_REJECTS:
            raise DocumentInvalid(f"{detail}; and {MAX_REJECTS} faults before it: this is no rainfall table")
        raw = raw[: RejectedRecord.MAX_RAW_LENGTH]
        self.rejects.append(RejectedRecord(source=SOURCE, reason=reason, raw=raw, detail=detail))

    def warn(self, place: str, problem: str) -> None:
        """Note what is kept as it is, and yet is worth a look."""
        self.warnings.append(f"{self.file_name}, {place}: {problem}")

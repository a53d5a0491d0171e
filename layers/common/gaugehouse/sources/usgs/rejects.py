"""What is dropped while an answer is read: counted in full, and kept by example."""

from collections import Counter
from dataclasses import dataclass, field

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.sources.usgs.texts import clean

MAX_EXAMPLES = 1_000  # a spoilt answer of a whole network need not be kept whole


@dataclass(slots=True)
class Rejects:
    """The rejects of one answer. `counts` is by reason; there is one example for each thing and reason."""

    source: str
    document: str  # how a reject names what it was in
    counts: Counter[str] = field(default_factory=Counter)
    _examples: dict[tuple[str, str], RejectedRecord] = field(default_factory=dict)

    @property
    def records(self) -> tuple[RejectedRecord, ...]:
        """Return the examples."""
        return tuple(self._examples.values())

    def add(self, reason: str, whose: str, problem: str, raw: bytes, *, times: int = 1) -> None:
        """Count one, or several at once. `whose` names the thing (series, location), `problem` its fault.

        Neither has anything in it that changes from poll to poll: the same fault is to be the same record.
        """
        self.counts[reason] += times
        if (whose, reason) in self._examples or len(self._examples) >= MAX_EXAMPLES:
            return
        text = raw[: 4 * RejectedRecord.MAX_RAW_LENGTH].decode("utf-8", "replace")
        self._examples[whose, reason] = RejectedRecord(
            source=self.source,
            reason=reason,
            raw=clean(text, RejectedRecord.MAX_RAW_LENGTH),
            detail=f"{self.document}, {whose}: {problem}",
        )

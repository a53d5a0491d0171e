"""A span in which a gauge was not heard, as the agency timed and judged it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# An outage of which one end is unknown explains at least the day beside the end that is known.
_KNOWN_REACH = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One outage. Times are naive Arizona time, None if unknown. Code 1 is OK, 2 incomplete, 3 estimated."""

    start: datetime | None
    end: datetime | None
    cause: str | None
    notes: str | None
    code: int | None

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """Return the time that the outage surely covers; None when neither end is known."""
        if self.start is not None:
            return self.start, self.end if self.end is not None else self.start + _KNOWN_REACH
        return None if self.end is None else (self.end - _KNOWN_REACH, self.end)

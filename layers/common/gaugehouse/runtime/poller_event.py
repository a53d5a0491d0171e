"""What the poller is given."""

from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from gaugehouse.domain.polling import LONGEST_BACKFILL_HOURS
from gaugehouse.runtime.invocation import ScheduledEvent


class PollerEvent(ScheduledEvent):
    """What the poller is given: which source, and optionally for which time.

    `sites` has the source of sites look at these only, polled or not.

    With a `reference_time` a source of readings asks for the `backfill_hours` before it (2 where nothing is
    said): of up to `limit` sites, and with `force_retry` only of those whose last poll failed.
    """

    most_ahead: ClassVar[timedelta] = timedelta(minutes=15)

    source: str
    sites: tuple[str, ...] | None = Field(default=None, min_length=1, max_length=1000)
    backfill_hours: float | None = Field(default=None, gt=0, le=LONGEST_BACKFILL_HOURS, allow_inf_nan=False)
    force_retry: bool = False
    limit: int | None = Field(default=None, ge=1)

    def slot(self, request_id: str) -> str:
        """Name the slot. Each run of a limited backfill takes the next sites, so each has its own."""
        if self.scheduled_time is None and (self.limit is not None or self.force_retry):
            return request_id
        hours = "" if self.backfill_hours is None else f" {self.backfill_hours:g} h"
        return super().slot(request_id) + hours

    @property
    def asks_for_the_past(self) -> bool:
        """Whether it has an option that only a source of readings understands."""
        return self.backfill_hours is not None or self.force_retry or self.limit is not None

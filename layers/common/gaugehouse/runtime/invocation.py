"""What an invocation brings with it: its event, its slot, and how long it and its locks may live."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.domain.job_runs import Trigger
from gaugehouse.runtime.validation import faults_of
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Event = TypeVar("Event", bound="ScheduledEvent")

LOCK_MARGIN_SECONDS = 30.0  # a lock outlives its function by this much, whatever the clocks do
DEADLINE_MARGIN_SECONDS = 15.0  # left for ending in order: recording the run, releasing the lock


class ScheduledEvent(BaseModel):
    """What every scheduled function can be given. Unknown fields are a mistake and are refused.

    `force` runs a slot that is done already; `by_operator` says that the command asked for it. `most_ahead`
    is how far ahead of the database's clock a `scheduled_time` may be: what is done for a time to come is not
    done when that time comes.
    """

    # Only the one that an invocation is given gets built.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    most_ahead: ClassVar[timedelta] = timedelta(hours=3)  # clocks differ; typing errors are days and years

    scheduled_time: AwareDatetime | None = None
    reference_time: AwareDatetime | None = None
    force: bool = False
    by_operator: bool = False

    def slot(self, request_id: str) -> str:
        """Name the slot of this run: its scheduled minute, else its reference time, else itself."""
        if self.scheduled_time is not None:
            return self.scheduled_time.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        if self.reference_time is not None:
            return self.reference_time.astimezone(UTC).isoformat()
        return request_id

    @property
    def trigger(self) -> Trigger:
        """Who made this run."""
        if self.by_operator:
            return Trigger.OPERATOR
        return Trigger.MANUAL if self.scheduled_time is None else Trigger.SCHEDULE


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a function: what it may use, who it is, and how long it may last.

    `time_is_up` is the deadline guard: a batch asks it before each further piece of work. Work of which a
    piece can take long asks for the `seconds_left` instead, and begins none that may not fit.
    """

    wiring: Wiring
    request_id: str
    lock_ttl_seconds: float
    time_is_up: Callable[[], bool] = lambda: False
    seconds_left: Callable[[], float] = lambda: math.inf


def parse_event(model: type[Event], event: Any) -> Event:
    """Read a function's event.

    Raises: EventInvalid, naming each field that is missing or wrong.
    """
    try:
        return model.model_validate(event)
    except ValidationError as error:
        raise EventInvalid(f"{model.__name__}: {faults_of(error, root='event')}") from error


def start_run(wiring: Wiring, context: "LambdaContext") -> Run:
    """Begin a run. Its locks live longer than this invocation possibly can."""
    remaining_seconds = context.get_remaining_time_in_millis() / 1000
    return Run(
        wiring=wiring,
        request_id=context.aws_request_id,
        lock_ttl_seconds=remaining_seconds + LOCK_MARGIN_SECONDS,
        time_is_up=lambda: context.get_remaining_time_in_millis() / 1000 < DEADLINE_MARGIN_SECONDS,
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000 - DEADLINE_MARGIN_SECONDS,
    )

"""What the scheduled functions have in common: parse the event, run it, and record even a wrong one."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from aws_lambda_powertools.utilities.typing import LambdaContext

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.domain.job_runs import NewRun, Trigger
from gaugehouse.runtime.invocation import Run, ScheduledEvent, parse_event, start_run
from gaugehouse.runtime.slots import Summary
from gaugehouse.runtime.telemetry import count, logger, plain, report
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.store import job_runs

Event = TypeVar("Event", bound=ScheduledEvent)


def run_scheduled(
    function: str,
    model: type[Event],
    event: Any,
    context: LambdaContext,
    *,
    wiring: Wiring,
    work: Callable[[Event, Run], Summary],
) -> dict[str, Any]:
    """Run what the event asks for; return its summary as plain data. Every error fails the invocation.

    A wrong event is recorded as a failed run too: a schedule that sends nonsense must not be visible in a
    log only.
    """
    run = start_run(wiring, context)
    try:
        request = parse_event(model, event)
        summary = work(request, run)
    except EventInvalid as error:
        _record_refusal(function, event, error, run)
        raise
    report(job_of(event) or function, summary)
    return plain(summary)


def job_of(event: Any) -> str | None:
    """Name the job that an event asks for, as far as it can be known."""
    if not isinstance(event, dict):
        return None
    name = event.get("task") or (event.get("source") and f"poll:{event['source']}")
    return str(name)[:100] if name else None


def _record_refusal(function: str, event: Any, error: EventInvalid, run: Run) -> None:
    new = NewRun(
        job_name=job_of(event) or function,
        slot=run.request_id,
        reference_time=None,
        trigger=Trigger.MANUAL,
        forced=False,
        request_id=run.request_id,
    )
    logger.error("the event was refused", error=str(error))
    count(f"{function}_refused")
    with suppress(psycopg.Error):  # before the first migration there is no history to write to
        job_runs.refuse(run.wiring.connection(), new, error_text=str(error)[:2000])

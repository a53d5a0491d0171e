"""Run something once per slot, and leave a true record of it: the wrapper of every poll and every task."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import psycopg

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.domain.job_runs import NewRun, RunStatus
from gaugehouse.domain.locks import slot_lock
from gaugehouse.runtime.invocation import Run, ScheduledEvent
from gaugehouse.runtime.telemetry import count, logger, measure_seconds, plain
from gaugehouse.store import job_runs, locks, pauses, run_housekeeping
from gaugehouse.store.connection import database_time

LONGEST_ERROR = 2000  # characters: a message is for reading


class Summary(Protocol):
    """What a service returns: a dataclass that says how many rows it changed."""

    @property
    def rows_affected(self) -> int:
        """How many rows the service changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """The run was not needed, or not wanted."""

    skipped: str

    @property
    def rows_affected(self) -> int:
        """Nothing was changed."""
        return 0


def run_in_slot(
    job_name: str, pause_name: str, event: ScheduledEvent, run: Run, work: Callable[[], Summary]
) -> Summary:
    """Run `work` under the lock of its slot, unless that slot is done or the job is paused.

    A done slot says so by a succeeded run, not by its lock; `force` runs it all the same.

    Raises: SlotBusy when another run holds the slot; whatever `work` raises, after recording it.
    """
    conn = run.wiring.connection()
    keep_house(conn)
    refuse_future(event, conn)
    new = new_run(job_name, event, run)
    if pause := pauses.find(conn, pause_name):
        return _skip(conn, new, f"paused: {pause.reason}")
    if not event.force and job_runs.is_done(conn, job_name, new.slot):
        return _skip(conn, new, "its slot was done before")
    name = slot_lock(job_name, new.slot)
    with locks.hold(conn, name, worker_id=run.request_id, ttl_seconds=run.lock_ttl_seconds) as lock:
        # Another run may have finished this slot between our look and our lock.
        if not event.force and job_runs.is_done(conn, job_name, new.slot):
            return _skip(conn, new, "its slot was done before")
        return _recorded(new, lock.fencing_token, conn, work)


def run_unlocked(new: NewRun, conn: psycopg.Connection, work: Callable[[], Summary]) -> Summary:
    """Run what an empty database must be able to run: without a lock, and recorded when it has ended.

    Raises: whatever `work` raises, after recording it as far as there is a history to write to.
    """
    return _ended(new, work, partial(_record_ended, conn, new))


def new_run(job_name: str, event: ScheduledEvent, run: Run) -> NewRun:
    """Describe the run before it begins."""
    return NewRun(
        job_name=job_name,
        slot=event.slot(run.request_id),
        reference_time=event.reference_time,
        trigger=event.trigger,
        forced=event.force,
        request_id=run.request_id,
    )


def refuse_future(event: ScheduledEvent, conn: psycopg.Connection) -> None:
    """Refuse a time that is still to come, on the clock that all workers share.

    A slot of the future, done by hand, would skip the run that it belongs to. It may be a little ahead:
    the scheduler's clock is another.

    Raises: EventInvalid.
    """
    latest = {"reference_time": timedelta(0), "scheduled_time": event.most_ahead}
    for name, ahead in latest.items():
        time_given: datetime | None = getattr(event, name)
        if time_given is not None and time_given > database_time(conn) + ahead:
            raise EventInvalid(f"{type(event).__name__}: {name} {time_given} is in the future")


def keep_house(conn: psycopg.Connection) -> None:
    """What every invocation does first, in bounded time, so that no crash stays unseen.

    A history that cannot be kept in order is no reason not to do the work.
    """
    try:
        crashed = run_housekeeping.declare_crashed(conn)
        run_housekeeping.delete_old(conn)
        run_housekeeping.delete_expired_locks(conn)
    except psycopg.Error:
        logger.exception("the history was not kept in order")
        return
    if crashed:
        logger.error("runs never ended", crashed=crashed)
        count("runs_crashed", crashed)


def _skip(conn: psycopg.Connection, new: NewRun, reason: str) -> Skipped:
    job_runs.skip(conn, new, reason=reason)
    return Skipped(skipped=reason)


def _recorded(new: NewRun, token: int, conn: psycopg.Connection, work: Callable[[], Summary]) -> Summary:
    """Run the work between the begin and the end of its record."""
    run_id = _begin(conn, new, token)
    started = time.perf_counter()
    summary = _ended(new, work, partial(_finish, conn, run_id))
    measure_seconds(f"{new.job_name}_duration", time.perf_counter() - started)
    return summary


def _ended(new: NewRun, work: Callable[[], Summary], record: Callable[..., None]) -> Summary:
    """Run the work; record and count how it ended. Only success counts as success."""
    try:
        summary = work()
    except Exception as error:
        record(RunStatus.FAILED, error_text=_text_of(error))
        count(f"{new.job_name}_failed")
        raise
    record(RunStatus.SUCCEEDED, summary=summary)
    count(f"{new.job_name}_succeeded")
    return summary


def _record_ended(
    conn: psycopg.Connection,
    new: NewRun,
    status: RunStatus,
    *,
    summary: Summary | None = None,
    error_text: str | None = None,
) -> None:
    """Record a whole run at once: without a lock it would look crashed to whoever saw it running."""
    with suppress(psycopg.Error), conn.transaction():
        _finish(conn, _begin(conn, new, None), status, summary=summary, error_text=error_text)


def _begin(conn: psycopg.Connection, new: NewRun, token: int | None) -> int | None:
    """Record the begin. A history that cannot be written is no reason not to do the work."""
    try:
        return job_runs.begin(conn, new, fencing_token=token)
    except psycopg.Error:
        logger.exception("the begin of a run was not recorded", job=new.job_name, slot=new.slot)
        return None


def _finish(
    conn: psycopg.Connection,
    run_id: int | None,
    status: RunStatus,
    *,
    summary: Summary | None = None,
    error_text: str | None = None,
) -> None:
    if run_id is None:
        return
    try:
        job_runs.finish(
            conn,
            run_id,
            status=status,
            rows_affected=summary.rows_affected if summary else 0,
            error_text=error_text,
            metadata=plain(summary) if summary else None,
        )
    except psycopg.Error:
        logger.exception("the end of a run was not recorded", run_id=run_id, status=status)


def _text_of(error: Exception) -> str:
    """Return what the history keeps of an error. PostgreSQL's text holds no NUL."""
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\0", "\N{REPLACEMENT CHARACTER}")

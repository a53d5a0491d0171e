"""A slot runs once, whatever is delivered how often; and only success makes it done."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import EventInvalid, SlotBusy
from gaugehouse.runtime.invocation import Run, ScheduledEvent
from gaugehouse.runtime.slots import Skipped, Summary, run_in_slot
from gaugehouse.store.connection import database_time
from tests.integration.runtime.conftest import Sandbox
from tests.integration.store.history import JOB, runs, statuses
from tests.integration.store.ledger import let_lock_expire

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
# Another run ends and gives the lock back just before ours gets it.
DONE_MEANWHILE = """
CREATE FUNCTION done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO job_runs (job_name, slot, trigger, request_id, status, completed_at)
        VALUES ('check_staleness', '2026-01-01T12:00Z', 'schedule', 'other', 'succeeded', now());
    RETURN NEW; END $$;
CREATE TRIGGER done BEFORE INSERT ON job_locks FOR EACH ROW EXECUTE FUNCTION done();
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The summary of a piece of work that says what it changed."""

    changed: int = 3

    @property
    def rows_affected(self) -> int:
        return self.changed


class Work:
    """Work that remembers how often it was done; it can fail, and stop in the middle until it may go on."""

    def __init__(self) -> None:
        self.done = 0
        self.error: BaseException | None = None
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.may_end.set()

    def __call__(self) -> Counted:
        self.begun.set()
        assert self.may_end.wait(20)
        if self.error is not None:
            raise self.error
        self.done += 1
        return Counted()


@pytest.fixture
def work() -> Work:
    return Work()


def deliver(
    run: Run, work: Callable[[], Summary], scheduled: datetime | None = NOON, **event: Any
) -> Summary:
    return run_in_slot(JOB, f"task:{JOB}", ScheduledEvent(scheduled_time=scheduled, **event), run, work)


@pytest.mark.parametrize("jitter_seconds", [(0, 0, 0, 0), (1, 59, 0, 31), (59, 58, 1, 0)])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2)])
def test_the_four_quarter_hours_all_run(
    jitter_seconds: tuple[int, ...], order: tuple[int, ...], sandbox: Sandbox, work: Work
) -> None:
    """A lock named by the hour, with an expiry of the period, once skipped every second run."""
    for quarter in order:
        jitter = timedelta(seconds=jitter_seconds[quarter])
        deliver(sandbox(), work, NOON + timedelta(minutes=15 * quarter) + jitter)

    assert work.done == 4


def test_the_next_quarter_runs_while_the_last_one_still_does(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    slow = Work()
    slow.may_end.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(deliver, sandbox(), slow)
        assert slow.begun.wait(20)
        deliver(sandbox(), work, NOON + timedelta(minutes=15))
        slow.may_end.set()
        first.result(20)

    assert (slow.done, work.done) == (1, 1)
    assert statuses(conn) == ["succeeded", "succeeded"]


def test_the_same_delivery_twice_runs_once_and_says_so(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    assert deliver(sandbox(), work) == Counted()
    assert deliver(sandbox(), work, NOON + timedelta(seconds=50)) == Skipped(
        skipped="its slot was done before"
    )

    assert work.done == 1
    done, skipped = runs(conn)
    assert (done.status, done.rows_affected, done.metadata) == ("succeeded", 3, {"changed": 3})
    assert (skipped.status, skipped.rows_affected) == ("skipped", 0)
    assert done.slot == skipped.slot == "2026-01-01T12:00Z"
    assert skipped.error_text == "its slot was done before"
    assert conn.execute("SELECT count(*) FROM job_locks").fetchone() == (0,), "the lock is free again"


def test_of_two_deliveries_at_once_one_runs_and_the_others_retry_is_skipped(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    work.may_end.clear()
    loser = sandbox()
    with ThreadPoolExecutor(1) as pool:
        winner = pool.submit(deliver, sandbox(), work)
        assert work.begun.wait(20)
        with pytest.raises(SlotBusy):
            deliver(loser, work)
        assert statuses(conn) == ["running"], "a run that did not begin is no run, and no success"
        work.may_end.set()
        winner.result(20)

    assert isinstance(deliver(loser, work), Skipped)
    assert work.done == 1
    assert statuses(conn) == ["succeeded", "skipped"]


def test_many_deliveries_at_once_run_once(sandbox: Sandbox, work: Work, conn: psycopg.Connection) -> None:
    sandboxes = [sandbox() for _ in range(6)]
    start = threading.Barrier(len(sandboxes))

    def race(run: Run) -> bool:
        start.wait()
        try:
            deliver(run, work)
        except SlotBusy:
            return False
        return True

    with ThreadPoolExecutor(len(sandboxes)) as pool:
        list(pool.map(race, sandboxes))

    assert work.done == 1
    assert statuses(conn).count("succeeded") == 1
    assert set(statuses(conn)) <= {"succeeded", "skipped"}


def test_a_slot_that_was_done_between_the_look_and_the_lock_is_not_done_again(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    conn.execute(DONE_MEANWHILE.encode())

    assert isinstance(deliver(sandbox(), work), Skipped)

    assert work.done == 0
    assert statuses(conn) == ["succeeded", "skipped"]


def test_a_failed_run_is_recorded_and_its_retry_runs(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    """A failed task once kept its lock: the platform's retry was "skipped" and looked well."""
    work.error = OSError("no\0answer")
    with pytest.raises(OSError, match="answer"):
        deliver(sandbox(), work)

    work.error = None
    assert deliver(sandbox(), work) == Counted()

    failed, succeeded = runs(conn)
    assert (failed.status, failed.rows_affected) == ("failed", 0)
    assert failed.error_text == "OSError: no\N{REPLACEMENT CHARACTER}answer"
    assert failed.completed_at is not None
    assert succeeded.status == "succeeded"


def test_the_error_of_a_run_is_kept_short(sandbox: Sandbox, work: Work, conn: psycopg.Connection) -> None:
    work.error = ValueError("x" * 10_000)
    with pytest.raises(ValueError, match="x"):
        deliver(sandbox(), work)

    [failed] = runs(conn)
    assert failed.error_text is not None and len(failed.error_text) == 2000


def test_a_dead_runs_slot_runs_again_once_its_lock_is_over(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    work.error = SystemExit()  # what ends a process is no failure that could be recorded
    with pytest.raises(SystemExit):
        deliver(sandbox(), work)
    conn.execute(
        "INSERT INTO job_locks (id, worker_id, fencing_token, expires_at) "
        "SELECT job_name || ':' || slot, 'dead', fencing_token, now() + interval '1 minute' FROM job_runs"
    )
    work.error = None
    with pytest.raises(SlotBusy):
        deliver(sandbox(), work)
    assert statuses(conn) == ["running"]

    let_lock_expire(conn, f"{JOB}:2026-01-01T12:00Z")
    deliver(sandbox(), work)

    assert statuses(conn) == ["crashed", "succeeded"]


def test_a_backfill_of_yesterday_runs_while_todays_slot_is_done(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    now = database_time(conn)
    deliver(sandbox(), work, now)
    deliver(sandbox(), work, None, reference_time=now - timedelta(days=1))
    assert work.done == 2

    assert isinstance(deliver(sandbox(), work, now), Skipped)
    assert isinstance(deliver(sandbox(), work, None, reference_time=now - timedelta(days=1)), Skipped)
    assert [(run.status, run.trigger, run.reference_time) for run in runs(conn)[:2]] == [
        ("succeeded", "schedule", None),
        ("succeeded", "manual", now - timedelta(days=1)),
    ]


def test_force_runs_a_slot_that_is_done(sandbox: Sandbox, work: Work, conn: psycopg.Connection) -> None:
    deliver(sandbox(), work)
    deliver(sandbox(), work, force=True, by_operator=True)

    assert work.done == 2
    assert [run.trigger for run in runs(conn)] == ["schedule", "operator"]
    assert statuses(conn) == ["succeeded", "succeeded"]
    assert isinstance(deliver(sandbox(), work), Skipped)


def test_force_does_not_break_into_a_run_that_goes_on(sandbox: Sandbox, work: Work) -> None:
    work.may_end.clear()
    with ThreadPoolExecutor(1) as pool:
        going_on = pool.submit(deliver, sandbox(), work)
        assert work.begun.wait(20)
        with pytest.raises(SlotBusy):
            deliver(sandbox(), work, force=True)
        work.may_end.set()
        going_on.result(20)


def test_two_runs_by_hand_without_a_time_are_two(sandbox: Sandbox, work: Work) -> None:
    deliver(sandbox(), work, None)
    deliver(sandbox(), work, None)

    assert work.done == 2


@pytest.mark.parametrize(
    ("name", "ahead"), [("reference_time", timedelta(minutes=1)), ("scheduled_time", timedelta(hours=4))]
)
def test_a_time_to_come_is_refused(
    name: str, ahead: timedelta, sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    """A future slot, done by hand, would make the real run of that slot a skipped one."""
    times: dict[str, Any] = {"scheduled_time": None, name: database_time(conn) + ahead}
    with pytest.raises(EventInvalid, match=f"{name} .* is in the future"):
        run_in_slot(JOB, f"task:{JOB}", ScheduledEvent(**times), sandbox(), work)
    assert work.done == 0


def test_a_scheduler_whose_clock_is_an_hour_ahead_still_gets_its_run(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    deliver(sandbox(), work, database_time(conn) + timedelta(hours=1))

    assert work.done == 1


def test_a_paused_task_is_skipped_with_the_reason_and_runs_when_the_pause_is_over(
    sandbox: Sandbox, work: Work, conn: psycopg.Connection
) -> None:
    conn.execute("INSERT INTO pauses (name, reason) VALUES ('task:' || %s, 'flood')", (JOB,))
    assert deliver(sandbox(), work) == Skipped(skipped="paused: flood")
    assert work.done == 0

    conn.execute("UPDATE pauses SET paused_at = now() - interval '1 h', resumes_at = now() - interval '1 s'")
    deliver(sandbox(), work)  # the same slot: a pause did not make it done

    assert work.done == 1
    assert [(run.status, run.error_text) for run in runs(conn)] == [
        ("skipped", "paused: flood"),
        ("succeeded", None),
    ]

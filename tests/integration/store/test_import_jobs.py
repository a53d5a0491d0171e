from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gaugehouse.domain.errors import LockLost
from gaugehouse.domain.import_jobs import FOPR, ImportRequest, JobStatus
from gaugehouse.domain.locks import Lock, import_lock
from gaugehouse.services.fail_import import fail_dead_workers
from gaugehouse.store import claimed_imports, dead_workers, import_jobs, locks, publication
from tests.conftest import Connect
from tests.integration.store.ledger import claimed, job_row, let_lock_expire, make_due, wish

DELAY = 300.0


def due_subjects(conn: psycopg.Connection) -> list[str]:
    return [job.request.subject for job in publication.take_due(conn, max_in_flight=100)]


def test_discovery_changes_nothing_that_exists(conn: psycopg.Connection) -> None:
    assert import_jobs.create_missing(conn, [wish("1000"), wish("1001")], source="discovery") == 2
    conn.execute("UPDATE import_jobs SET priority = 7")

    assert import_jobs.create_missing(conn, [wish("1000"), wish("1002")], source="discovery") == 1

    assert job_row(conn, "1000")["priority"] == 7


def test_asking_again_for_a_pending_job_raises_its_priority_only(conn: psycopg.Connection) -> None:
    import_jobs.request(conn, wish(), source="discovery", priority=10)
    assert import_jobs.request(conn, wish(), source="refresh", priority=0) is JobStatus.PENDING
    assert job_row(conn)["priority"] == 10
    import_jobs.request(conn, wish(), source="operator", priority=20)
    assert job_row(conn)["priority"] == 20


@pytest.mark.parametrize("ending", ["completed", "failed"])
def test_asking_again_for_a_finished_job_starts_over(ending: str, conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    if ending == "completed":
        claimed_imports.complete(conn, job, lock, import_stats={"total_rows": 1})
    else:
        claimed_imports.fail(conn, job, lock, error="E: gone", delay_seconds=None)

    assert import_jobs.request(conn, wish(), source="operator", priority=10) is JobStatus.PENDING

    row = job_row(conn)
    assert (row["retry_count"], row["error_message"], row["priority"]) == (0, None, 10)
    assert (row["published_at"], row["next_retry_at"], row["completed_at"]) == (None, None, None)
    assert (row["last_completed_at"] is not None) == (ending == "completed")


def test_asking_again_while_in_progress_runs_once_more_afterwards(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    assert import_jobs.request(conn, wish(), source="operator", priority=10) is JobStatus.IN_PROGRESS

    claimed_imports.complete(conn, job, lock, import_stats={})

    row = job_row(conn)
    assert (row["status"], row["rerun_requested"], row["published_at"]) == ("pending", False, None)
    assert due_subjects(conn) == ["59700"]


def test_a_rerun_asked_for_during_the_last_attempt_starts_over(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    import_jobs.request(conn, wish(), source="operator", priority=10)

    claimed_imports.fail(conn, job, lock, error="E: final", delay_seconds=None)

    row = job_row(conn)
    assert (row["status"], row["retry_count"], row["rerun_requested"]) == ("pending", 0, False)
    assert row["error_message"] == "E: final"


def test_a_failed_job_waits_then_is_due_then_final(conn: psycopg.Connection) -> None:
    import_jobs.create_missing(conn, [wish()], source="discovery")
    lock = locks.acquire(conn, import_lock("fopr", "59700"), worker_id="w", ttl_seconds=60)
    assert lock is not None
    for attempt, delay in enumerate((300.0, 900.0, 2700.0, None), start=1):
        job = claimed_imports.claim(conn, wish(), lock)
        assert job is not None and job.attempt == attempt
        claimed_imports.fail(conn, job, lock, error=f"E: try {attempt}", delay_seconds=delay)
        row = job_row(conn)
        assert row["status"] == "failed"
        assert claimed_imports.claim(conn, wish(), lock) is None, "not due yet, or final"
        if delay is not None:
            wait = row["next_retry_at"] - datetime.now(UTC)
            assert timedelta(seconds=delay - 10) < wait <= timedelta(seconds=delay * 1.2 + 1)
            make_due(conn)

    assert (row["retry_count"], row["next_retry_at"], row["error_message"]) == (3, None, "E: try 4")
    assert row["completed_at"] is not None
    history = row["error_history"]["errors"]
    assert [(error["attempt"], error["error"]) for error in history] == [
        (1, "E: try 1"),
        (2, "E: try 2"),
        (3, "E: try 3"),
        (4, "E: try 4"),
    ]
    assert all(datetime.fromisoformat(error["timestamp"]).tzinfo for error in history)


def test_retries_carry_jitter(conn: psycopg.Connection) -> None:
    """Jobs that failed together must not all come back together."""
    waits = set()
    for number in range(20):
        job, lock = claimed(conn, f"{1000 + number}")
        claimed_imports.fail(conn, job, lock, error="E", delay_seconds=DELAY)
        waits.add(round((job_row(conn, job.subject)["next_retry_at"] - datetime.now(UTC)).total_seconds()))

    assert len(waits) > 5
    assert min(waits) >= DELAY - 5
    assert max(waits) <= DELAY * 1.2 + 1


def test_deferring_counts_no_attempt(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)

    assert claimed_imports.defer(conn, job, lock, reason="mcfcd may be asked again in 60 s", delay_seconds=60)

    row = job_row(conn)
    assert (row["status"], row["retry_count"], row["error_history"]) == ("failed", 0, {"errors": []})
    assert row["next_retry_at"] is not None


def test_a_worker_that_lost_its_job_changes_nothing(conn: psycopg.Connection) -> None:
    job, _ = claimed(conn)
    stale = Lock(id=import_lock("fopr", "59700"), worker_id="old", fencing_token=0)

    with pytest.raises(LockLost):
        claimed_imports.complete(conn, job, stale, import_stats={})
    assert claimed_imports.fail(conn, job, stale, error="E", delay_seconds=None) is False
    assert claimed_imports.defer(conn, job, stale, reason="r", delay_seconds=1) is False
    assert job_row(conn)["status"] == "in_progress"


def test_only_jobs_of_dead_workers_are_found(conn: psycopg.Connection) -> None:
    _, living = claimed(conn, "1000")
    _, dead = claimed(conn, "1001")
    _, released = claimed(conn, "1002")
    let_lock_expire(conn, dead.id)
    locks.release(conn, released)

    with conn.transaction():
        found = dead_workers.jobs_of_dead_workers(conn)
    assert {job.subject for job, _ in found} == {"1001", "1002"}

    locks.acquire(conn, dead.id, worker_id="another", ttl_seconds=60)
    with conn.transaction():
        only = dead_workers.jobs_of_dead_workers(conn, kind="fopr", subject="1001")
    assert [(job.subject, lock.fencing_token) for job, lock in only] == [("1001", dead.fencing_token)]
    assert living.fencing_token > 0


def test_a_job_that_is_being_committed_is_passed_over(open_connection: Connect) -> None:
    worker, sweep = open_connection(), open_connection()
    job, lock = claimed(worker)
    with worker.transaction():
        claimed_imports.complete(worker, job, lock, import_stats={})
        let_lock_expire(sweep, lock.id)
        with sweep.transaction():
            assert dead_workers.jobs_of_dead_workers(sweep) == []


def test_old_summaries_still_load(conn: psycopg.Connection) -> None:
    """A summary stored before a field existed, or by a release that knew more."""
    conn.execute(
        "INSERT INTO import_jobs (subject, gauge_summary) VALUES "
        """('59700', '{"station_id": "59700", "gauge_name": "Aztec Park", "dropped_since": 1}')"""
    )
    lock = locks.acquire(conn, "x", worker_id="w", ttl_seconds=60)
    assert lock is not None

    job = claimed_imports.claim(conn, ImportRequest(kind=FOPR, subject="59700"), lock)

    assert job is not None and job.gauge_summary is not None
    assert job.gauge_summary.gauge_name == "Aztec Park"
    assert job.gauge_summary.rainfall_past_24h_inches is None


def test_a_job_in_progress_without_an_owner_is_impossible(conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute("INSERT INTO import_jobs (subject, status) VALUES ('59700', 'in_progress')")


def test_only_a_failed_job_can_wait(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    claimed_imports.complete(conn, job, lock, import_stats={})
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute("UPDATE import_jobs SET next_retry_at = now()")


@pytest.mark.parametrize("history", ["{}", "[]", '{"errors": 7}'])
def test_a_history_that_somebody_cleared_by_hand_is_begun_anew(
    history: str, conn: psycopg.Connection
) -> None:
    job, lock = claimed(conn)
    conn.execute("UPDATE import_jobs SET error_history = %s", (history,))

    assert claimed_imports.fail(conn, job, lock, error="E: boom", delay_seconds=300)

    (error,) = job_row(conn)["error_history"]["errors"]
    assert (error["attempt"], error["error"]) == (1, "E: boom")


def test_attempts_are_numbered_through_and_the_newest_fifty_kept(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    for number in range(60):
        claimed_imports.fail(conn, job, lock, error=f"E {number}", delay_seconds=0)
        import_jobs.request(conn, wish(), source="operator", priority=10)
        claimed_imports.claim(conn, wish(), lock)

    errors = job_row(conn)["error_history"]["errors"]
    assert [error["attempt"] for error in errors] == list(range(11, 61))


def test_an_operators_update_while_a_worker_has_the_job_does_not_throw_its_work_away(
    conn: psycopg.Connection,
) -> None:
    job, lock = claimed(conn)
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending', retry_count = 0, error_message = NULL")
    assert (job_row(conn)["status"], job_row(conn)["rerun_requested"]) == ("in_progress", True)

    claimed_imports.complete(conn, job, lock, import_stats={"total_rows": 1})

    row = job_row(conn)
    assert (row["status"], row["rerun_requested"]) == ("pending", False)
    assert row["import_stats"] == {"total_rows": 1}
    assert due_subjects(conn) == ["59700"]


def test_a_job_of_a_dead_worker_that_was_asked_for_again_runs_at_once(conn: psycopg.Connection) -> None:
    _, lock = claimed(conn)
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")
    locks.release(conn, lock)

    assert fail_dead_workers(conn=conn, retry_delays=(300.0,)) == 1

    assert due_subjects(conn) == ["59700"]


@pytest.mark.parametrize(
    "summary",
    [
        '{"gauge_name": "x"}',
        '{"station_id": "59700", "gauge_name": 5}',
        '{"station_id": "59700", "gauge_name": "x", "observed_at": "yesterday"}',
        '{"station_id": "59700", "gauge_name": "x", "observed_at": "2025-12-31T14:18:00"}',
        '{"station_id": "59700", "gauge_name": "x", "rainfall_past_6h_inches": "much"}',
    ],
)
def test_a_summary_that_is_none_stops_neither_publication_nor_claim(
    summary: str, conn: psycopg.Connection
) -> None:
    conn.execute("INSERT INTO import_jobs (subject, gauge_summary) VALUES ('59700', %s)", (summary,))
    import_jobs.create_missing(conn, [wish("1000")], source="discovery")

    assert due_subjects(conn) == ["59700", "1000"]
    lock = locks.acquire(conn, "x", worker_id="w", ttl_seconds=60)
    assert lock is not None
    job = claimed_imports.claim(conn, ImportRequest(kind=FOPR, subject="59700"), lock)
    assert job is not None and job.gauge_summary is None


@pytest.mark.parametrize(
    "values",
    ["(' 59701', NULL)", "('', NULL)", "('../59700', NULL)", "('59700', '[]')", "('59700', '7')"],
)
def test_a_row_that_could_never_be_sent_cannot_be_inserted(values: str, conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute(f"INSERT INTO import_jobs (subject, gauge_summary) VALUES {values}".encode())


def test_a_kind_that_has_no_importer_yet_is_not_sent(conn: psycopg.Connection) -> None:
    conn.execute("ALTER TABLE import_jobs DROP CONSTRAINT import_jobs_kind_check")  # as a newer release would
    conn.execute("INSERT INTO import_jobs (kind, subject) VALUES ('forecast', '2023')")
    import_jobs.create_missing(conn, [wish("1000")], source="discovery")

    assert due_subjects(conn) == ["1000"]

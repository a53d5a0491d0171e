"""What each task does to the database, through its handler."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.services.cleanup_rejects import BATCH_SIZE, cleanup_rejects
from gaugehouse.store.connection import database_time
from tests.conftest import Connect
from tests.integration.runtime.conftest import Handle
from tests.integration.store.history import runs
from tests.integration.store.ledger import job_row


def add_summary(conn: psycopg.Connection, station_id: str, observed_at: datetime) -> None:
    conn.execute(
        "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source) "
        "VALUES (%s, 'mcfcd', 'a', 'America/Phoenix', 'test')",
        (station_id,),
    )
    conn.execute(
        "INSERT INTO gauge_summaries (station_id, gauge_name, observed_at) VALUES (%s, 'a', %s)",
        (station_id, observed_at),
    )


def stale(conn: psycopg.Connection) -> list[str]:
    found = conn.execute("SELECT station_id FROM gauge_summaries WHERE is_stale ORDER BY station_id")
    return [station_id for (station_id,) in found]


def add_rejects(conn: psycopg.Connection, number: int, *, days_ago: float, source: str = "old") -> None:
    conn.execute(
        "INSERT INTO rejected_records (source, reason, fingerprint, detail, raw, last_seen_at) "
        "SELECT %s, 'r', n::text, 'd', 'raw', now() - make_interval(secs => %s) "
        "FROM generate_series(1, %s) AS n",
        (source, days_ago * 86_400, number),
    )


def rejects(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT count(*) FROM rejected_records").fetchone()
    assert row is not None
    return int(row[0])


def test_staleness_is_strictly_more_than_three_hours_before_the_reference_time(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    at = database_time(conn) - timedelta(days=2)
    add_summary(conn, "1000", at - timedelta(hours=3))
    add_summary(conn, "1001", at - timedelta(hours=3, microseconds=1))
    add_summary(conn, "1002", at + timedelta(hours=1))

    assert maintenance({"task": "check_staleness", "reference_time": at.isoformat()}) == {
        "turned_stale": 1,
        "turned_fresh": 0,
    }
    assert stale(conn) == ["1001"]
    assert runs(conn)[-1].reference_time == at


def test_staleness_is_taken_back_and_only_what_changes_is_written(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    now = database_time(conn)
    for hours, station_id in ((1, "1000"), (5, "1001"), (9, "1002")):
        add_summary(conn, station_id, now - timedelta(hours=hours))
    assert maintenance({"task": "check_staleness"})["turned_stale"] == 2
    versions = conn.execute("SELECT xmin FROM gauge_summaries ORDER BY station_id").fetchall()

    conn.execute("UPDATE gauge_summaries SET observed_at = now() WHERE station_id = '1001'")
    assert maintenance({"task": "check_staleness"}) == {"turned_stale": 0, "turned_fresh": 1}

    assert stale(conn) == ["1002"]
    again = conn.execute("SELECT xmin FROM gauge_summaries ORDER BY station_id").fetchall()
    assert [before == after for before, after in zip(versions, again, strict=True)] == [True, False, True]
    assert maintenance({"task": "check_staleness"}) == {"turned_stale": 0, "turned_fresh": 0}
    assert [run.rows_affected for run in runs(conn)] == [2, 1, 0]


def test_a_list_that_shows_the_gauge_again_makes_it_fresh(
    maintenance: Handle, poller: Handle, conn: psycopg.Connection
) -> None:
    poller({"source": "mcfcd_gauge_list"})
    listed = conn.execute("SELECT max(observed_at) FROM gauge_summaries").fetchone()
    assert listed is not None
    now = {"task": "check_staleness", "reference_time": (listed[0] + timedelta(hours=4)).isoformat()}
    then = {"task": "check_staleness", "reference_time": (listed[0] + timedelta(hours=1)).isoformat()}

    marked = maintenance(now)["turned_stale"]
    assert marked > 0
    assert maintenance(then)["turned_fresh"] == marked


def test_records_are_refreshed_when_they_are_older_than_30_days_before_the_reference_time(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    at = database_time(conn) - timedelta(days=10)
    jobs: list[tuple[str, str, Any, Any]] = [
        ("old", "completed", timedelta(days=30, seconds=1), None),
        ("kept", "completed", timedelta(days=30), None),
        ("missing", "failed", timedelta(days=31), None),
        ("waits", "failed", None, timedelta(days=11)),
    ]
    for subject, status, ended, retry in jobs:
        conn.execute(
            "INSERT INTO import_jobs (subject, status, priority, retry_count, completed_at, next_retry_at, "
            "error_message, created_at) VALUES (%s, %s, 10, 3, %s, %s, 'e', now() - interval '90 days')",
            (subject, status, ended and at - ended, retry and at + retry),
        )
    conn.execute("INSERT INTO import_jobs (subject, priority) VALUES ('open', 10)")

    summary = maintenance({"task": "refresh_gauge_records", "reference_time": at.isoformat()})

    assert summary == {"reopened": 2}
    assert runs(conn, "refresh_gauge_records")[-1].rows_affected == 2
    for subject in ("old", "missing"):
        job = job_row(conn, subject)
        assert (job["status"], job["priority"], job["source"]) == ("pending", -10, "refresh")
        assert (job["retry_count"], job["error_message"], job["completed_at"]) == (0, None, None)
    for subject in ("kept", "waits"):
        assert job_row(conn, subject)["status"] != "pending"
    assert job_row(conn, "open")["priority"] == 10


def test_rejects_not_seen_for_90_days_are_forgotten_in_batches(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    add_rejects(conn, BATCH_SIZE * 2 + 7, days_ago=90.01)
    add_rejects(conn, 3, days_ago=89.99, source="recent")

    summary = maintenance({"task": "cleanup_rejects"})

    assert summary == {"deleted": BATCH_SIZE * 2 + 7, "truncated": False}
    assert rejects(conn) == 3
    assert runs(conn, "cleanup_rejects")[-1].rows_affected == BATCH_SIZE * 2 + 7


@pytest.mark.parametrize("held", [1, BATCH_SIZE + 1])
def test_rows_that_cannot_be_deleted_neither_loop_nor_starve_the_others(
    held: int, maintenance: Handle, conn: psycopg.Connection, open_connection: Connect
) -> None:
    """A batch with one failing row once looped without end, or hid all rows behind it."""
    add_rejects(conn, held, days_ago=200, source="a_held")
    add_rejects(conn, BATCH_SIZE, days_ago=100, source="b_behind")
    with open_connection() as other, other.transaction():
        other.execute("SELECT 1 FROM rejected_records WHERE source = 'a_held' FOR UPDATE")

        assert maintenance({"task": "cleanup_rejects"}) == {"deleted": BATCH_SIZE, "truncated": False}

    assert rejects(conn) == held
    assert maintenance({"task": "cleanup_rejects"})["deleted"] == held


def test_when_time_is_up_the_batch_ends_and_the_next_run_goes_on(conn: psycopg.Connection) -> None:
    add_rejects(conn, BATCH_SIZE * 3, days_ago=100)
    answers = iter([False, False, True])

    summary = cleanup_rejects(conn=conn, time_is_up=lambda: next(answers))

    assert (summary.deleted, summary.truncated, summary.rows_affected) == (
        BATCH_SIZE * 2,
        True,
        BATCH_SIZE * 2,
    )
    assert rejects(conn) == BATCH_SIZE
    assert cleanup_rejects(conn=conn, time_is_up=lambda: False).deleted == BATCH_SIZE

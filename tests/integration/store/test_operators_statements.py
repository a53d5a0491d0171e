"""The statements that operators have used for years must work unchanged."""

from decimal import Decimal

import psycopg
import pytest

from gaugehouse.store import claimed_imports, import_jobs, locks, publication
from tests.integration.store.ledger import claimed, job_row, wish

PENDING = """
SELECT station_id, created_at, retry_count FROM fopr_import_jobs WHERE status = 'pending' ORDER BY priority DESC, created_at ASC;
"""
RESET = """
UPDATE fopr_import_jobs SET status = 'pending', retry_count = 0, error_message = NULL WHERE station_id = '59700';
"""
ATTEMPTS = """
SELECT station_id, retry_count, attempt->>'attempt' AS attempt_number, attempt->>'timestamp' AS error_time, attempt->>'error' AS error_message FROM fopr_import_jobs, jsonb_array_elements(error_history->'errors') AS attempt WHERE status = 'failed' ORDER BY station_id, (attempt->>'attempt')::int;
"""
ALWAYS_THE_SAME_ERROR = """
SELECT station_id, COUNT(*) FROM fopr_import_jobs, jsonb_array_elements(error_history->'errors') AS attempt WHERE status = 'failed' GROUP BY station_id HAVING COUNT(DISTINCT attempt->>'error') = 1;
"""
ERRORS_IN_ORDER = """
SELECT station_id, array_agg(attempt->>'error' ORDER BY (attempt->>'attempt')::int) FROM fopr_import_jobs, jsonb_array_elements(error_history->'errors') AS attempt WHERE status = 'failed' GROUP BY station_id ORDER BY station_id;
"""
RECENT = """
SELECT station_id, status, created_at, completed_at, import_stats FROM fopr_import_jobs ORDER BY completed_at DESC LIMIT 20;
"""
SUMMARIES = """
SELECT gauge_summary->>'gauge_name', gauge_summary->>'city_town', (gauge_summary->>'rainfall_past_24h_inches')::DECIMAL FROM fopr_import_jobs WHERE gauge_summary IS NOT NULL;
"""
WITHOUT_RECORD = """
SELECT station_id FROM gauges WHERE station_id NOT IN (SELECT station_id FROM fopr_import_jobs WHERE status = 'completed');
"""


@pytest.fixture(autouse=True)
def ledger(conn: psycopg.Connection) -> None:
    """59700 failed twice in different ways, 1000 twice in the same way, 1001 done, 1002 and 1003 pending."""
    for station_id, errors in {"59700": ["first", "second"], "1000": ["same", "same"]}.items():
        job, lock = claimed(conn, station_id)
        for error in errors:
            claimed_imports.fail(conn, job, lock, error=error, delay_seconds=0.0)
            claimed_imports.claim(conn, wish(station_id), lock)
        conn.execute("UPDATE import_jobs SET status = 'failed' WHERE subject = %s", (station_id,))
        locks.release(conn, lock)
    job, lock = claimed(conn, "1001")
    claimed_imports.complete(conn, job, lock, import_stats={"total_rows": 9707})
    import_jobs.create_missing(conn, [wish("1002")], source="discovery")
    import_jobs.request(
        conn,
        wish("1003", city_town="Cave Creek", rainfall_past_24h_inches=0.04),
        source="operator",
        priority=10,
    )
    for station_id in ("59700", "1000", "1001"):
        conn.execute(
            "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source) "
            "VALUES (%s, 'mcfcd', 'x', 'America/Phoenix', 'gauge_list')",
            (station_id,),
        )


def test_pending_by_priority_then_age(conn: psycopg.Connection) -> None:
    rows = conn.execute(PENDING.encode()).fetchall()

    assert [(row[0], row[2]) for row in rows] == [("1003", 0), ("1002", 0)]


def test_a_plain_update_to_pending_really_makes_the_job_run(conn: psycopg.Connection) -> None:
    conn.execute(
        "UPDATE import_jobs SET published_at = now(), next_retry_at = now() + interval '1 day' "
        "WHERE subject = '59700'"
    )

    assert conn.execute(RESET.encode()).rowcount == 1

    row = job_row(conn)
    assert (row["status"], row["published_at"], row["next_retry_at"]) == ("pending", None, None)
    due = [job.request.subject for job in publication.take_due(conn, max_in_flight=100)]
    assert "59700" in due
    lock = locks.acquire(conn, "x", worker_id="w", ttl_seconds=60)
    assert lock is not None
    assert claimed_imports.claim(conn, wish(), lock) is not None


def test_an_update_to_pending_of_a_job_whose_message_was_lost_sends_another(conn: psycopg.Connection) -> None:
    publication.take_due(conn, max_in_flight=100)
    assert publication.take_due(conn, max_in_flight=100) == []

    conn.execute("UPDATE fopr_import_jobs SET status = 'pending' WHERE station_id = '1002'")

    assert [job.request.subject for job in publication.take_due(conn, max_in_flight=100)] == ["1002"]


def test_every_attempt_with_its_error(conn: psycopg.Connection) -> None:
    rows = conn.execute(ATTEMPTS.encode()).fetchall()

    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("1000", "1", "same"),
        ("1000", "2", "same"),
        ("59700", "1", "first"),
        ("59700", "2", "second"),
    ]


def test_jobs_that_always_fail_alike(conn: psycopg.Connection) -> None:
    assert conn.execute(ALWAYS_THE_SAME_ERROR.encode()).fetchall() == [("1000", 2)]


def test_errors_in_order(conn: psycopg.Connection) -> None:
    assert conn.execute(ERRORS_IN_ORDER.encode()).fetchall() == [
        ("1000", ["same", "same"]),
        ("59700", ["first", "second"]),
    ]


def test_recent_imports(conn: psycopg.Connection) -> None:
    rows = {row[0]: row for row in conn.execute(RECENT.encode()).fetchall()}

    assert rows["1001"][1] == "completed"
    assert rows["1001"][4] == {"total_rows": 9707}
    assert rows["1001"][3] is not None


def test_summaries(conn: psycopg.Connection) -> None:
    rows = conn.execute(SUMMARIES.encode()).fetchall()

    assert ("Gauge 1003", "Cave Creek", Decimal("0.04")) in rows


def test_gauges_without_a_record(conn: psycopg.Connection) -> None:
    assert sorted(conn.execute(WITHOUT_RECORD.encode()).fetchall()) == [("1000",), ("59700",)]


def test_a_job_can_be_inserted_through_the_view(conn: psycopg.Connection) -> None:
    conn.execute("INSERT INTO fopr_import_jobs (station_id, priority) VALUES ('2000', 10)")

    row = job_row(conn, "2000")
    assert (row["kind"], row["status"], row["source"]) == ("fopr", "pending", "operator")

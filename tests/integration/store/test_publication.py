import json
from typing import Any

import psycopg
import pytest

from gaugehouse.store import claimed_imports, import_jobs, publication
from tests.integration.store.ledger import claimed, job_row, make_due, wish

# A season of history: what a publication must not have to read.
COMPLETED = """
INSERT INTO import_jobs (subject, status, completed_at, last_completed_at, created_at)
SELECT 'done-' || n, 'completed', now(), now(), now() - n * interval '1 min'
FROM generate_series(1, 20000) AS n
"""


def due(conn: psycopg.Connection, cap: int = 100) -> list[str]:
    return [job.request.subject for job in publication.take_due(conn, max_in_flight=cap)]


def create(conn: psycopg.Connection, *station_ids: str) -> None:
    for station_id in station_ids:  # one at a time, so that each is older than the next
        import_jobs.create_missing(conn, [wish(station_id)], source="discovery")


def test_by_priority_then_age(conn: psycopg.Connection) -> None:
    create(conn, "1000", "1001", "1002")
    import_jobs.request(conn, wish("1003"), source="operator", priority=10)

    assert due(conn) == ["1003", "1000", "1001", "1002"]


def test_the_message_carries_the_summary(conn: psycopg.Connection) -> None:
    import_jobs.create_missing(conn, [wish(city_town="Scottsdale")], source="discovery")

    (job,) = publication.take_due(conn, max_in_flight=1)

    assert job.request.gauge_summary is not None
    assert job.request.gauge_summary.city_town == "Scottsdale"


def test_the_cap_counts_messages_and_workers(conn: psycopg.Connection) -> None:
    claimed(conn, "999")
    create(conn, "1000", "1001", "1002", "1003")

    assert due(conn, cap=3) == ["1000", "1001"]
    assert due(conn, cap=3) == []
    assert due(conn, cap=4) == ["1002"]
    assert due(conn, cap=1) == [], "a cap lowered below what is in flight"


def test_a_waiting_job_takes_no_place_in_the_cap(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn, "999")
    claimed_imports.fail(conn, job, lock, error="E", delay_seconds=300)
    create(conn, "1000")

    assert due(conn, cap=1) == ["1000"]


def test_a_failed_job_is_published_when_its_time_has_come(conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    claimed_imports.fail(conn, job, lock, error="E", delay_seconds=300)
    assert due(conn) == []

    make_due(conn)
    assert due(conn) == ["59700"]
    assert due(conn) == [], "its message is under way"


@pytest.mark.parametrize("state", ["completed", "failed"])
def test_a_finished_job_is_never_published(state: str, conn: psycopg.Connection) -> None:
    job, lock = claimed(conn)
    if state == "completed":
        claimed_imports.complete(conn, job, lock, import_stats={})
    else:
        claimed_imports.fail(conn, job, lock, error="E", delay_seconds=None)

    assert due(conn) == []


def test_a_message_lost_long_ago_is_sent_again(conn: psycopg.Connection) -> None:
    create(conn, "1000")
    due(conn)
    conn.execute("UPDATE import_jobs SET published_at = now() - interval '44 min'")
    assert due(conn) == []

    conn.execute("UPDATE import_jobs SET published_at = now() - interval '46 min'")
    assert due(conn) == ["1000"]


def test_unpublish_makes_due_again(conn: psycopg.Connection) -> None:
    create(conn, "1000", "1001")
    jobs = publication.take_due(conn, max_in_flight=10)

    publication.unpublish(conn, [jobs[1].id])

    assert due(conn) == ["1001"]
    assert job_row(conn, "1000")["published_at"] is not None


def test_publication_reads_open_jobs_only(conn: psycopg.Connection) -> None:
    conn.execute(COMPLETED)
    create(conn, *(f"{number}" for number in range(1000, 1010)))
    conn.execute("ANALYZE import_jobs")

    plan = conn.execute(
        "EXPLAIN (FORMAT JSON) " + publication.TAKE_DUE,
        {"max_in_flight": 10, "expires": publication.PUBLICATION_EXPIRES, "kinds": ["fopr"]},
    ).fetchone()
    assert plan is not None
    scans = [node for node in nodes(plan[0][0]["Plan"]) if node.get("Relation Name") == "import_jobs"]

    assert scans, json.dumps(plan[0])
    assert not [node for node in scans if node["Node Type"] == "Seq Scan"], json.dumps(plan[0], indent=1)
    assert any("import_jobs_open" in json.dumps(node) for node in scans)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The plan and everything below it."""
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]

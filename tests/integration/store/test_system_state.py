"""The one row that counts: each exact column against a count of its own over a house with everything."""

from dataclasses import fields
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.system_state import SystemState
from gaugehouse.store.system_state import get_system_state
from tests.integration.store.history import add_run
from tests.integration.store.rain_house import RAIN, RAIN_COUNTS
from tests.integration.store.records import add_gauge
from tests.integration.store.stream_house import STREAM_COUNTS, STREAMS

JOBS = """
INSERT INTO import_jobs (subject, status, next_retry_at, completed_at, created_at, first_completed_at,
    due_since, worker_id, fencing_token)
SELECT n::text, status, now() + retry, now() - ended, now() - interval '20 days',
    now() - interval '20 days' + first, now() - interval '9 days', 'w', n
FROM (VALUES
    (1, 'completed', NULL::interval, interval '1 day', interval '15 days'),
    (2, 'completed', NULL, interval '2 days', interval '16 days'),
    (3, 'completed', NULL, interval '3 days', interval '19 days'),
    (4, 'completed', NULL, interval '8 days', interval '1 hour'),  -- neither ended nor came first this week
    (5, 'failed', NULL, interval '1 day', NULL),
    (6, 'failed', NULL, interval '8 days', NULL),
    (7, 'failed', interval '1 hour', NULL, NULL),
    (8, 'failed', interval '-20 minutes', NULL, NULL),  -- due again since then
    (9, 'in_progress', NULL, NULL, NULL),
    (10, 'in_progress', NULL, NULL, NULL)
) AS job (n, status, retry, ended, first)
"""
OTHERS = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    VALUES ('09512500', 'usgs', 'Agua Fria', 'America/Phoenix', 'test');
INSERT INTO gauge_summaries (station_id, gauge_name, observed_at, is_stale) VALUES
    ('1000', 'a', now(), true), ('1001', 'b', now(), true), ('1002', 'c', now(), false);
INSERT INTO rejected_records (source, reason, fingerprint, detail, raw)
    SELECT 'mcfcd_gauge_list', 'no_id', n::text, 'x', 'x' FROM generate_series(1, 4) AS n;
INSERT INTO data_gaps (station_id, parameter_code, source, gap_start, cause, missing_days)
    SELECT '1000', '00045', 'fopr', now() - n * interval '1 d', 'Battery', 1 FROM generate_series(1, 5) AS n;
INSERT INTO source_documents (source, subject, sha256, s3_key, url, size_bytes, parser_version, outcome)
    SELECT 'fopr', n::text, sha, 'key', 'url', 1, 1, 'invalid'
    FROM generate_series(1, 3) AS n, encode(sha256(n::text::bytea), 'hex') AS sha;
INSERT INTO pauses (name, reason, paused_at, resumes_at) VALUES
    ('imports', 'x', now(), NULL), ('task:migrate', 'x', now(), now() + interval '1 h'),
    ('source:usgs', 'over', now() - interval '2 h', now() - interval '1 h');
"""
COUNTS: dict[str, tuple[str, Any]] = {
    "gauges": ("SELECT count(*) FROM gauges", 4),
    "gauges_by_network": (
        "SELECT json_object_agg(network, n) FROM (SELECT network, count(*) n FROM gauges GROUP BY 1) AS each",
        {"mcfcd": 3, "usgs": 1},
    ),
    "gauges_with_record": (  # rain, a live reading, or daily values
        "SELECT count(*) FROM (SELECT station_id FROM rain_readings UNION VALUES ('1001')) AS measured",
        3,
    ),
    "gauges_without_record": ("SELECT count(*) FROM gauges WHERE station_id = '1002'", 1),
    "import_jobs_pending": ("SELECT count(*) FROM import_jobs WHERE status = 'pending'", 1),
    "import_jobs_in_progress": ("SELECT count(*) FROM import_jobs WHERE status = 'in_progress'", 2),
    "import_jobs_completed": ("SELECT count(*) FROM import_jobs WHERE status = 'completed'", 4),
    "import_jobs_waiting": ("SELECT count(next_retry_at) FROM import_jobs WHERE status = 'failed'", 2),
    "import_jobs_failed": (
        "SELECT count(*) - count(next_retry_at) FROM import_jobs WHERE status = 'failed'",
        2,
    ),
    "share_succeeded_7d": ("SELECT 3.0::float8 / (3 + 1)", 0.75),
    "median_seconds_to_record": ("SELECT extract(epoch FROM interval '16 days')::float8", 16 * 86_400.0),
    "documents": ("SELECT count(*) FROM source_documents", 3),
    "readings_estimate": ("SELECT count(*) FROM rain_readings", 5),
    "gaps": ("SELECT count(*) FROM data_gaps", 5),
    "rejects": ("SELECT count(*) FROM rejected_records", 4),
    "stale_summaries": ("SELECT count(*) FROM gauge_summaries WHERE is_stale", 2),
    "pauses": ("SELECT count(*) FROM pauses WHERE coalesce(resumes_at, 'infinity') > now()", 2),
    "runs_failed_24h": (
        "SELECT count(*) FROM job_runs WHERE status ~ 'failed|crashed' AND now() - started_at < '1 day'",
        3,
    ),
    **STREAM_COUNTS,
    **RAIN_COUNTS,
}


class CountingCursor(psycopg.Cursor[Any]):
    """Remembers what it was asked to execute."""

    statements: list[Any] = []  # noqa: RUF012 - one list for all cursors of the test

    def execute(self, query: Any, *arguments: Any, **options: Any) -> "CountingCursor":
        self.statements.append(query)
        return super().execute(query, *arguments, **options)


@pytest.fixture
def house(conn: psycopg.Connection) -> psycopg.Connection:
    """A database with some of everything that is counted, in every state that is told apart."""
    for station_id in ("1000", "1001", "1002"):
        add_gauge(conn, station_id)
    conn.execute(JOBS.encode())
    conn.execute("INSERT INTO import_jobs (subject) VALUES ('11')")
    conn.execute("UPDATE import_jobs SET due_since = now() - interval '10 minutes' WHERE subject = '11'")
    conn.execute(OTHERS.encode())
    conn.execute(STREAMS.encode())
    conn.execute(RAIN.encode())
    conn.execute(
        "INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, quality, data_source, "
        "document_date) SELECT station_id, date '2024-01-01' + n, 0.5, 'measured', 'fopr', '2024-02-01' "
        "FROM (VALUES ('1000', 1), ('1000', 2), ('1000', 3), ('09512500', 1), ('09512500', 2)) "
        "AS measured (station_id, n)"
    )
    for status, ago in [
        ("failed", "1 hour"),
        ("failed", "23 hours"),
        ("crashed", "2 hours"),
        ("failed", "25 hours"),
        ("succeeded", "1 hour"),
        ("skipped", "1 minute"),
    ]:
        add_run(conn, status, ago=ago)
    conn.execute("ANALYZE rain_readings")
    return conn


@pytest.mark.parametrize("column", COUNTS)
def test_each_column_is_what_an_independent_count_gives(column: str, house: psycopg.Connection) -> None:
    statement, expected = COUNTS[column]

    counted = house.execute(statement.encode()).fetchone()

    assert counted == (expected,)
    assert getattr(get_system_state(house), column) == expected


def test_every_column_is_tried() -> None:
    assert {field.name for field in fields(SystemState)} == {
        *COUNTS,
        "oldest_due_seconds",
        "next_retry_seconds",
        "newest_reading_seconds",
        "newest_rain_seconds",
    }


@pytest.mark.parametrize(
    ("change", "seconds"),
    [
        ("SELECT 1", 1200),  # the retry that is due since 20 minutes
        ("DELETE FROM import_jobs WHERE subject = '8'", 600),  # the job that is pending since 10
        ("DELETE FROM import_jobs WHERE subject IN ('8', '11')", 0),  # what waits or is at work is not due
        ("UPDATE import_jobs SET status = 'pending' WHERE subject = '4'", 1200),  # due since just now
        ("UPDATE import_jobs SET published_at = now()", 1200),  # a message is not yet an import
    ],
)
def test_the_oldest_due_job_is_the_one_that_waits_longest(
    change: str, seconds: float, house: psycopg.Connection
) -> None:
    house.execute(change.encode())

    assert get_system_state(house).oldest_due_seconds == pytest.approx(seconds, abs=5)


def test_an_empty_house_counts_nothing_and_knows_no_median(conn: psycopg.Connection) -> None:
    state = get_system_state(conn)

    assert (state.median_seconds_to_record, state.share_succeeded_7d) == (None, None)
    assert (state.next_retry_seconds, state.newest_reading_seconds) == (None, None)
    assert state.newest_rain_seconds is None
    assert state.gauges_by_network == {}
    others = {field.name for field in fields(state)} - {
        "median_seconds_to_record",
        "share_succeeded_7d",
        "next_retry_seconds",
        "newest_reading_seconds",
        "newest_rain_seconds",
        "gauges_by_network",
    }
    assert {name: getattr(state, name) for name in others} == dict.fromkeys(others, 0)


def test_it_is_one_statement(house: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    house.cursor_factory = CountingCursor
    monkeypatch.setattr(CountingCursor, "statements", [])

    get_system_state(house)

    assert CountingCursor.statements == ["SELECT * FROM system_state"]


def test_the_next_retry_is_the_first_that_comes(house: psycopg.Connection) -> None:
    house.execute(
        "UPDATE import_jobs SET next_retry_at = now() + interval '1 hour' WHERE next_retry_at IS NOT NULL"
    )
    house.execute(
        "UPDATE import_jobs SET next_retry_at = now() + interval '5 minutes' WHERE id = "
        "(SELECT min(id) FROM import_jobs WHERE next_retry_at IS NOT NULL)"
    )
    assert get_system_state(house).next_retry_seconds == pytest.approx(300, abs=5)

    house.execute("UPDATE import_jobs SET next_retry_at = NULL")
    assert get_system_state(house).next_retry_seconds is None


def test_the_newest_reading_is_that_of_the_polled_series(house: psycopg.Connection) -> None:
    assert get_system_state(house).newest_reading_seconds == pytest.approx(600, abs=5)

    house.execute("UPDATE poll_targets SET active = false")
    assert get_system_state(house).newest_reading_seconds is None


def test_the_newest_rain_is_that_of_the_report_and_the_watched_counters(house: psycopg.Connection) -> None:
    assert get_system_state(house).newest_rain_seconds == pytest.approx(60, abs=5)

    house.execute("UPDATE poll_targets SET active = false WHERE source = 'mcfcd_tips'")
    assert get_system_state(house).newest_rain_seconds == pytest.approx(180, abs=5)


@pytest.mark.parametrize(
    ("stored", "recorded"),
    [
        ("SELECT 1", 3),
        ("DELETE FROM daily_values", 2),
        ("UPDATE series SET station_id = '1002' WHERE series_id = 1", 4),  # only a live reading
        ("DELETE FROM rain_readings", 3),  # 09512500 and 1000 have live readings, 1001 daily values
    ],
)
def test_a_gauge_has_a_record_when_anything_of_it_is_stored(
    stored: str, recorded: int, house: psycopg.Connection
) -> None:
    house.execute(stored.encode())

    state = get_system_state(house)

    assert (state.gauges_with_record, state.gauges_without_record) == (recorded, 4 - recorded)

"""The sandbox's own clock is wrong by up to a day, and nothing is different: PostgreSQL's is the only one.

Each test tells one story and is run under each wrong clock.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import psycopg
import pytest
import time_machine

from gaugehouse.domain.errors import EventInvalid, SlotBusy
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.sources.http_transport import retry_after_seconds
from gaugehouse.store import publication
from gaugehouse.store.connection import database_time
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import message
from tests.integration.runtime.conftest import Handle
from tests.integration.runtime.test_tasks import add_rejects, add_summary, rejects, stale
from tests.integration.store.history import JOB, add_run, runs, statuses
from tests.integration.store.ledger import job_row

WRONG = {"a day behind": -24, "an hour behind": -1, "an hour ahead": 1, "a day ahead": 24}


@pytest.fixture(params=list(WRONG.values()), ids=list(WRONG), autouse=True)
def wrong_clock(
    request: pytest.FixtureRequest, maintenance: Handle, conn: psycopg.Connection
) -> Iterator[None]:
    """This process, and so the handler in it, lives in another hour than the database."""
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=request.param), tick=True):
        difference = datetime.now(UTC) - database_time(conn)
        assert abs(difference - timedelta(hours=request.param)) < timedelta(minutes=1)
        yield


def test_business_windows_end_at_the_databases_now(maintenance: Handle, conn: psycopg.Connection) -> None:
    now = database_time(conn)
    add_summary(conn, "1000", now - timedelta(hours=2, minutes=55))
    add_summary(conn, "1001", now - timedelta(hours=3, minutes=5))
    for subject, minutes in (("old", 30), ("kept", -30)):
        conn.execute(
            "INSERT INTO import_jobs (subject, status, completed_at) VALUES (%s, 'completed', %s)",
            (subject, now - timedelta(days=30, minutes=minutes)),
        )

    assert maintenance({"task": "check_staleness"})["turned_stale"] == 1
    assert maintenance({"task": "refresh_gauge_records"})["reopened"] == 1

    assert stale(conn) == ["1001"]
    assert (job_row(conn, "old")["status"], job_row(conn, "kept")["status"]) == ("pending", "completed")


def test_a_reference_time_is_taken_at_its_word_and_the_future_begins_at_the_databases_now(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    now = database_time(conn)
    add_summary(conn, "1000", now - timedelta(hours=4))
    past, to_come = now - timedelta(minutes=90), now + timedelta(minutes=10)

    assert maintenance({"task": JOB, "reference_time": past.isoformat()})["turned_stale"] == 0
    with pytest.raises(EventInvalid, match="in the future"):
        maintenance({"task": JOB, "reference_time": to_come.isoformat()})

    [done, refused] = runs(conn)
    assert (done.status, done.reference_time, refused.status) == ("succeeded", past, "failed")
    assert abs(done.started_at - now) < timedelta(minutes=1)


def test_a_poll_is_not_done_for_a_time_to_come(poller: Handle, conn: psycopg.Connection) -> None:
    """Later polls would find every site polled, and nothing due."""
    now = database_time(conn)

    def poll(ahead: timedelta) -> dict[str, object]:
        return poller({"source": "usgs", "scheduled_time": (now + ahead).isoformat()})

    assert poll(timedelta(minutes=14))["sites"] == 0
    with pytest.raises(EventInvalid, match="in the future"):
        poll(timedelta(minutes=20))


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
def test_locks_and_slots_live_by_the_database(maintenance: Handle, conn: psycopg.Connection) -> None:
    event = {"task": JOB, "scheduled_time": "2026-01-01T12:00:00Z"}
    conn.execute(
        "INSERT INTO job_locks (id, worker_id, expires_at) "
        "VALUES (%s, 'other', now() + interval '10 minutes')",
        (f"{JOB}:2026-01-01T12:00Z",),
    )
    with pytest.raises(SlotBusy):
        maintenance(event)
    conn.execute(
        "UPDATE job_locks SET locked_at = now() - interval '2 s', expires_at = now() - interval '1 s'"
    )
    maintenance(event)
    assert "skipped" in maintenance(event)
    assert [run.slot for run in runs(conn)] == ["2026-01-01T12:00Z"] * 2

    conn.execute(
        "CREATE FUNCTION keep_lock() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
        "CREATE TRIGGER keep_lock BEFORE DELETE ON job_locks FOR EACH ROW EXECUTE FUNCTION keep_lock()"
    )
    maintenance({"task": JOB})
    left = conn.execute(
        "SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 FROM job_locks "
        "WHERE id LIKE %s AND id NOT LIKE '%%12:00Z'",
        (f"{JOB}:%",),
    ).fetchone()
    assert left is not None
    assert 300 < left[0] <= 330, "longer than the invocation can last, by the margin"


def test_what_has_crashed_and_what_is_kept_is_the_databases_to_say(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    conn.execute(
        "INSERT INTO job_locks (id, worker_id, fencing_token, expires_at) "
        "VALUES ('job:alive', 'w', 1, now() + interval '10 minutes')"
    )
    add_run(conn, "running", ago="110 minutes", slot="alive", job="job")
    conn.execute("UPDATE job_runs SET fencing_token = 1")
    add_run(conn, "succeeded", ago="29 days 13 hours", job="kept")
    add_run(conn, "succeeded", ago="30 days 1 hour", job="kept")
    add_run(conn, "succeeded", ago="1 hour", job="kept")
    add_rejects(conn, 1, days_ago=89.9, source="recent")
    add_rejects(conn, 1, days_ago=90.1)

    assert maintenance({"task": "cleanup_rejects"})["deleted"] == 1

    assert rejects(conn) == 1
    assert statuses(conn, "job") == ["running"]
    assert len(runs(conn, "kept")) == 2


def test_retries_and_pauses_wait_on_the_databases_clock(
    maintenance: Handle, run: Run, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    agency.order(f"{station}_FOPR.xlsx", Fault.status(503))
    assert import_message(message(station), run).outcome is ImportOutcome.FAILED
    waits = conn.execute(
        "SELECT extract(epoch FROM next_retry_at - clock_timestamp())::float8 FROM import_jobs"
    ).fetchone()
    assert waits is not None and 290 < waits[0] <= 360
    assert publication.take_due(conn, max_in_flight=10) == []

    conn.execute("UPDATE import_jobs SET next_retry_at = now() - interval '1 s'")
    conn.execute(
        "INSERT INTO pauses (name, reason, resumes_at) VALUES ('imports', 'x', now() + interval '10 min')"
    )
    assert maintenance({"task": "requeue_imports"})["paused"] == 1
    conn.execute("UPDATE pauses SET paused_at = now() - interval '1 h', resumes_at = now() - interval '1 s'")
    assert maintenance({"task": "requeue_imports"})["published"] == 1


def test_a_retry_after_as_a_date_is_counted_from_the_agencys_own_clock(conn: psycopg.Connection) -> None:
    answered = database_time(conn)
    until = format_datetime(answered + timedelta(minutes=30), usegmt=True)

    seconds = retry_after_seconds(until, answered=format_datetime(answered, usegmt=True))

    assert seconds == 1800


def test_a_wait_that_an_agency_asks_for_by_date_is_kept(
    run: Run, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    until = datetime.now(UTC) + timedelta(minutes=30)  # the simulated agency shares this process's clock
    agency.order(f"{station}_FOPR.xlsx", Fault.too_many_requests(retry_after=until))

    import_message(message(station), run)

    waits = conn.execute(
        "SELECT extract(epoch FROM next_retry_at - clock_timestamp())::float8 FROM import_jobs"
    ).fetchone()
    assert waits is not None and 29 * 60 < waits[0] <= 36 * 60 + 1

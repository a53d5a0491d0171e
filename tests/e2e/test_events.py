"""Every event in events/ goes through its real handler, in a real worker process."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_httpserver import HTTPServer

from gaugehouse.domain.water_year import water_year_of
from gaugehouse.runtime.polls import SOURCES
from gaugehouse.runtime.tasks import TASKS
from gaugehouse.store.connection import connect
from gaugehouse.store.migrate import load_migrations
from gaugehouse_local.http_event import http_answer
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.worker import Invocation
from tests.integration.services.polling import states, stored, truth
from tests.integration.store.history import runs, statuses
from tests.integration.store.ledger import job_row, let_lock_expire
from tests.real_files import PROJECT_ROOT

EVENTS = PROJECT_ROOT / "events"
FUNCTIONS = {
    "poller": "PollerFunction",
    "fopr_importer": "FoprImporterFunction",
    "maintenance": "MaintenanceFunction",
    "schema": "SchemaFunction",
    "api": "ApiFunction",
}


@pytest.fixture
def run_event_sources() -> bool:
    """Messages stay in the queue, where the tests look at them."""
    return False


def invoke(stack: LocalStack, event: str) -> Invocation:
    """Run the function that the event's name begins with."""
    logical_id = next(name for prefix, name in FUNCTIONS.items() if event.startswith(prefix))
    return stack.invoke(logical_id, json.loads((EVENTS / f"{event}.json").read_text()))


def payload(result: Invocation) -> Any:
    assert result.error_type is None, result.error_message
    return result.payload


@pytest.mark.parametrize("event", ["poller_mcfcd_gauge_list", "poller_manual"])
def test_a_poll_discovers_and_publishes(
    event: str, stack: LocalStack, conn: psycopg.Connection, climate: Climate
) -> None:
    count = len(climate.gauges)

    summary = payload(invoke(stack, event))

    assert (summary["listed"], summary["discovered"], summary["rejected"]) == (count, count, 0)
    assert conn.execute("SELECT count(*) FROM gauges").fetchone() == (count,)
    assert conn.execute("SELECT count(*) FROM import_jobs WHERE published_at IS NOT NULL").fetchone() == (
        count,
    )
    assert stack.queue_depth("ImportQueue") == (count, 0)
    [run] = runs(conn, "poll:mcfcd_gauge_list")
    assert (run.status, run.rows_affected, run.metadata) == ("succeeded", 2 * count, summary)

    assert payload(invoke(stack, event)) == {"skipped": "its slot was done before"}
    again = payload(stack.invoke("PollerFunction", {"source": "mcfcd_gauge_list"}))
    assert (again["discovered"], again["summaries_updated"]) == (0, 0)
    assert stack.queue_depth("ImportQueue") == (count, 0)


def test_a_poll_of_stream_gauges_stores_readings_and_states(
    stack: LocalStack, conn: psycopg.Connection, network: Network
) -> None:
    summary = payload(invoke(stack, "poller_usgs"))

    assert (summary["sites"], summary["sites_failed"], summary["sites_not_asked"]) == (6, 0, 0)
    expected = truth(network, network.now - timedelta(days=7), network.now)
    assert stored(conn) == expected, "two hours by the poll, a week by its look back"
    assert {state["status"] for state in states(conn)} == {"active"}
    [run] = runs(conn, "poll:usgs")
    assert (run.status, run.rows_affected) == ("succeeded", summary["inserted"])

    assert payload(invoke(stack, "poller_usgs")) == {"skipped": "its slot was done before"}


def test_a_poll_of_live_rainfall_stores_the_totals_of_every_gauge(
    stack: LocalStack, conn: psycopg.Connection, climate: Climate
) -> None:
    summary = payload(invoke(stack, "poller_mcfcd_rainfall"))

    count = len(climate.gauges)
    assert (summary["gauges"], summary["discovered"], summary["inserted"]) == (count, count, 6 * count)
    assert (summary["active"], summary["degraded"], summary["offline"]) == (6 * count, 0, 0)
    told = conn.execute("SELECT DISTINCT status, latest_reading_time FROM live_rainfall").fetchall()
    assert told == [("active", datetime(2025, 12, 31, 21, 18, tzinfo=UTC))]
    [run] = runs(conn, "poll:mcfcd_rainfall")
    assert (run.status, run.rows_affected) == ("succeeded", 7 * count)

    assert payload(invoke(stack, "poller_mcfcd_rainfall")) == {"skipped": "its slot was done before"}


def test_a_poll_of_tips_stores_transmissions_and_closes_days(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    watch = {"operation": "targets_add", "arguments": {"station_ids": ["59700"], "source": "mcfcd_tips"}}
    payload(stack.invoke("MaintenanceFunction", {"task": "operate", **watch}))

    summary = payload(invoke(stack, "poller_mcfcd_tips"))

    assert (summary["sites"], summary["sites_failed"], summary["discovered"]) == (1, 0, 1)
    days = conn.execute("SELECT count(*) FROM rain_readings WHERE data_source = 'live_scrape'").fetchone()
    assert days == (summary["days_closed"],) > (10,)
    assert conn.execute("SELECT method, status FROM live_rainfall").fetchall() == [("counter", "active")]
    [run] = runs(conn, "poll:mcfcd_tips")
    assert (run.status, run.rows_affected) == (
        "succeeded",
        1 + summary["inserted"] + summary["days_closed"],
    )


def test_a_backfill_by_hand_stores_the_past(
    stack: LocalStack, conn: psycopg.Connection, network: Network
) -> None:
    summary = payload(invoke(stack, "poller_usgs_backfill"))

    end = datetime(2025, 12, 31, 21, tzinfo=UTC)
    window = truth(network, end - timedelta(hours=48), end)
    assert (summary["inserted"], summary["sites_left"]) == (len(window), 0)
    assert stored(conn) == window
    assert states(conn) == [] or {state["last_poll_attempted"] for state in states(conn)} == {None}


def test_looking_at_the_sites_finds_gauges_and_series(
    stack: LocalStack, conn: psycopg.Connection, network: Network
) -> None:
    summary = payload(invoke(stack, "poller_usgs_sites"))

    assert (summary["sites"], summary["gauges_discovered"]) == (6, 6)
    names: dict[str, str] = dict(conn.execute("SELECT station_id, name FROM gauges").fetchall())
    assert names == {site.station_id: site.name for site in network.sites}
    zones = conn.execute("SELECT DISTINCT time_zone FROM gauges").fetchall()
    assert all("/" in zone for (zone,) in zones)
    primary = conn.execute("SELECT count(*) FROM series WHERE is_primary AND statistic = '00011'").fetchone()
    polled = [one for one in network.series if one.primary and one.parameter.code != "00010"]
    assert primary == (len(polled),)


def test_a_site_of_another_name_is_reported(
    stack: LocalStack, conn: psycopg.Connection, network: Network
) -> None:
    """As we know it, and as somebody said that it is called."""
    first, second = network.sites[:2]
    payload(invoke(stack, "poller_usgs_sites"))
    network.rename(first.site_id, "POTOMAC RIVER")
    given = {"station_ids": [second.station_id], "name": "Fox River"}
    payload(
        stack.invoke(
            "MaintenanceFunction", {"task": "operate", "operation": "targets_add", "arguments": given}
        )
    )

    summary = payload(stack.invoke("PollerFunction", {"source": "usgs_sites"}))

    assert summary["renamed"] == 2
    rejects = conn.execute("SELECT reason, raw FROM rejected_records ORDER BY raw").fetchall()
    assert rejects == [("another_name", name) for name in sorted(["POTOMAC RIVER", second.name])]
    assert conn.execute("SELECT name FROM gauges WHERE station_id = %s", (first.station_id,)).fetchone() == (
        first.name,
    )


def test_ensure_partitions_makes_four_months(stack: LocalStack, conn: psycopg.Connection) -> None:
    assert payload(invoke(stack, "maintenance_ensure_partitions")) == {"made": 4}

    made = conn.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'gauge_readings'::regclass"
    ).fetchall()
    expected = conn.execute(
        "SELECT to_char(now() AT TIME ZONE 'UTC' + make_interval(months => ahead), "
        '\'"gauge_readings_"YYYY"_"MM\') FROM generate_series(0, 3) AS ahead'
    ).fetchall()
    assert sorted(made) == sorted(expected)
    assert payload(stack.invoke("MaintenanceFunction", {"task": "ensure_partitions"})) == {"made": 0}


@pytest.mark.parametrize("event", ["fopr_importer_sqs", "fopr_importer_sqs_redriven"])
def test_a_message_imports_its_gauge(event: str, stack: LocalStack, conn: psycopg.Connection) -> None:
    """Also one that was in the dead-letter queue, and comes back with all its deliveries counted."""
    assert payload(invoke(stack, event)) == {"batchItemFailures": []}

    job = job_row(conn)
    assert job["status"] == "completed"
    assert job["import_stats"]["mismatches"] == []
    summary = conn.execute("SELECT forecast_zone, rainfall_past_24h_inches FROM gauge_summaries").fetchone()
    assert summary == ("South Scottsdale", 0), "the message's summary was stored"


def test_a_message_fetches_a_year_of_a_stream_gauge(
    stack: LocalStack, conn: psycopg.Connection, network: Network
) -> None:
    assert payload(invoke(stack, "fopr_importer_sqs_backfill")) == {"batchItemFailures": []}

    [(status, stats)] = conn.execute("SELECT status, import_stats FROM import_jobs").fetchall()
    assert (status, stats["total_rows"]) == ("completed", len(stored(conn)))
    assert len(stored(conn)) > 30_000


@pytest.mark.parametrize(
    ("event", "subject", "source", "days"),
    [
        ("fopr_importer_sqs_water_year", "2023", "excel_WY_2023", 365),
        ("fopr_importer_sqs_monthly_pdf", "2021-08", "pdf_0821", 31),
    ],
)
def test_a_message_imports_a_document_about_all_gauges(
    event: str, subject: str, source: str, days: int, stack: LocalStack, conn: psycopg.Connection
) -> None:
    assert payload(invoke(stack, event)) == {"batchItemFailures": []}

    job = job_row(conn, subject)
    assert (job["status"], job["import_stats"]["mismatches"]) == ("completed", [])
    stored = conn.execute(
        "SELECT DISTINCT data_source, max(reading_date) - min(reading_date) + 1 FROM rain_readings "
        "GROUP BY station_id, data_source"
    ).fetchall()
    assert stored == [(source, days)]
    added = job["import_stats"]["gauges_added"]
    wished = "SELECT subject FROM import_jobs WHERE kind = 'fopr' AND published_at IS NOT NULL ORDER BY 1"
    assert [station for (station,) in conn.execute(wished)] == added != [], "and what is due was sent"


def test_of_three_messages_only_the_malformed_one_is_to_come_again(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    result = invoke(stack, "fopr_importer_sqs_malformed")

    malformed = json.loads((EVENTS / "fopr_importer_sqs_malformed.json").read_text())["Records"][1]
    assert payload(result) == {"batchItemFailures": [{"itemIdentifier": malformed["messageId"]}]}
    assert job_row(conn, "59700")["status"] == "completed"
    assert job_row(conn, "11000")["status"] == "completed"
    assert any("import message: subject: Field required" in line for line in result.log)


def test_migrate_brings_an_empty_database_to_the_newest_schema(
    stack: LocalStack, empty_database_url: str, tmp_path: Path
) -> None:
    newest = len(load_migrations())
    up_to_date = {"schema_version": newest, "roles_admitted": 0}
    assert payload(invoke(stack, "schema_migrate")) == {"applied": 0, **up_to_date}
    with LocalStack(
        PROJECT_ROOT / "template.yaml",
        database_url=empty_database_url,
        state_dir=tmp_path / "empty",
        stack_name="empty",
        run_event_sources=False,
    ) as empty:
        assert payload(invoke(empty, "schema_migrate")) == {"applied": newest, **up_to_date}
    with connect(empty_database_url, application_name="test") as fresh:
        assert fresh.execute("SELECT count(*) FROM import_jobs").fetchone() == (0,)


def test_cloudformation_is_answered(stack: LocalStack, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/answer", method="PUT").respond_with_data()
    event = json.loads((EVENTS / "schema_create.json").read_text())

    told = payload(stack.invoke("SchemaFunction", {**event, "ResponseURL": httpserver.url_for("/answer")}))

    [(request, _)] = httpserver.log
    answer = json.loads(request.data)
    assert (answer["Status"], answer["RequestId"]) == ("SUCCESS", event["RequestId"])
    assert told["Data"] == answer["Data"]


@pytest.mark.parametrize("event", ["maintenance_migrate"])
def test_only_the_schema_function_changes_the_schema(event: str, stack: LocalStack) -> None:
    """All the others act as roles that own nothing; so does every event of this file."""
    result = invoke(stack, event)

    assert result.error_type == "MigrationRefused"
    assert "a deployment does, by the schema function" in (result.error_message or "")


def test_requeue_imports_counts_the_dead_and_publishes_the_due(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    conn.execute("INSERT INTO import_jobs (subject, source) VALUES ('1000', 'discovery')")
    conn.execute(
        "INSERT INTO import_jobs (subject, status, worker_id, fencing_token) "
        "VALUES ('1001', 'in_progress', 'dead', 1)"
    )

    summary = payload(invoke(stack, "maintenance_requeue_imports"))

    assert summary == {"dead_workers": 1, "published": 1, "refused": 0, "left_to_another": 0, "paused": 0}
    assert runs(conn, "requeue_imports")[-1].rows_affected == 2
    assert job_row(conn, "1001")["status"] == "failed"
    assert stack.queue_depth("ImportQueue") == (1, 0)


@pytest.mark.parametrize(
    ("event", "stale"), [("maintenance_check_staleness", ["1", "2"]), ("maintenance_backfill", ["1"])]
)
def test_check_staleness_marks_what_was_not_seen_for_three_hours(
    event: str, stale: list[str], stack: LocalStack, conn: psycopg.Connection
) -> None:
    """By the clock both were seen too long ago; on the day of the backfill, one of them had just been."""
    for station_id, observed_at in {"1": "2025-12-30T18:59Z", "2": "2025-12-30T19:00Z"}.items():
        conn.execute(
            "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source) "
            "VALUES (%s, 'mcfcd', 'a', 'America/Phoenix', 'gauge_list')",
            (station_id,),
        )
        conn.execute(
            "INSERT INTO gauge_summaries (station_id, gauge_name, observed_at) VALUES (%s, 'a', %s)",
            (station_id, observed_at),
        )

    assert payload(invoke(stack, event)) == {"turned_stale": len(stale), "turned_fresh": 0}

    marked = conn.execute("SELECT station_id FROM gauge_summaries WHERE is_stale ORDER BY station_id")
    assert [station_id for (station_id,) in marked] == stale
    assert runs(conn, "check_staleness")[-1].rows_affected == len(stale)


def test_publish_system_state_answers_with_the_one_row(stack: LocalStack, conn: psycopg.Connection) -> None:
    conn.execute("INSERT INTO import_jobs (subject) VALUES ('1000'), ('1001')")

    state = payload(invoke(stack, "maintenance_publish_system_state"))

    assert (state["import_jobs_pending"], state["gauges"], state["gauges_by_network"]) == (2, 0, {})
    assert runs(conn, "publish_system_state")[-1].metadata == state


def test_refresh_gauge_records_opens_old_jobs_at_low_priority(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    conn.execute(
        "INSERT INTO import_jobs (subject, status, completed_at) VALUES "
        "('1000', 'completed', now() - interval '31 days'), ('1001', 'completed', now() - interval '29 days')"
    )

    assert payload(invoke(stack, "maintenance_refresh_gauge_records")) == {"reopened": 1}

    assert (job_row(conn, "1000")["status"], job_row(conn, "1000")["priority"]) == ("pending", -10)
    assert job_row(conn, "1001")["status"] == "completed"


@pytest.mark.parametrize(
    ("event", "count"),
    [("maintenance_import_current_water_year", 1), ("maintenance_import_recent_water_years", 2)],
)
def test_the_water_years_that_the_agency_works_on_are_asked_for(
    event: str, count: int, stack: LocalStack, conn: psycopg.Connection
) -> None:
    """By the clock, since the events name no reference time; also those that are done."""
    current = water_year_of((datetime.now(UTC) - timedelta(hours=7)).date())
    conn.execute(
        "INSERT INTO import_jobs (kind, subject, status, completed_at) "
        "VALUES ('water_year', %s, 'completed', now())",
        (f"{current}",),
    )

    assert payload(invoke(stack, event)) == {"newest_water_year": current, "requested": count}

    jobs = conn.execute("SELECT subject, status, priority, source FROM import_jobs ORDER BY subject DESC")
    assert jobs.fetchall() == [(f"{current - back}", "pending", 0, "schedule") for back in range(count)]


def test_the_water_year_is_chosen_by_the_reference_time_in_arizona(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    for time in ("2024-10-01T06:59:00Z", "2024-10-01T07:00:00Z"):
        event = {"task": "import_current_water_year", "reference_time": time}
        payload(stack.invoke("MaintenanceFunction", event))

    assert [subject for (subject,) in conn.execute("SELECT subject FROM import_jobs ORDER BY 1")] == [
        "2024",
        "2025",
    ]


def test_reparse_documents_opens_what_an_older_parser_has_read(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    conn.execute(
        "INSERT INTO source_documents (source, subject, sha256, s3_key, url, size_bytes, document_date, "
        "parser_version, outcome, imported_at) SELECT 'fopr', station, repeat('a', 64), 'k', 'u', 1, now(), "
        "version, 'imported', now() FROM (VALUES ('1000', 0), ('1001', 1000)) AS read (station, version)"
    )
    conn.execute(
        "INSERT INTO import_jobs (subject, status, completed_at) "
        "VALUES ('1000', 'completed', now()), ('1001', 'completed', now())"
    )

    summary = payload(invoke(stack, "maintenance_reparse_documents"))

    assert summary == {"reopened": 1, "by_kind": {"fopr": 1}}
    assert (job_row(conn, "1000")["status"], job_row(conn, "1000")["priority"]) == ("pending", 1)
    assert job_row(conn, "1001")["status"] == "completed"


def test_cleanup_rejects_forgets_what_was_not_seen_for_90_days(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    conn.execute(
        "INSERT INTO rejected_records (source, reason, fingerprint, detail, raw, last_seen_at) VALUES "
        "('a', 'r', 'old', 'd', 'x', now() - interval '91 days'), "
        "('a', 'r', 'new', 'd', 'x', now() - interval '89 days')"
    )

    assert payload(invoke(stack, "maintenance_cleanup_rejects")) == {"deleted": 1, "truncated": False}

    assert conn.execute("SELECT fingerprint FROM rejected_records").fetchall() == [("new",)]


def test_security_events_are_forgotten_after_seven_days(stack: LocalStack, conn: psycopg.Connection) -> None:
    conn.execute(
        "INSERT INTO security_events (kind, detail, at) VALUES "
        "('acted', 'old', now() - interval '7 days 1 minute'), ('acted', 'new', now() - interval '6.9 days')"
    )

    assert payload(invoke(stack, "maintenance_purge_security_events")) == {"deleted": 1}

    assert conn.execute("SELECT detail FROM security_events").fetchall() == [("new",)]


def test_operate_answers_with_the_status(stack: LocalStack, conn: psycopg.Connection) -> None:
    conn.execute("INSERT INTO import_jobs (subject, status) VALUES ('1000', 'failed')")
    payload(invoke(stack, "maintenance_check_staleness"))
    conn.execute("INSERT INTO pauses (name, reason) VALUES ('imports', 'flood')")

    status = payload(invoke(stack, "maintenance_operate"))["answer"]

    assert (status["state"]["import_jobs_failed"], status["pauses"][0]["reason"]) == (1, "flood")
    assert "check_staleness" in json.dumps(status)


@pytest.mark.parametrize(
    "event",
    [
        "maintenance_check_staleness",
        "maintenance_cleanup_rejects",
        "maintenance_ensure_partitions",
        "maintenance_import_current_water_year",
        "maintenance_import_recent_water_years",
        "maintenance_publish_system_state",
        "maintenance_purge_security_events",
        "maintenance_refresh_gauge_records",
        "maintenance_reparse_documents",
        "maintenance_requeue_imports",
    ],
)
def test_an_event_that_is_delivered_twice_runs_once(
    event: str, stack: LocalStack, conn: psycopg.Connection
) -> None:
    task = json.loads((EVENTS / f"{event}.json").read_text())["task"]
    assert "skipped" not in payload(invoke(stack, event))

    assert payload(invoke(stack, event)) == {"skipped": "its slot was done before"}

    assert statuses(conn, task) == ["succeeded", "skipped"]


def test_by_hand_everything_runs_as_often_as_it_is_asked_for(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    by_hand = [
        "poller_usgs_sites_manual",
        "poller_usgs_manual",
        "maintenance_requeue_imports_manual",
        "maintenance_check_staleness_manual",
        "maintenance_publish_system_state_manual",
        "maintenance_refresh_gauge_records_manual",
        "maintenance_ensure_partitions_manual",
        "maintenance_cleanup_rejects_manual",
        "maintenance_purge_security_events_manual",
        "maintenance_import_current_water_year_manual",
        "maintenance_import_recent_water_years_manual",
        "maintenance_reparse_documents_manual",
        "poller_mcfcd_rainfall_manual",
        "poller_mcfcd_tips_manual",
    ]
    for event in [*by_hand, *by_hand]:
        assert list(payload(invoke(stack, event))) != ["skipped"], event

    ran = conn.execute("SELECT status, trigger, count(*) FROM job_runs GROUP BY status, trigger").fetchall()
    assert ran == [("succeeded", "manual", 2 * len(by_hand))]


@pytest.mark.parametrize(
    ("event", "status", "told"),
    [
        ("api_health", 200, {"status": "ok", "schema_version": len(load_migrations())}),
        ("api_system_state", 200, {"gauges": 0, "pauses": 0}),
        ("api_unknown_parameter", 422, {"title": "Unprocessable Entity", "status": 422}),
        ("api_pause_without_key", 401, {"title": "Unauthorized", "status": 401}),
    ],
)
def test_a_request_is_answered(event: str, status: int, told: dict[str, Any], stack: LocalStack) -> None:
    answer = http_answer(payload(invoke(stack, event)))

    body = json.loads(answer.body)
    assert (answer.status, {name: body[name] for name in told}) == (status, told)


@pytest.mark.parametrize(
    ("function", "event", "error"),
    [
        ("PollerFunction", {}, "source: Field required"),
        ("PollerFunction", {"source": "tides"}, "unknown source 'tides'; there are mcfcd_gauge_list"),
        ("MaintenanceFunction", {"task": "tidy"}, "unknown task 'tidy'; there are check_staleness"),
        ("MaintenanceFunction", {"task": "migrate", "reference_time": "2999-01-01T00:00Z"}, "future"),
    ],
)
def test_a_bad_event_fails_the_invocation_and_says_why(
    function: str, event: dict[str, str], error: str, stack: LocalStack, conn: psycopg.Connection
) -> None:
    result = stack.invoke(function, event)

    assert result.error_type == "EventInvalid"
    assert error in (result.error_message or "")
    recorded = conn.execute("SELECT status, error_text FROM job_runs").fetchall()
    assert [status for status, _ in recorded] == ["failed"]
    assert error in recorded[0][1]


@pytest.mark.parametrize(
    ("function", "event", "lock_id"),
    [
        ("PollerFunction", {"source": "mcfcd_gauge_list"}, "poll:mcfcd_gauge_list:2025-12-31T22:00Z"),
        ("MaintenanceFunction", {"task": "requeue_imports"}, "requeue_imports:2025-12-31T22:00Z"),
    ],
)
def test_a_slot_that_another_run_holds_is_an_error_for_the_platform_to_retry(
    function: str, event: dict[str, str], lock_id: str, stack: LocalStack, conn: psycopg.Connection
) -> None:
    event = {**event, "scheduled_time": "2025-12-31T22:00:00Z"}
    conn.execute(
        "INSERT INTO job_locks (id, worker_id, expires_at) VALUES (%s, 'other', now() + interval '1 hour')",
        (lock_id,),
    )
    assert stack.invoke(function, event).error_type == "SlotBusy"

    let_lock_expire(conn, lock_id)
    assert stack.invoke(function, event).error_type is None


def test_what_the_agency_tells_the_poller_holds_for_everybody(
    stack: LocalStack, conn: psycopg.Connection, agency: Simulator
) -> None:
    agency.order("ev_rain.txt", Fault.too_many_requests(retry_after="3600"))
    assert stack.invoke("PollerFunction", {"source": "mcfcd_gauge_list"}).error_type == "SourceUnavailable"

    assert stack.invoke("PollerFunction", {"source": "mcfcd_gauge_list"}).error_type == "SourceBusy"

    assert len(agency.requests) == 1
    held = conn.execute("SELECT next_request_at > now() + interval '59 minutes' FROM upstream_quotas")
    assert held.fetchone() == (True,)


def test_every_event_and_every_task_is_tested_here() -> None:
    here = Path(__file__).read_text()
    assert [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}' not in here] == []
    assert {f"maintenance_{task}" for task in TASKS} <= {path.stem for path in EVENTS.glob("*.json")}
    assert {f"poller_{source}" for source in SOURCES} <= {path.stem for path in EVENTS.glob("*.json")}

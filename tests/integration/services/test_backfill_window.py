"""A site's history as import jobs: windows that are fetched, stored, kept, and not asked for twice."""

import json
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.backfill import BackfillWindow, backfill_windows
from gaugehouse.domain.errors import OperationRefused, PollIncomplete
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.domain.quotas import Budget
from gaugehouse.runtime.import_queue import ImportMessage
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.operations import operate
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse.services.usgs import USGS_QUOTA
from gaugehouse.store import quotas
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.conftest import Cloud
from tests.integration.services.conftest import Configured
from tests.integration.services.polling import forget, poll_now, polled, stored, truth, watch

SITE = "05568500"
YEAR_2024 = ImportRequest(kind=Kind.USGS_CONTINUOUS, subject=f"{SITE}:2024")
THREE_MONTHS = ImportRequest(kind=Kind.USGS_CONTINUOUS, subject=f"{SITE}:2026")  # so far: it is January
FORTIES = ImportRequest(kind=Kind.USGS_DAILY, subject=f"{SITE}:1940-1949")


def fetch(run: Run, wish: ImportRequest) -> ImportSummary:
    return import_message(ImportMessage.model_validate(wish, from_attributes=True).model_dump_json(), run)


def stats(conn: psycopg.Connection, wish: ImportRequest) -> dict[str, Any]:
    row = conn.execute(
        "SELECT import_stats FROM import_jobs WHERE kind = %s AND subject = %s", (wish.kind, wish.subject)
    ).fetchone()
    assert row is not None
    found: dict[str, Any] = row[0]
    return found


def ask_again(conn: psycopg.Connection) -> None:
    conn.execute("UPDATE import_jobs SET status = 'pending'")


def test_a_water_year_is_stored_whole(run: Run, conn: psycopg.Connection, network: Network) -> None:
    assert fetch(run, YEAR_2024).outcome is ImportOutcome.IMPORTED

    span = BackfillWindow(station_id=SITE, kind=Kind.USGS_CONTINUOUS, first_water_year=2024).span
    expected = truth(network, *span, site=SITE)
    assert stored(conn) == expected and len(expected) > 30_000
    found = stats(conn, YEAR_2024)
    assert (found["total_rows"], found["inserted"]) == (len(expected), len(expected))
    assert found["date_range"] == ["2023-10-01", "2024-10-01"], "both ends are included"


def test_the_past_leaves_a_share_of_the_quota_to_the_polls(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    """A backfill of decades would have every poll of the hour fail."""
    watch(conn, network)
    poll_now(run, network)
    quotas.adopt(conn, USGS_QUOTA, Budget(limit=1000, remaining=200, window_seconds=3600))

    assert fetch(run, YEAR_2024).outcome is ImportOutcome.DEFERRED
    past = PollerEvent(source="usgs", reference_time=network.now - timedelta(days=20))
    with pytest.raises(PollIncomplete, match="may be asked again"):
        poll(past, run)

    assert polled(run, network).sites_not_asked == 0


def test_daily_values_of_long_ago_are_stored_apart(run: Run, conn: psycopg.Connection) -> None:
    assert fetch(run, FORTIES).outcome is ImportOutcome.IMPORTED

    rows = conn.execute("SELECT min(reading_date), max(reading_date), count(*) FROM daily_values").fetchone()
    assert rows is not None and (rows[0], rows[1]) == (date(1939, 10, 1), date(1949, 9, 30))
    assert stats(conn, FORTIES)["total_rows"] == rows[2] > 3_000
    assert stored(conn) == {}


def test_asked_again_only_what_was_changed_is_asked_for(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    fetch(run, THREE_MONTHS)
    held = stored(conn)
    ask_again(conn)
    seen = len(agency.requests)

    summary = fetch(run, THREE_MONTHS)

    [request] = agency.requests[seen:]
    assert "last_modified" in request.parameters
    assert (summary.inserted, summary.revised) == (0, 0)
    assert stored(conn) == held


def test_a_parameter_that_was_not_asked_for_is_asked_for_in_full(
    configured: Configured, conn: psycopg.Connection, network: Network
) -> None:
    fetch(configured(USGS_PARAMETERS="00060"), THREE_MONTHS)
    assert {parameter for _, parameter, _ in stored(conn)} == {"00060"}
    ask_again(conn)

    fetch(configured(USGS_PARAMETERS="00060,00065,00045"), THREE_MONTHS)

    span = BackfillWindow(station_id=SITE, kind=Kind.USGS_CONTINUOUS, first_water_year=2026).span
    assert stored(conn) == truth(network, *span, site=SITE)


def test_a_series_that_was_not_known_is_asked_for_in_full(
    run: Run, conn: psycopg.Connection, agency: Simulator
) -> None:
    fetch(run, THREE_MONTHS)
    held = stored(conn)
    with conn.transaction():  # as if the agency had added it after the window was fetched
        forget(conn, SITE, "00065")
        conn.execute("DELETE FROM import_jobs")
        conn.execute("DELETE FROM source_documents")
    fetch(run, THREE_MONTHS)
    assert {parameter for _, parameter, _ in stored(conn)} == {"00060"}
    conn.execute("UPDATE gauges SET series_looked_up_at = now() - interval '2 days'")

    for changes_only in (True, False):  # the first time it looks the site up, the second time it knows
        ask_again(conn)
        fetch(run, THREE_MONTHS)
        assert ("last_modified" in agency.requests[-1].parameters) is changes_only

    assert stored(conn) == held


def requested(conn: psycopg.Connection, *, first_day: str, last_day: str, kind: Kind) -> dict[str, str]:
    arguments = {"station_id": SITE, "kinds": [kind], "first_day": first_day, "last_day": last_day}
    found: dict[str, str] = operate("backfill_request", arguments, conn=conn).answer
    return found


def test_a_window_is_done_weeks_after_its_end_and_not_before(run: Run, conn: psycopg.Connection) -> None:
    fetch(run, FORTIES)

    def standing() -> str:
        days = {"first_day": "1939-10-01", "last_day": "1949-09-30"}
        return requested(conn, kind=Kind.USGS_DAILY, **days)[f"usgs_daily {FORTIES.subject}"]

    assert standing() == "completed"
    conn.execute("UPDATE import_jobs SET last_completed_at = '1949-11-14'")
    assert standing() == "pending", "44 days after its end"


def test_a_window_that_was_not_asked_for_a_parameter_is_not_done(run: Run, conn: psycopg.Connection) -> None:
    fetch(run, FORTIES)
    days = {"first_day": "1939-10-01", "last_day": "1949-09-30"}
    conn.execute("UPDATE gauges SET series_parameters = '{00010,00045,00060,00065}'")

    assert list(requested(conn, kind=Kind.USGS_DAILY, **days).values()) == ["pending"]


def test_the_past_of_a_site_that_is_not_known_is_refused(conn: psycopg.Connection) -> None:
    with pytest.raises(OperationRefused, match=f"knows no series of site {SITE}; is the id right"):
        requested(conn, kind=Kind.USGS_DAILY, first_day="1939-10-01", last_day="1949-09-30")


def test_fetching_the_past_has_nobody_polled(run: Run, conn: psycopg.Connection) -> None:
    fetch(run, FORTIES)

    assert conn.execute("SELECT count(*) FROM poll_targets").fetchone() == (0,)
    assert conn.execute("SELECT station_id FROM gauges").fetchall() == [(SITE,)]


def test_rows_that_are_gone_are_fetched_again(run: Run, conn: psycopg.Connection) -> None:
    fetch(run, THREE_MONTHS)
    held = stored(conn)
    conn.execute("DELETE FROM gauge_readings WHERE reading_time < '2025-11-01'")
    ask_again(conn)

    fetch(run, THREE_MONTHS)

    assert stored(conn) == held


def test_the_answer_is_kept_as_it_came(run: Run, conn: psycopg.Connection, aws: Any, cloud: Cloud) -> None:
    import gzip

    fetch(run, FORTIES)

    [(key, url)] = conn.execute("SELECT s3_key, url FROM source_documents").fetchall()
    assert key.startswith("usgs_daily/05568500:1940-1949/") and key.endswith(".json.gz")
    pages = json.loads(gzip.decompress(aws("s3").get_object(Bucket=cloud.bucket, Key=key)["Body"].read()))
    assert sum(len(page["features"]) for page in pages) >= stats(conn, FORTIES)["total_rows"]
    assert "/daily/items" in url


def test_a_site_that_there_is_not_fails_with_a_reason(run: Run, conn: psycopg.Connection) -> None:
    summary = fetch(run, ImportRequest(kind=Kind.USGS_DAILY, subject="99999999:1940-1949"))

    assert summary.outcome is ImportOutcome.FAILED
    assert summary.error is not None and "99999999" in summary.error and "is the id right" in summary.error


@pytest.mark.parametrize("subject", ["05568500", "05568500:24", "05568500:2023-2025", "05568500:1941"])
def test_a_subject_that_is_no_window_fails_for_good(run: Run, conn: psycopg.Connection, subject: str) -> None:
    kind = Kind.USGS_DAILY if "19" in subject else Kind.USGS_CONTINUOUS
    summary = fetch(run, ImportRequest(kind=kind, subject=subject))

    assert summary.outcome is ImportOutcome.FAILED
    assert summary.error is not None and "05568500:2020" in summary.error


def test_a_site_that_could_not_be_looked_up_is_tried_again_and_not_called_unknown(
    run: Run, conn: psycopg.Connection, agency: Simulator
) -> None:
    agency.order("/time-series-metadata/items", Fault.status(503), times=1)

    summary = fetch(run, YEAR_2024)

    assert summary.error is not None and "503" in summary.error
    assert "is the id right" not in summary.error


def test_a_failing_page_stores_nothing_and_the_job_waits(
    run: Run, conn: psycopg.Connection, agency: Simulator
) -> None:
    agency.order("/continuous/items", Fault.status(503), times=1)

    assert fetch(run, THREE_MONTHS).outcome is ImportOutcome.FAILED

    assert stored(conn) == {}
    row = conn.execute("SELECT status, next_retry_at IS NOT NULL FROM import_jobs").fetchone()
    assert row == ("failed", True)


def test_a_backfill_leaves_the_present_alone(run: Run, conn: psycopg.Connection, network: Network) -> None:
    watch(conn, network)
    poll_now(run, network)
    before = conn.execute("SELECT * FROM monitoring_state ORDER BY series_id").fetchall()

    fetch(run, THREE_MONTHS)

    assert conn.execute("SELECT * FROM monitoring_state ORDER BY series_id").fetchall() == before


def test_windows_cover_the_days_and_are_the_same_for_everybody() -> None:
    daily = backfill_windows(Kind.USGS_DAILY, SITE, date(1939, 10, 1), date(1961, 1, 1))
    assert [window.subject for window in daily] == [
        f"{SITE}:1960-1969", f"{SITE}:1950-1959", f"{SITE}:1940-1949"
    ]  # fmt: skip
    assert daily[-1].first_day == date(1939, 10, 1) and daily[-1].last_day == date(1949, 9, 30)
    years = backfill_windows(Kind.USGS_CONTINUOUS, SITE, date(2023, 9, 30), date(2023, 10, 1))
    assert [window.subject for window in years] == [f"{SITE}:2024", f"{SITE}:2023"]
    assert years[0].last_day - years[0].first_day == timedelta(days=365)

"""The statements about stream gauges that operators have used for years must work unchanged."""

from datetime import timedelta

import psycopg
import pytest

from gaugehouse.store import gauge_readings, monitoring_state, partitions
from gaugehouse.store.connection import database_time
from tests.integration.store.plans import explain, scans
from tests.integration.store.streams import SITE, Told, add_stream_gauge, measurements, one

ONLY_VALID = "SELECT COUNT(*) = 0 FROM usgs_raw.gauge_readings WHERE value IS NULL OR value < -999000;"
SILENT = (
    "SELECT site_code, last_poll_attempted, last_data_received, "
    "last_poll_attempted - last_data_received AS gap "
    "FROM usgs_raw.monitoring_state WHERE last_poll_attempted > last_data_received;"
)
RECENT_OF_OFFLINE = (
    "SELECT m.site_code, m.status, m.latest_reading_time, COUNT(r.id) AS recent_readings "
    "FROM usgs_raw.monitoring_state m LEFT JOIN usgs_raw.gauge_readings r ON m.site_code = r.site_code "
    "AND r.reading_time > NOW() - INTERVAL '1 hour' WHERE m.status = 'offline' "
    "GROUP BY m.site_code, m.status, m.latest_reading_time;"
)
SILENT_SITE, NEVER_POLLED = "01646500", "09380000"


@pytest.fixture(autouse=True)
def polled(conn: psycopg.Connection) -> None:
    """One site is well, one fell silent 45 minutes ago; its stage only, it has never had a discharge."""
    add_stream_gauge(conn, SITE, SILENT_SITE, NEVER_POLLED)
    now = database_time(conn)
    old = Told(f"stage-of-{SILENT_SITE}", now - timedelta(minutes=50), 2.0)
    told = [
        old,
        Told(f"stage-of-{SITE}", now, 1.0),
        Told(f"flow-of-{SITE}", now, 5.0),
    ]
    partitions.ensure(conn, partitions.months_of([now, *(each.moment for each in told)]))  # type: ignore[list-item]
    gauge_readings.merge(conn, measurements(*told))
    for ago, response in ((45, [old]), (30, []), (0, told[1:])):
        at = now - timedelta(minutes=ago)
        monitoring_state.record_answer(
            conn,
            [SITE, SILENT_SITE] if ago == 0 else [SILENT_SITE],
            attempted_at=at,
            window_start=at - timedelta(hours=2),
            measurements=measurements(*response),
        )


def test_no_invalid_value_is_stored(conn: psycopg.Connection) -> None:
    assert conn.execute(ONLY_VALID.encode()).fetchall() == [(True,)]


def test_the_table_proves_that_without_reading_a_row(conn: psycopg.Connection) -> None:
    assert scans(explain(conn, ONLY_VALID)) == []


def test_where_polls_bring_nothing(conn: psycopg.Connection) -> None:
    [(site, attempted, received, gap)] = conn.execute(SILENT.encode()).fetchall()

    assert (site, gap) == (SILENT_SITE, timedelta(minutes=45))
    assert attempted - received == gap


def test_offline_sites_and_their_newest_readings(conn: psycopg.Connection) -> None:
    newest = one(conn, "SELECT reading_time FROM usgs_raw.gauge_readings WHERE site_code = %s", SILENT_SITE)

    rows = conn.execute(RECENT_OF_OFFLINE.encode()).fetchall()

    # A row for each of its series: the stage fell silent, the discharge has never been there. The readings
    # are those of the site.
    assert {row[:2] for row in rows} == {(SILENT_SITE, "offline")}
    assert {(row[2], row[3]) for row in rows} == {(newest, 1), (None, 1)}


def test_the_views_columns(conn: psycopg.Connection) -> None:
    row = one(
        conn,
        "SELECT site_code, parameter_code, statistic, value, unit, qualifiers, approved "
        "FROM usgs_raw.gauge_readings WHERE site_code = %s AND parameter_code = '00060'",
        SITE,
    )
    assert row == (SITE, "00060", "00011", 5.0, "ft", None, False)


def test_the_id_of_a_reading_is_its_own_and_stays_the_same(conn: psycopg.Connection) -> None:
    statement = "SELECT id, site_code, parameter_code, reading_time FROM usgs_raw.gauge_readings ORDER BY id"
    before = conn.execute(statement.encode()).fetchall()
    assert len({row[0] for row in before}) == 3

    conn.execute("UPDATE gauge_readings SET value = value + 1")
    conn.execute("VACUUM FULL gauge_readings")

    assert conn.execute(statement.encode()).fetchall() == before


def test_the_ids_of_the_first_and_the_last_reading_that_there_can_be(conn: psycopg.Connection) -> None:
    """Two series do not share a number, and it stays inside a bigint."""
    conn.execute("SELECT ensure_partition('1900-01-01')")
    conn.execute(
        "INSERT INTO series (station_id, parameter_code, statistic, unit, is_primary, series_id) "
        "OVERRIDING SYSTEM VALUE SELECT %s, n::text, '00011', 'ft', true, n "
        "FROM unnest(ARRAY[1000000, 1000001, 1073741823]) AS n",
        (SITE,),
    )
    conn.execute(
        "INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at) "
        "SELECT n, t, 1, false, now() FROM unnest(ARRAY[1000000, 1000001, 1073741823]) AS n, "
        "unnest(ARRAY['1900-01-01'::timestamptz, '1900-01-01 00:00:01', date_trunc('second', now())]) AS t"
    )

    ids = [
        row[0]
        for row in conn.execute(
            "SELECT id FROM usgs_raw.gauge_readings WHERE series_id >= 1000000 "
            "ORDER BY series_id, reading_time"
        )
    ]
    assert len(set(ids)) == 9 and ids == sorted(ids)

"""What users ask, on a network that is large enough for a wrong plan to hurt."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.polling import Window
from gaugehouse.domain.series import DISCHARGE, STAGE
from gaugehouse.store import gauge_readings, monitoring_state, poll_targets, stream_readings, stream_reports
from gaugehouse.store.connection import connect
from gaugehouse.store.staged_measurements import stage
from gaugehouse.store.system_state import get_system_state
from gaugehouse_local.postgres import LocalPostgres
from tests.integration.store.plans import explain, nodes, tables_of, ways_of
from tests.integration.store.streams import Told, measurements
from tests.integration.store.test_stream_statements import ONLY_VALID, RECENT_OF_OFFLINE, SILENT

SITE = "00000007"
# 1000 sites with two series: half-hourly in the newest month, every sixth hour in the eleven months before.
NETWORK = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    SELECT to_char(n, 'FM00000000'), 'usgs', 'Gauge ' || n, 'UTC', 'test' FROM generate_series(1, 1000) AS n;
INSERT INTO poll_targets (station_id, origin, discovered_at) SELECT station_id, 'settings', now() FROM gauges;
INSERT INTO series (station_id, parameter_code, statistic, unit, is_primary, upstream_series_id)
    SELECT station_id, code, '00011', 'ft', true, code || '-of-' || station_id
    FROM gauges, unnest(ARRAY['00060', '00065']) AS code;
SELECT ensure_partition((date_trunc('month', now()) - n * interval '1 month')::date)
    FROM generate_series(-3, 11) AS n;
INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at)
    SELECT series_id, t, 1.5, false, t FROM series,
        generate_series(date_trunc('month', now()) - interval '11 months', now(), interval '12 hours') AS t;
INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at)
    SELECT series_id, t, 1.5, false, t FROM series,
        generate_series(now() - interval '1 day', now(), interval '30 minutes') AS t
    ON CONFLICT DO NOTHING;
INSERT INTO monitoring_state (series_id, last_poll_attempted, last_poll_succeeded, consecutive_failures,
    is_stale, status, status_reason)
    SELECT series_id, now(), now(), CASE WHEN series_id %% 50 = 0 THEN 4 ELSE 0 END, series_id %% 50 = 0,
        CASE WHEN series_id %% 50 = 0 THEN 'offline' ELSE 'active' END,
        CASE WHEN series_id %% 50 = 0 THEN 'no_data' END
    FROM series;
"""
INDEXED = {"Index Scan", "Index Only Scan"}
BITMAP = {"Bitmap Heap Scan"}


@pytest.fixture(scope="module")
def network(postgres: LocalPostgres, migrated_template: str) -> Iterator[psycopg.Connection]:
    """That network, with the planner's statistics."""
    url = postgres.create_database("network", template=migrated_template)
    with connect(url, application_name="test") as conn:
        conn.execute(NETWORK.replace("%%", "%").encode())
        conn.execute("VACUUM ANALYZE")
        yield conn
    postgres.drop_database("network")


def where(conn: psycopg.Connection, **others: Any) -> dict[str, Any]:
    return {"station_id": SITE, "parameter_code": STAGE, **others}


def months_back(conn: psycopg.Connection, months: int) -> datetime:
    row = conn.execute("SELECT date_trunc('month', now()) - %s * interval '1 month'", (months,)).fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def test_the_newest_value_of_a_site_stops_at_the_first_reading(network: psycopg.Connection) -> None:
    plan = explain(network, stream_readings.SELECT_LATEST, where(network), analyze=True)

    assert ways_of(plan, "gauge_readings_") <= INDEXED
    assert "Seq Scan" not in ways_of(plan, "series")
    read = [node for node in nodes(plan) if node.get("Relation Name", "").startswith("gauge_readings_")]
    executed = {node["Relation Name"] for node in read if node["Actual Loops"] > 0}
    assert 1 <= len(executed) <= 4, "the three months ahead, which are empty, and this one"
    latest = stream_readings.latest_readings(network, SITE)
    assert [(each.parameter_code, each.value) for each in latest] == [(DISCHARGE, 1.5), (STAGE, 1.5)]
    assert all(datetime.now(UTC) - each.reading_time < timedelta(hours=13) for each in latest)


def test_a_month_of_one_series_reads_one_partition_by_its_key(network: psycopg.Connection) -> None:
    month = Window(months_back(network, 5), months_back(network, 4) - timedelta(microseconds=1))
    span = where(network, start=month.start, end=month.end)
    for statement in (stream_readings.SELECT_SPAN, stream_readings.SELECT_GAPS):
        plan = explain(network, statement, {**span, "longer_than": timedelta(hours=13)})
        assert tables_of(plan, "gauge_readings_") == {f"gauge_readings_{month.start:%Y_%m}"}
        assert ways_of(plan, "gauge_readings_") <= INDEXED | BITMAP
        assert "Seq Scan" not in ways_of(plan, "series")

    readings = stream_readings.readings_between(network, SITE, STAGE, month)
    days = (months_back(network, 4) - month.start).days
    assert len(readings) == 2 * days
    assert [each.reading_time for each in readings] == sorted(each.reading_time for each in readings)


@pytest.mark.parametrize(
    "statement", [stream_readings.SELECT_LATEST, stream_readings.SELECT_SPAN, stream_readings.SELECT_GAPS]
)
def test_a_plan_shows_that_the_index_is_gone(statement: str, network: psycopg.Connection) -> None:
    """The three tests above can fail: without the key a partition is read as a whole."""
    span = where(
        network,
        start=months_back(network, 5),
        end=months_back(network, 4) - timedelta(microseconds=1),
        longer_than=timedelta(hours=13),
    )
    with network.transaction(force_rollback=True):
        network.execute("ALTER TABLE gauge_readings DROP CONSTRAINT gauge_readings_pkey")
        plan = explain(network, statement, span)

    assert "Seq Scan" in ways_of(plan, "gauge_readings_")


def test_gaps_inside_and_at_both_ends(network: psycopg.Connection) -> None:
    start = months_back(network, 5)
    hours = timedelta(hours=1)
    with network.transaction(force_rollback=True):
        network.execute(
            "DELETE FROM gauge_readings USING series WHERE series.series_id = gauge_readings.series_id "
            "AND station_id = %s AND parameter_code = %s AND reading_time IN (%s, %s, %s)",
            (SITE, STAGE, start + 36 * hours, start + 48 * hours, start + 84 * hours),
        )
        gaps = stream_readings.reading_gaps(
            network, SITE, STAGE, Window(start, start + 96 * hours - hours), longer_than=13 * hours
        )
        nothing = stream_readings.reading_gaps(
            network, "nobody", STAGE, Window(start, start + hours), longer_than=timedelta(0)
        )

    assert [((gap.gap_start - start) / hours, (gap.gap_end - start) / hours) for gap in gaps] == [
        (24.0, 60.0),
        (72.0, 95.0),
    ]
    assert [(gap.gap_start, gap.gap_end) for gap in nothing] == [(start, start + hours)]


def test_the_extent_of_a_window_reads_no_table_as_a_whole(network: psycopg.Connection) -> None:
    span = {
        "station_id": SITE,
        "instantaneous": "00011",
        "start": months_back(network, 2),
        "end": months_back(network, 1),
    }
    plan = explain(network, gauge_readings.SELECT_EXTENT, span)

    assert len(tables_of(plan, "gauge_readings_")) == 2
    assert "Seq Scan" not in ways_of(plan, "gauge_readings_")


def test_the_state_of_every_series(network: psycopg.Connection) -> None:
    assert len(stream_reports.series_states(network)) == 2000
    offline = stream_reports.series_states(network, status="offline")
    assert len(offline) == 40
    assert {(each.status_reason, each.consecutive_failures) for each in offline} == {("no_data", 4)}
    assert offline[0].name.startswith("Gauge ")
    assert len(stream_reports.series_states(network, limit=3)) == 3


def test_a_series_that_was_never_polled_is_in_the_list_of_states(network: psycopg.Connection) -> None:
    with network.transaction(force_rollback=True):
        network.execute("DELETE FROM monitoring_state")
        states = stream_reports.series_states(network, limit=1)

    assert (states[0].status, states[0].last_poll_attempted, states[0].consecutive_failures) == (
        None,
        None,
        None,
    )


def test_the_operators_last_hour_prunes_partitions_and_uses_the_key(network: psycopg.Connection) -> None:
    plan = explain(network, RECENT_OF_OFFLINE, analyze=True)

    this_month = f"gauge_readings_{months_back(network, 0):%Y_%m}"
    assert "Seq Scan" not in ways_of(plan, this_month)
    assert not {
        table
        for table in tables_of(plan, "gauge_readings_")
        if table < f"{months_back(network, 1):gauge_readings_%Y_%m}"
    }
    rows = network.execute(RECENT_OF_OFFLINE.encode()).fetchall()
    # Both series of a site are offline, and each counts the two or three readings of both.
    assert len(rows) == 20 and {row[3] for row in rows} <= {8, 12}


def test_the_proof_that_no_value_is_invalid_reads_nothing(network: psycopg.Connection) -> None:
    assert ways_of(explain(network, ONLY_VALID), "gauge_readings") == set()


def test_the_silent_ones(network: psycopg.Connection) -> None:
    assert network.execute(SILENT.encode()).fetchall() == []


def staged(conn: psycopg.Connection, sites: int) -> dict[str, Any]:
    """The readings of some sites, half of them stored, as a merge would stage them; its parameters."""
    now = datetime.now(UTC).replace(microsecond=0)
    told = [
        Told(f"00065-of-{n:08}", now - timedelta(minutes=15 * step), 2.0)
        for n in range(1, sites + 1)
        for step in range(8)
    ]
    gauge_readings.merge(conn, measurements(*told[::2]))
    rows = stage(conn, measurements(*told), datetime.timestamp, instantaneous=True)
    return {
        "series_ids": rows.series_ids,
        "qualifiers": rows.qualifiers,
        "first": now - timedelta(minutes=105),
        "last": now,
    }


@pytest.mark.parametrize("sites", [1, 50, 1000])
def test_a_merge_reads_only_the_window_and_the_series_that_it_is_about(
    sites: int, network: psycopg.Connection
) -> None:
    with network.transaction(force_rollback=True):
        parameters = staged(network, sites)
        insert = explain(network, gauge_readings.INSERT_NEW, parameters, analyze=True)
        revise = explain(network, gauge_readings.REVISE, parameters, analyze=True)

    for plan in (insert, revise):
        assert len(tables_of(plan, "gauge_readings_")) <= 2
        read = [node for node in nodes(plan) if node.get("Relation Name", "").startswith("gauge_readings_")]
        assert read
        for node in read:
            touched = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
            assert touched <= sites * 20, node
        joins = [node for node in nodes(plan) if node["Node Type"] == "Nested Loop"]
        assert all(node["Plans"][1].get("Actual Loops", 0) <= sites * 8 for node in joins)


def test_a_poll_finds_its_states_by_their_keys(network: psycopg.Connection) -> None:
    with network.transaction(force_rollback=True):
        at = datetime.now(UTC)
        told = measurements(Told(f"00065-of-{SITE}", at, 2.0))
        counts = monitoring_state.record_answer(
            network, [SITE], attempted_at=at, window_start=at - timedelta(hours=2), measurements=told
        )
        assert (counts.active, counts.offline) == (1, 1)
        plan = explain(
            network,
            monitoring_state.RECORD,
            {
                "station_ids": [SITE],
                "parameter_codes": None,
                "source": "usgs",
                "at": at,
                "answered": False,
                "window_start": at,
                "series_ids": [],
                "times": [],
                "values": [],
                "instantaneous": "00011",
            },
        )

    assert "Seq Scan" not in ways_of(plan, "series") | ways_of(plan, "monitoring_state")


def test_what_counts_everything_counts_no_readings(network: psycopg.Connection) -> None:
    plan = explain(network, "SELECT * FROM system_state")

    assert ways_of(plan, "gauge_readings_") == set()
    state = get_system_state(network)
    assert (state.series_active, state.series_offline, state.series_request_failed) == (1960, 40, 0)
    assert (state.poll_targets, state.targets_never_polled) == (1000, 1000)
    counted = network.execute("SELECT count(*) FROM gauge_readings").fetchone()
    assert counted is not None
    assert state.gauge_readings_estimate == pytest.approx(counted[0], rel=0.05)
    assert len(poll_targets.due(network, polled_at=datetime.now(UTC))) == 1000

"""What the API asks is found by indexes, and in the months that are asked for, whatever else there is."""

from datetime import UTC, datetime

import psycopg
import pytest

from gaugehouse.domain.polling import Window
from gaugehouse.store import gauge_items, gauge_series
from tests.integration.store.plans import explain, nodes, tables_of, ways_of

GAUGES = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    SELECT to_char(n, 'FM00000'), 'usgs', 'River ' || n, 'UTC', 'test' FROM generate_series(1, 5000) AS n;
INSERT INTO series (station_id, parameter_code, statistic, unit, is_primary)
    SELECT station_id, '00060', '00011', 'ft', true FROM gauges;
INSERT INTO poll_targets (station_id, origin) SELECT station_id, 'settings' FROM gauges;
SELECT ensure_partition(month::date)
    FROM generate_series(date '2025-01-01', date '2025-12-01', interval '1 month') AS month;
INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at)
    SELECT 1, timestamptz '2025-01-01' + n * interval '1 hour', n, true, now()
    FROM generate_series(0, 8000) AS n;
ANALYZE
"""


@pytest.fixture
def full(conn: psycopg.Connection) -> psycopg.Connection:
    """A network of rivers, and a year of readings of one."""
    conn.execute(GAUGES.encode())
    return conn


def test_a_page_of_gauges_reads_no_more_gauges_than_it_shows(full: psycopg.Connection) -> None:
    where = {**gauge_items.where_of(gauge_items.GaugeFilter()), "after": "02000", "limit": 100}
    plan = explain(full, gauge_items.SELECT_PAGE, where, analyze=True)
    assert ways_of(plan, "gauges") <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}
    of_gauges = [node for node in nodes(plan) if node.get("Relation Name") == "gauges"]
    assert all(node["Actual Rows"] * node["Actual Loops"] <= 100 for node in of_gauges)


def test_gauges_of_a_status_are_found_in_one_look_at_all_series(full: psycopg.Connection) -> None:
    where = {**gauge_items.where_of(gauge_items.GaugeFilter(status="offline")), "after": None, "limit": 100}
    plan = explain(full, gauge_items.SELECT_PAGE_OF_STATUS, where, analyze=True)
    looks = [node["Actual Loops"] for node in nodes(plan) if node.get("Relation Name") == "monitoring_state"]
    assert looks and max(looks) <= 1, "gauge by gauge it takes four times as long"


@pytest.mark.parametrize("points", [None, 500])
def test_readings_are_looked_for_in_their_months_only(full: psycopg.Connection, points: int | None) -> None:
    span = Window(datetime(2025, 3, 20, tzinfo=UTC), datetime(2025, 4, 10, tzinfo=UTC))
    wanted = gauge_series.Wanted(series_id=1, window=span, limit=1000, points=points)
    plan = explain(
        full,
        gauge_series.SELECT_PLOT_JSON if points else gauge_series.SELECT_JSON,
        gauge_series.where_of(wanted),
    )
    assert tables_of(plan, "gauge_readings") == {"gauge_readings_2025_03", "gauge_readings_2025_04"}

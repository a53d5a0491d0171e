"""A database as a deployment has it after years: every gauge of two networks, a long record, and readings."""

from datetime import UTC, datetime

import psycopg

RAIN, RIVER = "r100", "s10000"
# Three years at every quarter of an hour.
FIRST_READING, READINGS = datetime(2023, 10, 1, tzinfo=UTC), 105_120

STREAM_GAUGES = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source, latitude, longitude, state)
    SELECT 's' || n, 'usgs', 'RIVER ' || n, 'America/Chicago', 'usgs_monitoring_location',
        30 + n % 1500 / 100.0, -120 + n % 4000 / 100.0, 'Illinois'
    FROM generate_series(10000, 22799) AS n;
INSERT INTO poll_targets (station_id, source, origin, last_polled_at)
    SELECT station_id, 'usgs', 'settings', now() FROM gauges;
INSERT INTO series (station_id, parameter_code, statistic, unit, is_primary)
    SELECT station_id, code, '00011', 'ft', true
    FROM gauges CROSS JOIN unnest('{00060,00065}'::text[]) AS code
    ORDER BY station_id, code;
"""
RAIN_GAUGES = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source, latitude, longitude)
    SELECT 'r' || n, 'mcfcd', 'Rain ' || n, 'America/Phoenix', 'gauge_list', 33 + n / 1000.0,
        -112 + n / 1000.0
    FROM generate_series(100, 499) AS n;
INSERT INTO gauge_summaries (station_id, gauge_name, rainfall_past_6h_inches, rainfall_past_24h_inches,
    observed_at) SELECT station_id, name, 0, 0.1, now() FROM gauges WHERE network = 'mcfcd';
INSERT INTO series (station_id, parameter_code, statistic, method, unit, is_primary, source)
    SELECT station_id, '00045', '00011', method, 'in', true, 'mcfcd_rainfall'
    FROM gauges
    CROSS JOIN unnest('{past_15_min,past_1_h,past_3_h,past_6_h,past_24_h,past_72_h}'::text[]) AS method
    WHERE network = 'mcfcd' ORDER BY station_id, method;
"""
STATES = """
INSERT INTO monitoring_state (series_id, last_poll_attempted, consecutive_failures, is_stale, status,
    latest_reading_time, latest_reading_value)
    SELECT series_id, now(), 0, false, 'active', now(), 1.5 FROM series;
"""
RECORD = """
INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, quality, data_source, document_date)
    SELECT 'r100', day, extract(day FROM day) / 100, 'measured', 'fopr', '2025-12-31'
    FROM generate_series(date '1998-10-01', date '2025-09-30', interval '1 day') AS day;
INSERT INTO gauge_documents (station_id, data_source, document_date, standing, told, missing)
    VALUES ('r100', 'fopr', '2025-12-31', 3, '{[1998-10-01,2025-10-01)}', '{}');
"""
PARTITIONS = """
SELECT ensure_partition(month::date)
FROM generate_series(date '2023-09-01', date '2026-10-01', interval '1 month') AS month
"""
READING_ROWS = """
INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at)
    SELECT series_id, %(first)s + n * interval '15 minutes', round((1000 + 500 * sin(n / 700.0))::numeric, 2),
           n < 90000, %(first)s
    FROM series CROSS JOIN generate_series(0, %(rows)s - 1) AS n
    WHERE station_id = 's10000' AND parameter_code = '00060'
"""


def furnish(conn: psycopg.Connection) -> None:
    """Put all of it into an empty migrated database."""
    for statement in (STREAM_GAUGES, RAIN_GAUGES, STATES, RECORD, PARTITIONS):
        conn.execute(statement.encode())
    conn.execute(READING_ROWS.encode(), {"first": FIRST_READING, "rows": READINGS})
    conn.execute("VACUUM ANALYZE")

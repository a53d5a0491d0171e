"""A small world for the API: rain gauges with records, stream gauges with readings, in every state."""

from datetime import UTC, datetime

import psycopg

AZTEC, CAVE, NEWER, SILENT = "59700", "10700", "11000", "12345"  # rain gauges
FORMER, SHARED = "4695", "777"  # former ids: of one gauge, and of two
RIVER, CREEK = "05568500", "09512500"  # stream gauges
NOON = datetime(2026, 8, 7, 12, tzinfo=UTC)
FIRST_READING, READINGS = datetime(2025, 8, 1, tzinfo=UTC), 35_040  # a year at every quarter of an hour

GAUGES = """
INSERT INTO gauges (station_id, network, name, previous_ids, gauge_type, latitude, longitude, elevation_ft,
    city, county, state, location, data_begins, time_zone, metadata_source, remarks, fopr_metadata) VALUES
('59700', 'mcfcd', 'Aztec Park', '{4695,777}', 'Rain', 33.61, -111.87, 1430, 'Scottsdale', 'Maricopa', 'AZ',
    'Thunderbird Road', '2021-10-01', 'America/Phoenix', 'fopr', '=HYPERLINK("http://x")',
    '{"frequency": {"durations": ["1 hour"], "years": []}, "warnings": ["one"]}'),
('10700', 'mcfcd', 'Cave Buttes', '{777}', 'Rain / Stage', 33.71, -111.87, 1600, 'Phoenix', 'Maricopa', 'AZ',
    NULL, NULL, 'America/Phoenix', 'gauge_list', NULL, NULL),
('11000', 'mcfcd', '11000', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'America/Phoenix',
    'water_year', NULL, NULL),
('12345', 'mcfcd', '@SUM(A1)', '{}', 'Rain', 33.61, -112.00, 1100, 'Glendale', 'Maricopa', 'AZ', NULL, NULL,
    'America/Phoenix', 'gauge_list', NULL, NULL),
('05568500', 'usgs', 'ILLINOIS RIVER AT KINGSTON MINES, IL', '{}', 'Stream', 40.553, -89.777, 428, NULL,
    'Peoria County', 'Illinois', NULL, NULL, 'America/Chicago', 'usgs_monitoring_location', NULL, NULL),
('09512500', 'usgs', 'AGUA FRIA RIVER NEAR MAYER, AZ', '{}', 'Stream', 34.315, -112.064, 3434, NULL,
    'Yavapai County', 'Arizona', NULL, NULL, 'America/Phoenix', 'usgs_monitoring_location', NULL, NULL);
INSERT INTO gauge_summaries (station_id, gauge_name, rainfall_past_6h_inches, rainfall_past_24h_inches,
    observed_at, is_stale) VALUES
('59700', 'Aztec Park', 0.04, 0.31, '2026-08-07T11:45Z', true), ('10700', 'Cave Buttes', 0, NULL,
    now(), false), ('12345', '@SUM(A1)', 0, 0, '2026-08-01T00:00Z', true);
"""
# At 59700 the water year 2022 is complete and 2023 lacks three days, two of them told; 2024 has 29 February.
RAIN = """
INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, quality, data_source, document_date)
    SELECT '59700', day, CASE WHEN extract(day FROM day) % 5 = 0 THEN extract(month FROM day) / 25 ELSE 0 END,
        'measured', 'fopr', '2025-01-10'
    FROM generate_series(date '2021-10-01', date '2024-12-31', interval '1 day') AS day
    WHERE day NOT IN ('2023-01-15', '2023-01-16', '2023-02-03');
INSERT INTO gauge_documents (station_id, data_source, document_date, standing, told, missing) VALUES ('59700',
    'fopr', '2025-01-10', 3, '{[2021-10-01,2023-01-15),[2023-01-17,2023-02-03),[2023-02-04,2025-01-01)}',
    '{[2023-01-15,2023-01-17)}');
INSERT INTO data_gaps (station_id, parameter_code, source, gap_start, gap_end, cause, missing_days, notes,
    quality_code) VALUES
('59700', '00045', 'fopr', '2023-01-15T07:00Z', '2023-01-17T07:00Z', 'Battery', 2, '=1+1, "quoted"', 2),
('59700', '00045', 'excel_WY_2023', '2023-01-15T07:00Z', NULL, 'Repeater', 0, NULL, NULL),
('59700', '00045', 'fopr', '2024-06-01T07:00Z', '2024-06-02T07:00Z', 'Vandalism', 0, NULL, 1);
INSERT INTO import_jobs (kind, subject, status, import_stats, completed_at, last_completed_at) VALUES
('fopr', '59700', 'completed',
    '{"document_date": "2025-01-10", "claims": 7, "mismatches": [], "warnings": []}',
    '2026-08-01T03:00Z', '2026-08-01T03:00Z'),
('fopr', '10700', 'pending', NULL, NULL, NULL);
"""
SERIES = """
INSERT INTO poll_targets (station_id, source, origin, last_polled_at) VALUES
    ('05568500', 'usgs', 'settings', '2026-08-07T12:00Z'),
    ('09512500', 'usgs', 'settings', '2026-08-07T12:00Z'),
    ('59700', 'mcfcd_tips', 'operator', '2026-08-07T12:00Z');
INSERT INTO series (station_id, parameter_code, statistic, method, unit, is_primary, source, begins) VALUES
    ('05568500', '00060', '00011', '', 'ft^3/s', true, 'usgs', '1990-10-01T00:00Z'),
    ('05568500', '00065', '00011', '', 'ft', true, 'usgs', NULL),
    ('05568500', '00060', '00003', '', 'ft^3/s', true, 'usgs', NULL),
    ('09512500', '00060', '00011', '', 'ft^3/s', true, 'usgs', NULL),
    ('59700', '00045', '00011', 'past_24_h', 'in', true, 'mcfcd_rainfall', NULL),
    ('59700', '00045', '00011', 'past_15_min', 'in', true, 'mcfcd_rainfall', NULL),
    ('59700', '00045', '00011', 'counter', 'in', true, 'mcfcd_tips', NULL);
INSERT INTO monitoring_state (series_id, last_poll_attempted, consecutive_failures, is_stale, status,
    status_reason, latest_reading_time, latest_reading_value)
    SELECT series_id, now(), 0, status <> 'active', status, reason, newest::timestamptz, value
    FROM (VALUES ('05568500', '00060', '', 'active', NULL, '2026-08-07T11:45Z', 9010),
        ('05568500', '00065', '', 'degraded', 'stale', '2026-08-07T06:00Z', -1.5),
        ('09512500', '00060', '', 'offline', 'request_failed', NULL, NULL),
        ('59700', '00045', 'past_24_h', 'active', NULL, '2026-08-07T11:55Z', 0.31),
        ('59700', '00045', 'past_15_min', 'active', NULL, '2026-08-07T11:55Z', 0),
        ('59700', '00045', 'counter', 'active', NULL, '2026-08-07T11:50Z', 4.21)
    ) AS told (station_id, parameter_code, method, status, reason, newest, value)
    JOIN series USING (station_id, parameter_code, method) WHERE statistic = '00011';
"""
# Of the mean discharge of the river, three days and one that is missing.
DAILY_VALUES = """
INSERT INTO daily_values (series_id, reading_date, value, modified_at, approved, qualifiers)
    SELECT series_id, day, value, '2026-08-07T12:00Z', approved, words
    FROM series CROSS JOIN (VALUES (date '1995-03-01', 4120.0, true, NULL),
        ('1995-03-02', 4210.0, true, '{ESTIMATED,ICE}'::text[]), ('1995-03-04', -15.5, false, NULL)
    ) AS told (day, value, approved, words)
    WHERE station_id = '05568500' AND statistic = '00003';
"""
PARTITIONS = """
SELECT ensure_partition(month::date)
FROM generate_series(date '2025-07-01', date '2026-08-01', interval '1 month') AS month
"""
# A slow wave with a sharp peak and a sharp low, each of one reading.
READING_ROWS = """
INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at, qualifiers)
    SELECT series_id, %(first)s + n * interval '15 minutes',
           CASE n WHEN 20000 THEN 99999.5 WHEN 20100 THEN -7.25
                ELSE round((1000 + 500 * sin(n / 700.0))::numeric, 2) END,
           n < 30000, %(first)s, CASE WHEN n %% 1000 = 0 THEN '{ESTIMATED,ICE}'::text[] END
    FROM series CROSS JOIN generate_series(0, %(rows)s - 1) AS n
    WHERE station_id = '05568500' AND parameter_code = '00060' AND statistic = '00011'
"""


def fill(conn: psycopg.Connection, *, readings: int = 0) -> None:
    """Put all of it into an empty migrated database, with so many readings of the river."""
    for statement in (GAUGES, RAIN, SERIES, DAILY_VALUES):
        conn.execute(statement.encode())
    conn.execute(PARTITIONS.encode())
    conn.execute(READING_ROWS.encode(), {"first": FIRST_READING, "rows": readings})
    conn.execute("ANALYZE")

"""Stream gauges in every state that the system's state tells apart, and how many there are of each."""

from typing import Any

# Series 1 to 9 are polled; 10 was never polled; 11 belongs to a site that is polled no longer.
STREAMS = """
INSERT INTO poll_targets (station_id, origin, active, last_polled_at) VALUES
    ('09512500', 'settings', true, now()), ('a', 'settings', true, NULL), ('b', 'operator', true, NULL),
    ('1000', 'operator', false, NULL);
INSERT INTO series (station_id, parameter_code, statistic, unit, is_primary)
    SELECT CASE n WHEN 11 THEN '1000' ELSE '09512500' END, n::text, '00011', 'ft', true
    FROM generate_series(1, 11) AS n;
INSERT INTO series (station_id, parameter_code, statistic, unit, is_primary)
    VALUES ('1001', '00060', '00003', 'ft', true);
INSERT INTO monitoring_state (series_id, last_poll_attempted, consecutive_failures, is_stale, status,
    status_reason, latest_reading_time, latest_reading_value)
    SELECT n, now(), CASE status WHEN 'offline' THEN 1 ELSE 0 END, status <> 'active', status, reason,
        now() - n * interval '10 minutes', n
    FROM (VALUES (1, 'active', NULL), (2, 'degraded', 'stale'), (3, 'degraded', 'stale'),
        (4, 'offline', 'no_data'), (5, 'offline', 'no_data'), (6, 'offline', 'request_failed'),
        (7, 'offline', 'request_failed'), (8, 'offline', 'request_failed'),
        (9, 'offline', 'request_failed')) AS judged (n, status, reason);
INSERT INTO monitoring_state (series_id, last_poll_attempted, consecutive_failures, is_stale, status,
    latest_reading_time, latest_reading_value) VALUES (11, now(), 0, false, 'active', now(), 1);
SELECT ensure_partition('2024-01-01'), ensure_partition('2024-02-01');
INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at)
    SELECT 1, date '2024-01-29' + n, 1.5, false, now() FROM generate_series(1, 7) AS n;
INSERT INTO daily_values (series_id, reading_date, value, approved, modified_at)
    SELECT 12, date '2024-01-29' + n, 1.5, false, now() FROM generate_series(1, 3) AS n;
ANALYZE gauge_readings, daily_values;
"""
POLLED = "FROM monitoring_state JOIN series USING (series_id) WHERE series_id <> 11 AND source = 'usgs'"
STREAM_COUNTS: dict[str, tuple[str, Any]] = {
    "series_active": (f"SELECT count(*) {POLLED} AND status = 'active'", 1),
    "series_degraded": (f"SELECT count(*) {POLLED} AND status_reason = 'stale'", 2),
    "series_offline": (f"SELECT count(*) {POLLED} AND status_reason IN ('no_data', 'request_failed')", 6),
    "series_request_failed": (f"SELECT count(*) {POLLED} AND status_reason = 'request_failed'", 4),
    "poll_targets": ("SELECT count(*) FROM poll_targets WHERE station_id <> '1000' AND source = 'usgs'", 3),
    "targets_never_polled": ("SELECT count(*) FROM poll_targets WHERE station_id IN ('a', 'b')", 2),
    "gauge_readings_estimate": ("SELECT count(*) FROM gauge_readings", 7),
    "daily_values_estimate": ("SELECT count(*) FROM daily_values", 3),
}

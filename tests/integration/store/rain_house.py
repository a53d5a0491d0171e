"""Live rainfall in every state that the system's state tells apart, and how many there are of each."""

from typing import Any

# Each of the report's totals at 1000 is in one state; 1001 is watched, 1002 is so no longer.
RAIN = """
INSERT INTO series (station_id, parameter_code, statistic, method, unit, is_primary, source) VALUES
    ('1000', '00045', '00011', 'past_15_min', 'in', true, 'mcfcd_rainfall'),
    ('1000', '00045', '00011', 'past_1_h', 'in', true, 'mcfcd_rainfall'),
    ('1000', '00045', '00011', 'past_3_h', 'in', true, 'mcfcd_rainfall'),
    ('1000', '00045', '00011', 'past_6_h', 'in', true, 'mcfcd_rainfall'),
    ('1000', '00045', '00011', 'past_24_h', 'in', true, 'mcfcd_rainfall'),
    ('1000', '00045', '00011', 'past_72_h', 'in', true, 'mcfcd_rainfall'),  -- never polled
    ('1001', '00045', '00011', 'counter', 'in', true, 'mcfcd_tips'),
    ('1002', '00045', '00011', 'counter', 'in', true, 'mcfcd_tips');
INSERT INTO poll_targets (station_id, source, origin, active, last_polled_at) VALUES
    ('1001', 'mcfcd_tips', 'operator', true, now()), ('1002', 'mcfcd_tips', 'operator', false, now()),
    ('1003', 'mcfcd_tips', 'operator', true, NULL);
INSERT INTO monitoring_state (series_id, last_poll_attempted, consecutive_failures, is_stale, status,
    status_reason, latest_reading_time, latest_reading_value)
    SELECT series_id, now(), 0, status <> 'active', status, reason, now() - minutes * interval '1 minute', 0
    FROM (VALUES ('1000', 'past_15_min', 'active', NULL, 3), ('1000', 'past_1_h', 'active', NULL, 3),
        ('1000', 'past_3_h', 'degraded', 'stale', 130), ('1000', 'past_6_h', 'offline', 'no_data', 500),
        ('1000', 'past_24_h', 'offline', 'request_failed', 500), ('1001', 'counter', 'active', NULL, 1),
        ('1002', 'counter', 'active', NULL, 0)) AS judged (station_id, method, status, reason, minutes)
    JOIN series USING (station_id, method);
"""
LIVE = """
FROM monitoring_state JOIN series USING (series_id) WHERE source <> 'usgs' AND station_id <> '1002'
"""
RAIN_COUNTS: dict[str, tuple[str, Any]] = {
    "rain_series_active": (f"SELECT count(*) {LIVE} AND status = 'active'", 3),
    "rain_series_degraded": (f"SELECT count(*) {LIVE} AND status_reason = 'stale'", 1),
    "rain_series_offline": (f"SELECT count(*) {LIVE} AND status_reason IN ('no_data', 'request_failed')", 2),
    "rain_series_request_failed": (f"SELECT count(*) {LIVE} AND status_reason = 'request_failed'", 1),
    "watched_gauges": ("SELECT count(*) FROM poll_targets WHERE station_id IN ('1001', '1003')", 2),
    "watched_never_polled": ("SELECT count(*) FROM poll_targets WHERE station_id = '1003'", 1),
}

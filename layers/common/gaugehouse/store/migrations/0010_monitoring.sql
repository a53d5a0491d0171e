-- How each series is doing, and which sites are asked for.

-- Every row changes with every poll, and no index covers what changes: the free space keeps the new version on
-- its page, and no index is touched.
CREATE TABLE monitoring_state (
    series_id            integer          PRIMARY KEY REFERENCES series,
    last_poll_attempted  timestamptz      NOT NULL,
    last_poll_succeeded  timestamptz,
    last_data_received   timestamptz,
    latest_reading_time  timestamptz,
    latest_reading_value double precision,
    consecutive_failures integer          NOT NULL CHECK (consecutive_failures >= 0),
    is_stale             boolean          NOT NULL,
    status               text             NOT NULL CHECK (status IN ('active', 'degraded', 'offline')),
    status_reason        text             CHECK (status_reason IN ('request_failed', 'no_data', 'stale')),
    CHECK (last_poll_succeeded <= last_poll_attempted),
    CHECK (last_data_received <= last_poll_succeeded),
    CHECK ((latest_reading_time IS NULL) = (latest_reading_value IS NULL)),
    CHECK ((status = 'active') = (status_reason IS NULL)),
    CHECK ((status = 'degraded') = (status_reason IS NOT DISTINCT FROM 'stale')),
    CHECK (status = 'offline' OR is_stale = (status = 'degraded')),
    CHECK (status <> 'active' OR consecutive_failures = 0)
) WITH (fillfactor = 50);

COMMENT ON TABLE monitoring_state IS 'How each primary instantaneous series is doing, as of its last live poll. A series that was never polled has no row.';
COMMENT ON COLUMN monitoring_state.series_id IS 'The series.';
COMMENT ON COLUMN monitoring_state.last_poll_attempted IS 'The newest poll that asked for the series. Nothing of this row moves backwards.';
COMMENT ON COLUMN monitoring_state.last_poll_succeeded IS 'The newest poll that the agency answered, also with nothing.';
COMMENT ON COLUMN monitoring_state.last_data_received IS 'The newest poll whose answer held a reading of the series.';
COMMENT ON COLUMN monitoring_state.latest_reading_time IS 'When the newest reading that a poll brought was measured.';
COMMENT ON COLUMN monitoring_state.latest_reading_value IS 'Its value, in the unit of the series.';
COMMENT ON COLUMN monitoring_state.consecutive_failures IS 'Polls in a row without a reading. A poll that is tried again counts once.';
COMMENT ON COLUMN monitoring_state.is_stale IS 'At the last poll the newest reading was older than the threshold of the series, strictly, or there was none.';
COMMENT ON COLUMN monitoring_state.status IS 'active, degraded (it answers, and its newest reading is stale), offline (it brought nothing).';
COMMENT ON COLUMN monitoring_state.status_reason IS 'request_failed (the agency did not answer), no_data (it had no reading), stale; NULL while active.';

CREATE TABLE poll_targets (
    station_id       text          PRIMARY KEY CHECK (station_id ~ '^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$'),
    source           text          NOT NULL DEFAULT 'usgs' CHECK (source = 'usgs'),
    origin           text          NOT NULL CHECK (origin IN ('settings', 'operator')),
    active           boolean       NOT NULL DEFAULT true,
    added_at         timestamptz   NOT NULL DEFAULT now(),
    discovered_at    timestamptz,
    last_polled_at   timestamptz,
    last_poll_failed boolean       NOT NULL DEFAULT false,
    last_poll_error  text,
    recent_swept_at  timestamptz,
    deep_swept_at    timestamptz,
    backfilled       tstzmultirange NOT NULL DEFAULT '{}',
    CHECK (last_poll_failed = (last_poll_error IS NOT NULL)),
    CHECK (NOT last_poll_failed OR last_polled_at IS NOT NULL)
) WITH (fillfactor = 70);

COMMENT ON TABLE poll_targets IS 'Which sites are polled, and when each one was.';
COMMENT ON COLUMN poll_targets.station_id IS 'The agency''s id of the site; its gauge may not be known yet.';
COMMENT ON COLUMN poll_targets.source IS 'Whom to ask: usgs.';
COMMENT ON COLUMN poll_targets.origin IS 'Who decided last about this site: settings, or the operator, whom the settings never overrule.';
COMMENT ON COLUMN poll_targets.active IS 'Whether it is polled. One that was removed keeps its row.';
COMMENT ON COLUMN poll_targets.added_at IS 'When it was first named.';
COMMENT ON COLUMN poll_targets.discovered_at IS 'When the agency last told which series the site has; NULL is not yet.';
COMMENT ON COLUMN poll_targets.last_polled_at IS 'The newest live poll of the site, whether it failed or not; NULL is never.';
COMMENT ON COLUMN poll_targets.last_poll_failed IS 'That poll was not answered.';
COMMENT ON COLUMN poll_targets.last_poll_error IS 'Why not.';
COMMENT ON COLUMN poll_targets.recent_swept_at IS 'When the last look for late and revised readings over hours succeeded; NULL is never.';
COMMENT ON COLUMN poll_targets.deep_swept_at IS 'When the last look for late and revised readings over days succeeded; NULL is never.';
COMMENT ON COLUMN poll_targets.backfilled IS 'Past windows that were asked for and answered already.';

-- Looking sites up when it is needed, names to compare ids with, and series that have ended.

ALTER TABLE poll_targets
    ADD COLUMN name text CHECK (name <> ''),
    ADD COLUMN lookup_wanted_at timestamptz,
    ADD COLUMN wish_met_at timestamptz,
    ADD COLUMN backfilled_at timestamptz;
COMMENT ON COLUMN poll_targets.name IS 'The name that the settings or the operator gave with the id, to compare with the agency''s; NULL without any.';
COMMENT ON COLUMN poll_targets.lookup_wanted_at IS 'When something asked for the series of the site to be looked up again: an answer spoke of an unknown one, or a name was given. NULL is not wanted.';
COMMENT ON COLUMN poll_targets.wish_met_at IS 'When such a wish was last met: the next one waits for some hours.';
COMMENT ON COLUMN poll_targets.backfilled_at IS 'When the site was last asked about the past; NULL is never.';

ALTER TABLE gauges
    ADD COLUMN series_looked_up_at timestamptz,
    ADD COLUMN series_parameters text[];
COMMENT ON COLUMN gauges.series_looked_up_at IS 'When the agency last told which series a stream gauge has; NULL is never.';
COMMENT ON COLUMN gauges.series_parameters IS 'The parameter codes that it was asked for then, sorted.';

CREATE TABLE applied_settings (
    source     text        PRIMARY KEY CHECK (source <> ''),
    settings   text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE applied_settings IS 'Which sites the settings named when they were last put into poll_targets. Others now: they are put in again at once.';
COMMENT ON COLUMN applied_settings.source IS 'Whose sites: usgs.';
COMMENT ON COLUMN applied_settings.settings IS 'The settings, as JSON text.';
COMMENT ON COLUMN applied_settings.applied_at IS 'When.';

-- A series that ended long ago, or that is not asked for any more, is no dead gauge. Its end is measured at the
-- site's last poll: the agency's own end of a series that goes on lags behind, and a reading counts as well.
CREATE OR REPLACE VIEW usgs_raw.monitoring_state AS
    SELECT series.station_id AS site_code, series.parameter_code, state.last_poll_attempted,
           state.last_poll_succeeded, state.last_data_received, state.latest_reading_time,
           state.latest_reading_value, state.consecutive_failures, state.is_stale, state.status,
           state.status_reason, series.unit, series.staleness_minutes, series.series_id
    FROM public.series
    JOIN public.poll_targets AS target ON target.station_id = series.station_id AND target.active
    JOIN public.gauges AS gauge ON gauge.station_id = series.station_id
    LEFT JOIN public.monitoring_state AS state USING (series_id)
    WHERE series.is_primary AND series.statistic = '00011'
        AND (gauge.series_parameters IS NULL OR series.parameter_code = ANY (gauge.series_parameters))
        AND coalesce(greatest(series.ends, state.latest_reading_time)
                     >= target.last_polled_at - interval '60 days', true);

COMMENT ON VIEW usgs_raw.monitoring_state IS 'Every series that is polled, and how it is doing. One that was never polled has NULL in every column of its state. Left out are series of parameters that are not asked for any more, and those without a reading in the 60 days before the site''s last poll: they have ended.';

-- Rain that is falling now: which poll brings a series, watched rain gauges, and views of both.

ALTER TABLE series ADD COLUMN source text NOT NULL DEFAULT 'usgs'
    CHECK (source IN ('usgs', 'mcfcd_rainfall', 'mcfcd_tips'));
COMMENT ON COLUMN series.source IS 'The poll that brings its readings: usgs, mcfcd_rainfall (totals of the last minutes and hours), mcfcd_tips (a counter since 1 October).';
COMMENT ON COLUMN series.method IS 'Tells several series of one parameter apart: several sensors, where it is empty for the primary one; or how rain is counted (past_15_min, past_72_h, counter).';
COMMENT ON TABLE series IS 'Time series: what is measured where, and how. Readings belong to a row of this table, whatever sensor the agency has in place.';

COMMENT ON COLUMN gauges.metadata_source IS 'Which document told the columns of this row: gauge_list, interval_report, tips, fopr, usgs_monitoring_location; water_year or monthly_pdf for a minimal row, which knows nothing but the id.';

ALTER TABLE poll_targets
    DROP CONSTRAINT poll_targets_source_check,
    ADD CONSTRAINT poll_targets_source_check CHECK (source IN ('usgs', 'mcfcd_tips'));
COMMENT ON COLUMN poll_targets.source IS 'Whom to ask: usgs, or mcfcd_tips for a watched rain gauge.';

-- What is called usgs_raw keeps to the USGS.
CREATE OR REPLACE VIEW usgs_raw.gauge_readings AS
    SELECT reading.series_id * 8589934592 + floor(date_part('epoch', reading.reading_time))::bigint + 2208988800 AS id,
           series.station_id AS site_code, series.parameter_code, reading.reading_time, reading.value,
           reading.qualifiers, series.statistic, reading.approved, series.unit, reading.modified_at,
           reading.received_at, reading.series_id
    FROM public.gauge_readings AS reading
    JOIN public.series USING (series_id)
    WHERE series.source = 'usgs';

CREATE OR REPLACE VIEW usgs_raw.monitoring_state AS
    SELECT series.station_id AS site_code, series.parameter_code, state.last_poll_attempted,
           state.last_poll_succeeded, state.last_data_received, state.latest_reading_time,
           state.latest_reading_value, state.consecutive_failures, state.is_stale, state.status,
           state.status_reason, series.unit, series.staleness_minutes, series.series_id
    FROM public.series
    JOIN public.poll_targets AS target
        ON target.station_id = series.station_id AND target.active AND target.source = 'usgs'
    JOIN public.gauges AS gauge ON gauge.station_id = series.station_id
    LEFT JOIN public.monitoring_state AS state USING (series_id)
    WHERE series.is_primary AND series.statistic = '00011' AND series.source = 'usgs'
        AND (gauge.series_parameters IS NULL OR series.parameter_code = ANY (gauge.series_parameters))
        AND coalesce(greatest(series.ends, state.latest_reading_time)
                     >= target.last_polled_at - interval '60 days', true);

-- The totals of every gauge in the report, and the counters of those that are watched now.
CREATE VIEW live_rainfall AS
    SELECT series.station_id, gauge.name, series.method, state.latest_reading_time,
           state.latest_reading_value AS inches, state.status, state.status_reason, state.is_stale,
           state.consecutive_failures, state.last_poll_attempted, state.last_poll_succeeded,
           state.last_data_received, series.staleness_minutes, series.source, series.series_id
    FROM series
    JOIN gauges AS gauge USING (station_id)
    LEFT JOIN monitoring_state AS state USING (series_id)
    WHERE series.source = 'mcfcd_rainfall'
        OR (series.source = 'mcfcd_tips'
            AND EXISTS (SELECT FROM poll_targets AS target
                        WHERE target.station_id = series.station_id AND target.source = series.source
                            AND target.active));
COMMENT ON VIEW live_rainfall IS 'Live rainfall, a row for each gauge and way of counting: the newest value and how it is doing. One that was never polled has NULL in every column of its state.';

-- A step of the counter belongs to the day in which it ends. Where the counter may have started again, on
-- 1 October, a step is only known if it fell, or if the counter stood at 0 before. A function of the moment,
-- since a view of now could be tried on one day only.
CREATE FUNCTION rain_until(moment timestamptz) RETURNS TABLE (
    station_id text, reading_date date, inches numeric, latest_reading_time timestamptz, is_unbroken boolean
) LANGUAGE sql STABLE AS $$
    SELECT series.station_id, today.reading_date, told.inches, told.latest_reading_time,
           coalesce(told.is_unbroken, false)
    FROM series
    JOIN gauges AS gauge USING (station_id)
    CROSS JOIN LATERAL (SELECT (moment AT TIME ZONE gauge.time_zone)::date AS reading_date) AS today
    CROSS JOIN LATERAL (
        SELECT today.reading_date::timestamp AT TIME ZONE gauge.time_zone AS begins,
               to_char(today.reading_date, 'MMDD') = '1001' AS counts_anew
    ) AS day
    CROSS JOIN LATERAL (
        SELECT round(CASE WHEN count(*) > count(*) FILTER (WHERE before_time IS NULL AND reading_time > day.begins)
                          THEN coalesce(sum(growth), 0) END::numeric, 2) AS inches,
               max(reading_time) AS latest_reading_time,
               bool_and(reading_time <= day.begins
                        OR (growth IS NOT NULL AND reading_time - before_time <= interval '7 hours'))
                   AND moment - max(reading_time) <= interval '7 hours' AS is_unbroken
        FROM (
            SELECT reading_time, before_time,
                   CASE WHEN reading_time <= day.begins THEN NULL
                        WHEN day.counts_anew AND before_time < day.begins AND before > 0
                            THEN CASE WHEN value < before THEN value END
                        WHEN value >= before THEN value - before END AS growth
            FROM (
                SELECT reading_time, value, lag(value) OVER ordered AS before,
                       lag(reading_time) OVER ordered AS before_time
                FROM gauge_readings AS reading
                WHERE reading.series_id = series.series_id
                    AND reading.reading_time >= day.begins - interval '7 hours'
                    AND reading.reading_time <= moment
                WINDOW ordered AS (ORDER BY reading_time)
            ) AS steps
        ) AS grown
    ) AS told
    WHERE series.source = 'mcfcd_tips'
$$;
COMMENT ON FUNCTION rain_until(timestamptz) IS 'Rain at each watched gauge from the local midnight before a moment until then, as far as its transmissions tell.';

CREATE VIEW rain_today AS SELECT * FROM rain_until(now());
COMMENT ON VIEW rain_today IS 'Rain of the present local day so far at each watched gauge, by its counter. Never a row of rain_readings: the day is not over.';
COMMENT ON COLUMN rain_today.station_id IS 'The gauge.';
COMMENT ON COLUMN rain_today.reading_date IS 'The present local day of the gauge.';
COMMENT ON COLUMN rain_today.inches IS 'Inches since local midnight, as far as transmissions tell; NULL when none does.';
COMMENT ON COLUMN rain_today.latest_reading_time IS 'The newest transmission: so far is until then.';
COMMENT ON COLUMN rain_today.is_unbroken IS 'No two transmissions since midnight, nor the last one and now, are more than seven hours apart. Otherwise rain can be missing.';

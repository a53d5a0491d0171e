-- The one row of counts with live rainfall in it. A rain gauge has a record when its days are stored: what it
-- measures now is none. New columns can only come last.
CREATE OR REPLACE VIEW system_state AS
SELECT
    gauge.known AS gauges,
    (SELECT coalesce(jsonb_object_agg(network, n), '{}')
        FROM (SELECT network, count(*) AS n FROM gauges GROUP BY network) AS by_network) AS gauges_by_network,
    gauge.recorded AS gauges_with_record,
    gauge.known - gauge.recorded AS gauges_without_record,
    jobs.pending AS import_jobs_pending,
    jobs.in_progress AS import_jobs_in_progress,
    jobs.completed AS import_jobs_completed,
    jobs.waiting AS import_jobs_waiting,
    jobs.failed AS import_jobs_failed,
    jobs.oldest_due_seconds,
    jobs.next_retry_seconds,
    jobs.median_seconds_to_record,
    jobs.share_succeeded_7d,
    (SELECT count(*) FROM source_documents) AS documents,
    (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'rain_readings'::regclass) AS readings_estimate,
    (SELECT count(*) FROM data_gaps) AS gaps,
    (SELECT count(*) FROM rejected_records) AS rejects,
    (SELECT count(*) FROM gauge_summaries WHERE is_stale) AS stale_summaries,
    (SELECT count(*) FROM pauses WHERE resumes_at IS NULL OR resumes_at > clock_timestamp()) AS pauses,
    (SELECT count(*) FROM job_runs
        WHERE status IN ('failed', 'crashed') AND started_at > clock_timestamp() - interval '24 hours') AS runs_failed_24h,
    polled.active AS series_active,
    polled.degraded AS series_degraded,
    polled.offline AS series_offline,
    polled.request_failed AS series_request_failed,
    targets.active AS poll_targets,
    targets.never_polled AS targets_never_polled,
    polled.newest_reading_seconds,
    (SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'gauge_readings'::regclass AND relkind = 'r') AS gauge_readings_estimate,
    (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'daily_values'::regclass) AS daily_values_estimate,
    rain.active AS rain_series_active,
    rain.degraded AS rain_series_degraded,
    rain.offline AS rain_series_offline,
    rain.request_failed AS rain_series_request_failed,
    rain.newest_reading_seconds AS newest_rain_seconds,
    watched.active AS watched_gauges,
    watched.never_polled AS watched_never_polled
FROM (
    SELECT
        count(*) FILTER (WHERE status = 'pending') AS pending,
        count(*) FILTER (WHERE status = 'in_progress') AS in_progress,
        count(*) FILTER (WHERE status = 'completed') AS completed,
        count(*) FILTER (WHERE status = 'failed' AND next_retry_at IS NOT NULL) AS waiting,
        count(*) FILTER (WHERE status = 'failed' AND next_retry_at IS NULL) AS failed,
        coalesce(extract(epoch FROM clock_timestamp() - min(coalesce(next_retry_at, due_since))
            FILTER (WHERE status = 'pending' OR next_retry_at <= clock_timestamp())), 0)::float8 AS oldest_due_seconds,
        extract(epoch FROM min(next_retry_at) - clock_timestamp())::float8 AS next_retry_seconds,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_completed_at - created_at)::float8)
            FILTER (WHERE first_completed_at > clock_timestamp() - interval '7 days') AS median_seconds_to_record,
        (count(*) FILTER (WHERE status = 'completed' AND completed_at > clock_timestamp() - interval '7 days'))::float8
            / nullif(count(*) FILTER (WHERE status IN ('completed', 'failed') AND next_retry_at IS NULL
                AND completed_at > clock_timestamp() - interval '7 days'), 0) AS share_succeeded_7d
    FROM import_jobs
) AS jobs,
(
    SELECT
        (SELECT count(*) FROM gauges) AS known,
        (SELECT count(*) FROM (
            SELECT station_id FROM gauges AS g
                WHERE EXISTS (SELECT FROM rain_readings AS r WHERE r.station_id = g.station_id)
            UNION SELECT station_id FROM series AS s
                WHERE EXISTS (SELECT FROM daily_values AS d WHERE d.series_id = s.series_id)
            UNION SELECT station_id FROM series JOIN monitoring_state AS m USING (series_id)
                WHERE m.latest_reading_time IS NOT NULL AND series.source = 'usgs'
        ) AS measured) AS recorded
) AS gauge,
(
    SELECT
        count(*) FILTER (WHERE status = 'active') AS active,
        count(*) FILTER (WHERE status = 'degraded') AS degraded,
        count(*) FILTER (WHERE status = 'offline') AS offline,
        count(*) FILTER (WHERE status_reason = 'request_failed') AS request_failed,
        extract(epoch FROM clock_timestamp() - max(latest_reading_time))::float8 AS newest_reading_seconds
    FROM usgs_raw.monitoring_state
) AS polled,
(
    SELECT count(*) AS active, count(*) FILTER (WHERE last_polled_at IS NULL) AS never_polled
    FROM poll_targets WHERE active AND source = 'usgs'
) AS targets,
(
    SELECT
        count(*) FILTER (WHERE status = 'active') AS active,
        count(*) FILTER (WHERE status = 'degraded') AS degraded,
        count(*) FILTER (WHERE status = 'offline') AS offline,
        count(*) FILTER (WHERE status_reason = 'request_failed') AS request_failed,
        extract(epoch FROM clock_timestamp() - max(latest_reading_time))::float8 AS newest_reading_seconds
    FROM live_rainfall
) AS rain,
(
    SELECT count(*) AS active, count(*) FILTER (WHERE last_polled_at IS NULL) AS never_polled
    FROM poll_targets WHERE active AND source = 'mcfcd_tips'
) AS watched;

-- One row, and the only place that counts. readings_estimate is the planner's estimate: an exact count of
-- millions of rows on every look would be the slowest statement of the system.
CREATE VIEW system_state AS
SELECT
    (SELECT count(*) FROM gauges) AS gauges,
    (SELECT coalesce(jsonb_object_agg(network, n), '{}')
        FROM (SELECT network, count(*) AS n FROM gauges GROUP BY network) AS by_network) AS gauges_by_network,
    (SELECT count(*) FROM gauges AS g
        WHERE EXISTS (SELECT FROM rain_readings AS r WHERE r.station_id = g.station_id)) AS gauges_with_record,
    (SELECT count(*) FROM gauges AS g
        WHERE NOT EXISTS (SELECT FROM rain_readings AS r WHERE r.station_id = g.station_id)) AS gauges_without_record,
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
        WHERE status IN ('failed', 'crashed') AND started_at > clock_timestamp() - interval '24 hours') AS runs_failed_24h
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
) AS jobs;

COMMENT ON VIEW system_state IS 'The whole system in one row. Nothing else counts.';

ALTER TABLE gauge_summaries ADD COLUMN is_stale boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN gauge_summaries.is_stale IS 'The agency''s list has not shown this gauge for too long.';

ALTER TABLE gauges
    ADD COLUMN workbook_available boolean,
    ADD COLUMN workbook_checked_at timestamptz;
COMMENT ON COLUMN gauges.workbook_available IS 'Whether the agency has a full-record workbook of this gauge; NULL is not known yet.';
COMMENT ON COLUMN gauges.workbook_checked_at IS 'When the agency was last asked for it.';

ALTER TABLE import_jobs
    ADD COLUMN due_since timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN first_completed_at timestamptz;
COMMENT ON COLUMN import_jobs.due_since IS 'When the job last turned pending.';
COMMENT ON COLUMN import_jobs.first_completed_at IS 'When it first ended well: how long a new gauge waits for its record.';
UPDATE import_jobs SET first_completed_at = last_completed_at;

CREATE OR REPLACE FUNCTION import_jobs_turn_pending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'in_progress' AND NOT (OLD.rerun_requested AND NOT NEW.rerun_requested)
    THEN
        NEW.status := 'in_progress';
        NEW.rerun_requested := true;
        RETURN NEW;
    END IF;
    NEW.published_at := NULL;
    NEW.unforeseen := false;
    NEW.next_retry_at := NULL;
    NEW.completed_at := NULL;
    NEW.due_since := clock_timestamp();
    RETURN NEW;
END $$;

ALTER TABLE upstream_quotas
    ADD COLUMN request_limit integer CHECK (request_limit > 0),
    ADD COLUMN remaining integer CHECK (remaining >= 0),
    ADD COLUMN window_seconds double precision CHECK (window_seconds > 0),
    ADD COLUMN resets_at timestamptz,
    ADD CHECK ((request_limit IS NULL) = (remaining IS NULL)),
    ADD CHECK ((request_limit IS NULL) = (window_seconds IS NULL));
COMMENT ON COLUMN upstream_quotas.request_limit IS 'Requests in a window, as the agency''s headers last said; NULL where it says nothing.';
COMMENT ON COLUMN upstream_quotas.remaining IS 'How many of them are left in this window.';
COMMENT ON COLUMN upstream_quotas.window_seconds IS 'How long a window is.';
COMMENT ON COLUMN upstream_quotas.resets_at IS 'When the window ends and the budget is whole again.';

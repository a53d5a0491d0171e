-- The ledger of imports: see docs/adr/0002-job-ledger-as-outbox.md and the state machine in
-- docs/architecture.md. PostgreSQL is the truth, SQS only wakes the importer.

CREATE TABLE import_jobs (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind              text        NOT NULL DEFAULT 'fopr' CHECK (kind IN ('fopr', 'water_year', 'monthly_pdf')),
    subject           text        NOT NULL CHECK (subject ~ '^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$'),
    status            text        NOT NULL DEFAULT 'pending'
                                  CHECK (status IN ('pending', 'in_progress', 'completed', 'failed')),
    priority          integer     NOT NULL DEFAULT 0,
    retry_count       integer     NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
    next_retry_at     timestamptz,
    error_message     text,
    error_history     jsonb       NOT NULL DEFAULT '{"errors": []}',
    source            text        NOT NULL DEFAULT 'operator',
    gauge_summary     jsonb       CHECK (jsonb_typeof(gauge_summary) = 'object'),
    import_stats      jsonb,
    published_at      timestamptz,
    rerun_requested   boolean     NOT NULL DEFAULT false,
    unforeseen        boolean     NOT NULL DEFAULT false,
    worker_id         text,
    fencing_token     bigint,
    created_at        timestamptz NOT NULL DEFAULT now(),
    started_at        timestamptz,
    completed_at      timestamptz,
    last_completed_at timestamptz,
    UNIQUE (kind, subject),
    CHECK (status = 'failed' OR next_retry_at IS NULL),
    CHECK (status <> 'in_progress' OR (worker_id IS NOT NULL AND fencing_token IS NOT NULL))
);

-- All that publication and the sweep ever look at. Completed and finally failed jobs are not in it, so
-- its size is the work that is open, whatever the history.
CREATE INDEX import_jobs_open ON import_jobs (priority DESC, created_at, id)
    WHERE status IN ('pending', 'in_progress') OR next_retry_at IS NOT NULL;

COMMENT ON TABLE import_jobs IS 'The ledger of imports and the outbox of the import queue: one row per document that is wanted.';
COMMENT ON COLUMN import_jobs.id IS 'Surrogate key.';
COMMENT ON COLUMN import_jobs.kind IS 'What is imported: fopr (a gauge''s full record), water_year, monthly_pdf.';
COMMENT ON COLUMN import_jobs.subject IS 'Which one: a station id for fopr.';
COMMENT ON COLUMN import_jobs.status IS 'pending: due now. in_progress: a worker holds its lock. completed. failed: waits for next_retry_at, or is final without it.';
COMMENT ON COLUMN import_jobs.priority IS 'Higher first. 0 is automatic, 10 an operator''s.';
COMMENT ON COLUMN import_jobs.retry_count IS 'Retries that were scheduled since the job was last asked for.';
COMMENT ON COLUMN import_jobs.next_retry_at IS 'When a failed job is due again; NULL on a failed job means that it is final.';
COMMENT ON COLUMN import_jobs.error_message IS 'The newest error.';
COMMENT ON COLUMN import_jobs.error_history IS 'The newest 50 errors, numbered through the job''s life: {"errors": [{"attempt", "timestamp", "error"}]}.';
COMMENT ON COLUMN import_jobs.source IS 'Who asked: discovery, operator, message, refresh.';
COMMENT ON COLUMN import_jobs.gauge_summary IS 'The list entry with which the gauge was discovered.';
COMMENT ON COLUMN import_jobs.import_stats IS 'What the last finished import did and whether its proof held.';
COMMENT ON COLUMN import_jobs.published_at IS 'When a message was last sent for this job; NULL means that one must be sent.';
COMMENT ON COLUMN import_jobs.rerun_requested IS 'Somebody asked again while the job was in progress: it turns pending when it ends.';
COMMENT ON COLUMN import_jobs.unforeseen IS 'The newest error is one that nobody foresaw: its message goes to the dead-letter queue.';
COMMENT ON COLUMN import_jobs.worker_id IS 'The invocation that has or last had the job.';
COMMENT ON COLUMN import_jobs.fencing_token IS 'The token of the lock under which it was claimed.';
COMMENT ON COLUMN import_jobs.created_at IS 'When the job was first asked for.';
COMMENT ON COLUMN import_jobs.started_at IS 'When the newest attempt began.';
COMMENT ON COLUMN import_jobs.completed_at IS 'When it ended, completed or finally failed; NULL while it is open.';
COMMENT ON COLUMN import_jobs.last_completed_at IS 'When it last ended well; survives a job that is asked for again.';

-- An operator's plain UPDATE … SET status = 'pending' must make the job run: a message that was sent
-- for the row's former life must not count as its new one, and a waiting time must not outlive it.
-- UPDATE OF status fires also when the row was pending already: that is an operator asking again.
-- While a worker has the job, asking again means once more when it ends (the worker itself, which answers
-- such a wish, takes rerun_requested back in the same statement): its import must not be thrown away.
CREATE FUNCTION import_jobs_turn_pending() RETURNS trigger LANGUAGE plpgsql AS $$
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
    RETURN NEW;
END $$;

COMMENT ON FUNCTION import_jobs_turn_pending() IS 'Makes a job that turns pending due at once, whoever sets it.';

CREATE TRIGGER import_jobs_turn_pending BEFORE INSERT OR UPDATE OF status ON import_jobs
    FOR EACH ROW WHEN (NEW.status = 'pending') EXECUTE FUNCTION import_jobs_turn_pending();

CREATE VIEW fopr_import_jobs AS
    SELECT id, subject AS station_id, status, priority, retry_count, next_retry_at, error_message,
           error_history, source, gauge_summary, import_stats, published_at, rerun_requested,
           created_at, started_at, completed_at, last_completed_at, kind
    FROM import_jobs
    WHERE kind = 'fopr'
    WITH CHECK OPTION;

COMMENT ON VIEW fopr_import_jobs IS 'The imports of full records, one per gauge, as operators'' statements know them. Updatable.';

-- What ran, for which slot, and how it ended. A slot is done when a succeeded run says so.

CREATE TABLE job_runs (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_name       text        NOT NULL CHECK (job_name <> ''),
    slot           text        NOT NULL CHECK (slot <> ''),
    reference_time timestamptz,
    trigger        text        NOT NULL CHECK (trigger IN ('schedule', 'manual', 'operator')),
    forced         boolean     NOT NULL DEFAULT false,
    request_id     text        NOT NULL,
    fencing_token  bigint,
    started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    completed_at   timestamptz,
    status         text        NOT NULL DEFAULT 'running'
                               CHECK (status IN ('running', 'succeeded', 'failed', 'crashed', 'skipped')),
    rows_affected  bigint      NOT NULL DEFAULT 0 CHECK (rows_affected >= 0),
    error_text     text,
    metadata       jsonb       NOT NULL DEFAULT '{}',
    CHECK ((status = 'running') = (completed_at IS NULL))
);

-- The slot's guarantee: whatever is delivered twice, it succeeds once.
CREATE UNIQUE INDEX job_runs_done ON job_runs (job_name, slot) WHERE status = 'succeeded' AND NOT forced;
CREATE INDEX job_runs_newest ON job_runs (job_name, started_at DESC);
CREATE INDEX job_runs_running ON job_runs (started_at) WHERE status = 'running';
CREATE INDEX job_runs_age ON job_runs (started_at);

COMMENT ON TABLE job_runs IS 'Every run of a poll or a maintenance task, also skipped, failed and crashed ones. Kept for 30 days.';
COMMENT ON COLUMN job_runs.id IS 'Surrogate key.';
COMMENT ON COLUMN job_runs.job_name IS 'The task, or poll:<source>.';
COMMENT ON COLUMN job_runs.slot IS 'The scheduled minute, else the reference time, else the request.';
COMMENT ON COLUMN job_runs.reference_time IS 'The business time that the run was for; NULL is the time of the run.';
COMMENT ON COLUMN job_runs.trigger IS 'schedule, manual (an invocation), operator (the command).';
COMMENT ON COLUMN job_runs.forced IS 'The run was asked for although its slot may be done.';
COMMENT ON COLUMN job_runs.request_id IS 'The invocation.';
COMMENT ON COLUMN job_runs.fencing_token IS 'The token of the lock under which it ran; NULL where it ran without.';
COMMENT ON COLUMN job_runs.started_at IS 'When it began.';
COMMENT ON COLUMN job_runs.completed_at IS 'When it ended; NULL while it runs.';
COMMENT ON COLUMN job_runs.status IS 'running, succeeded, failed (it raised), crashed (it never ended), skipped (done before, or paused).';
COMMENT ON COLUMN job_runs.rows_affected IS 'How many rows it changed, by its own count.';
COMMENT ON COLUMN job_runs.error_text IS 'Why it failed, crashed or was skipped.';
COMMENT ON COLUMN job_runs.metadata IS 'Its summary.';

CREATE TABLE pauses (
    name       text        PRIMARY KEY CHECK (name ~ '^(source|task):[a-z_]+$' OR name = 'imports'),
    reason     text        NOT NULL CHECK (reason <> ''),
    paused_at  timestamptz NOT NULL DEFAULT now(),
    resumes_at timestamptz,
    CHECK (resumes_at > paused_at)
);

COMMENT ON TABLE pauses IS 'What an operator has paused. A row whose resumes_at has passed pauses nothing.';
COMMENT ON COLUMN pauses.name IS 'What is paused: source:<source>, task:<task>, or imports.';
COMMENT ON COLUMN pauses.reason IS 'Why, for whoever looks next.';
COMMENT ON COLUMN pauses.paused_at IS 'Since when.';
COMMENT ON COLUMN pauses.resumes_at IS 'When it resumes by itself; NULL waits for the operator.';

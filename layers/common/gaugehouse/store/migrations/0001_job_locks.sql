-- The one lock of the system: see docs/adr/0001-lock-table.md.

-- Tokens come from a sequence, not from the row: a row that is deleted on release and inserted anew
-- would start again at the same number, and a stale holder's token would fit the new holder's lock.
CREATE SEQUENCE job_lock_tokens AS bigint;

CREATE TABLE job_locks (
    id            text        PRIMARY KEY CHECK (id <> ''),
    worker_id     text        NOT NULL CHECK (worker_id <> ''),
    fencing_token bigint      NOT NULL DEFAULT nextval('job_lock_tokens'),
    locked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz NOT NULL,
    CHECK (expires_at > locked_at)
);

COMMENT ON TABLE job_locks IS 'Who may do what now. A row whose expires_at has passed is free to be taken over.';
COMMENT ON COLUMN job_locks.id IS 'What is locked: import:<kind>:<subject>, poll:<source>:<slot>, <task>:<slot>, publish:imports.';
COMMENT ON COLUMN job_locks.worker_id IS 'The invocation that holds the lock (Lambda request id).';
COMMENT ON COLUMN job_locks.fencing_token IS 'Grows with every acquisition; a write proves with it that its lock is still its own.';
COMMENT ON COLUMN job_locks.locked_at IS 'When the lock was taken, on the database''s clock.';
COMMENT ON COLUMN job_locks.expires_at IS 'When another worker may take it over, on the database''s clock.';

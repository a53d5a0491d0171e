CREATE TABLE upstream_quotas (
    source          text        PRIMARY KEY CHECK (source <> ''),
    next_request_at timestamptz NOT NULL
);

COMMENT ON TABLE upstream_quotas IS 'When each agency may be asked next, for all functions together. Survives cold starts.';
COMMENT ON COLUMN upstream_quotas.source IS 'The agency''s service: mcfcd.';
COMMENT ON COLUMN upstream_quotas.next_request_at IS 'The first free moment; whoever takes it moves it on by one interval.';

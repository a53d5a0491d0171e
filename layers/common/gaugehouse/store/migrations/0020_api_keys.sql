-- Who may use the HTTP API, and what it refused. The API reads as the reader does and writes no table. What it needs
-- of these two goes through the functions below, which are the owner's: not even the hashes can be listed by it.

DO $$
BEGIN
    BEGIN
        CREATE ROLE gaugehouse_api NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT pg_has_role(current_user, 'gaugehouse_api', 'SET') THEN
        GRANT gaugehouse_api TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
    END IF;
    IF NOT pg_has_role('gaugehouse_api', 'gaugehouse_reader', 'USAGE') THEN
        GRANT gaugehouse_reader TO gaugehouse_api;
    END IF;
END $$;

CREATE TABLE api_keys (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    prefix        text        NOT NULL UNIQUE CHECK (prefix ~ '^[a-z2-7]{8}$'),
    name          text        NOT NULL CHECK (name <> ''),
    secret_sha256 bytea       NOT NULL CHECK (octet_length(secret_sha256) = 32),
    scopes        text[]      NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'operate']),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    CHECK (expires_at > created_at)
);

COMMENT ON TABLE api_keys IS 'Keys of the HTTP API: gh_<prefix>_<secret>.';
COMMENT ON COLUMN api_keys.id IS 'Surrogate key.';
COMMENT ON COLUMN api_keys.prefix IS 'What a key is found and named by. No secret.';
COMMENT ON COLUMN api_keys.name IS 'Whose key it is, and what for.';
COMMENT ON COLUMN api_keys.secret_sha256 IS 'Digest of the secret, which is kept nowhere.';
COMMENT ON COLUMN api_keys.scopes IS 'read: look at everything; operate: act as an operator does.';
COMMENT ON COLUMN api_keys.created_at IS 'When it was made.';
COMMENT ON COLUMN api_keys.expires_at IS 'From when on it is refused.';
COMMENT ON COLUMN api_keys.last_used_at IS 'When it was last accepted, to the minute.';
COMMENT ON COLUMN api_keys.revoked_at IS 'From when on an operator has it refused; NULL for never.';

CREATE TABLE security_events (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind       text        NOT NULL CHECK (kind IN ('key_created', 'key_revoked', 'key_refused', 'locked_out', 'acted')),
    key_prefix text        CHECK (key_prefix ~ '^[a-z2-7]{8}$'),
    address    inet,
    detail     text        NOT NULL CHECK (length(detail) <= 500)
);
-- The fifth newest refusal of a prefix and the hundredth of an address are found without looking at older ones.
CREATE INDEX security_events_refused_prefix ON security_events (key_prefix, at) WHERE kind = 'key_refused';
CREATE INDEX security_events_refused_address ON security_events (address, at) WHERE kind = 'key_refused';
CREATE INDEX security_events_refused ON security_events (at) WHERE kind = 'key_refused';

COMMENT ON TABLE security_events IS 'What happened to keys of the HTTP API, and what was done with them, in the last seven days.';
COMMENT ON COLUMN security_events.id IS 'Surrogate key.';
COMMENT ON COLUMN security_events.at IS 'When, on the database''s clock.';
COMMENT ON COLUMN security_events.kind IS 'key_created, key_revoked, key_refused, locked_out (by the refusal before it), acted.';
COMMENT ON COLUMN security_events.key_prefix IS 'The key''s prefix, also of a key that does not exist; NULL where there was none.';
COMMENT ON COLUMN security_events.address IS 'Who asked: an IPv4 address, or the /64 network of an IPv6 one. NULL for the operator''s command.';
COMMENT ON COLUMN security_events.detail IS 'Why it was refused, or what was done.';

REVOKE SELECT ON api_keys FROM gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance, gaugehouse_reader;
REVOKE SELECT ON security_events FROM gaugehouse_poller, gaugehouse_importer, gaugehouse_reader;
-- Maintenance makes, lists and revokes keys, and forgets old events. What a key is and may do, it cannot change.
GRANT INSERT, SELECT (id, prefix, name, scopes, created_at, expires_at, last_used_at, revoked_at), UPDATE (revoked_at)
    ON api_keys TO gaugehouse_maintenance;
GRANT INSERT, DELETE ON security_events TO gaugehouse_maintenance;

-- The one place that says when somebody is locked out: 5 refusals of a prefix or 100 of an address in 15 minutes.
CREATE FUNCTION api_locked_out_seconds(wanted text, caller inet) RETURNS double precision
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(0, extract(epoch FROM max(at) + interval '15 minutes' - clock_timestamp()))
    FROM (
        (SELECT at FROM public.security_events WHERE kind = 'key_refused' AND key_prefix = wanted
         ORDER BY at DESC OFFSET 4 LIMIT 1)
        UNION ALL
        (SELECT at FROM public.security_events WHERE kind = 'key_refused' AND address = caller
         ORDER BY at DESC OFFSET 99 LIMIT 1)
    ) AS decisive
$$;
COMMENT ON FUNCTION api_locked_out_seconds(text, inet) IS 'For how long neither this prefix nor this address gets in; 0 when both may try.';

-- Always one row, also for a prefix that no key has.
CREATE FUNCTION api_find_key(wanted text, caller inet)
    RETURNS TABLE (name text, secret_sha256 bytea, scopes text[], is_expired boolean, is_revoked boolean,
                   use_is_old boolean, locked_out_seconds double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 1 AS $$
    SELECT key.name, key.secret_sha256, key.scopes, key.expires_at <= clock_timestamp(), key.revoked_at IS NOT NULL,
           coalesce(key.last_used_at < clock_timestamp() - interval '1 minute', true),
           public.api_locked_out_seconds(wanted, caller)
    FROM (SELECT) AS always LEFT JOIN public.api_keys AS key ON key.prefix = wanted
$$;
COMMENT ON FUNCTION api_find_key(text, inet) IS 'What is known of a key by its prefix, and whether it or its caller is locked out.';

CREATE FUNCTION api_note_use(used text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.api_keys SET last_used_at = clock_timestamp()
    WHERE prefix = used AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
$$;
COMMENT ON FUNCTION api_note_use(text) IS 'Remembers that a key was accepted, at most once a minute.';

-- Whoever is locked out writes nothing more, so a prefix has at most 5 refusals in 15 minutes and an address 100.
-- A prefix without a key can never be right: of those a thousand in 15 minutes are enough from all the world.
CREATE FUNCTION api_note_refusal(attempted text, caller inet, why text) RETURNS double precision
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    remaining double precision;
BEGIN
    -- One refusal after the other, or of many at once all would find the fifth still missing. Nobody who is let in
    -- waits here. Each statement below sees what the others before us have committed.
    PERFORM pg_advisory_xact_lock(hashtextextended('security_events', 0));
    remaining := public.api_locked_out_seconds(attempted, caller);
    IF remaining > 0 THEN
        RETURN remaining;
    END IF;
    IF NOT EXISTS (SELECT FROM public.api_keys WHERE prefix = attempted)
       AND (SELECT at FROM public.security_events WHERE kind = 'key_refused' ORDER BY at DESC OFFSET 999 LIMIT 1)
           > clock_timestamp() - interval '15 minutes' THEN
        RETURN 0;
    END IF;
    INSERT INTO public.security_events (kind, key_prefix, address, detail)
    VALUES ('key_refused', attempted, caller, why);
    IF public.api_locked_out_seconds(attempted, caller) > 0 THEN
        INSERT INTO public.security_events (kind, key_prefix, address, detail)
        VALUES ('locked_out', attempted, caller, why);
    END IF;
    RETURN 0;
END $$;
COMMENT ON FUNCTION api_note_refusal(text, inet, text) IS 'Counts a refused key. Returns for how long its caller was locked out already, 0 when it was not. Needs READ COMMITTED.';

CREATE FUNCTION api_note_action(acting text, caller inet, what text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.security_events (kind, key_prefix, address, detail) VALUES ('acted', acting, caller, what)
$$;
COMMENT ON FUNCTION api_note_action(text, inet, text) IS 'Remembers what was done with a key.';

REVOKE ALL ON FUNCTION api_locked_out_seconds(text, inet), api_find_key(text, inet), api_note_use(text),
    api_note_refusal(text, inet, text), api_note_action(text, inet, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_find_key(text, inet), api_note_use(text), api_note_refusal(text, inet, text),
    api_note_action(text, inet, text) TO gaugehouse_api;

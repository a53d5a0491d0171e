-- One role for each function, with what its statements need and nothing more: none of them owns a table, so none
-- can drop, truncate or change one. They cannot log in yet: the deployment lets them in by IAM (store/roles.py),
-- and no password of theirs exists. Roles belong to the whole server, and another database may have made them.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['gaugehouse_poller', 'gaugehouse_importer', 'gaugehouse_maintenance', 'gaugehouse_reader'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        -- Where a secret lets everybody in as the owner, the functions take these roles on.
        IF NOT pg_has_role(current_user, wanted, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER WITH INHERIT FALSE, SET TRUE', wanted);
        END IF;
    END LOOP;
END $$;

-- Everybody reads everything, also what later migrations make. Who writes it is said where it is made.
GRANT USAGE ON SCHEMA public, usgs_raw TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance, gaugehouse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public, usgs_raw
    TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance, gaugehouse_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, usgs_raw
    GRANT SELECT ON TABLES TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance, gaugehouse_reader;

-- The numbers of new rows and of locks.
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance;

-- What every function does: locks, turns at an agency, its own runs and their housekeeping, the ledger, rejects.
GRANT INSERT, UPDATE, DELETE ON job_locks, job_runs TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance;
GRANT INSERT, UPDATE ON import_jobs, upstream_quotas, rejected_records
    TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance;

-- Gauges, series and measurements come by the poller and by the importer. What a newer document withdraws, the
-- importer deletes.
GRANT INSERT, UPDATE ON gauges, gauge_summaries, series, gauge_readings, daily_values, poll_targets
    TO gaugehouse_poller, gaugehouse_importer;
GRANT INSERT, UPDATE ON monitoring_state, applied_settings TO gaugehouse_poller;
GRANT INSERT ON data_gaps TO gaugehouse_poller;
GRANT INSERT, UPDATE ON source_documents TO gaugehouse_importer;
GRANT INSERT, UPDATE, DELETE ON data_gaps, rain_footnotes TO gaugehouse_importer;
-- A closed day's live total is merged by the rule that all documents are merged by.
GRANT INSERT, UPDATE, DELETE ON rain_readings, gauge_documents TO gaugehouse_poller, gaugehouse_importer;

-- Maintenance marks, forgets rejects, and does what an operator asks for.
GRANT UPDATE ON gauge_summaries TO gaugehouse_maintenance;
GRANT DELETE ON rejected_records TO gaugehouse_maintenance;
GRANT INSERT, UPDATE ON poll_targets, source_documents TO gaugehouse_maintenance;
GRANT INSERT, UPDATE, DELETE ON pauses TO gaugehouse_maintenance;

-- Partitions are made by the owner's function: whoever stores readings may need one.
GRANT EXECUTE ON FUNCTION ensure_partition(date) TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance;

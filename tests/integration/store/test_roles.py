"""What each function's role may do. That it is enough, every event through its handler proves (tests/e2e)."""

from typing import Any

import psycopg
import pytest

from gaugehouse.store.roles import FUNCTION_ROLES

POLLER, IMPORTER, MAINTENANCE, API, READER = FUNCTION_ROLES
# Who writes which table, and how: Insert, Update, Delete. Everybody reads all of them. A new table has its
# line here, and its grants in the migration that makes it.
WRITERS: dict[str, dict[str, str]] = {
    "api_keys": {MAINTENANCE: "I"},
    "applied_settings": {POLLER: "IU"},
    "daily_values": {POLLER: "IU", IMPORTER: "IU"},
    "data_gaps": {POLLER: "I", IMPORTER: "IUD"},
    "gauge_documents": {POLLER: "IUD", IMPORTER: "IUD"},
    "gauge_readings": {POLLER: "IU", IMPORTER: "IU"},
    "gauge_summaries": {POLLER: "IU", IMPORTER: "IU", MAINTENANCE: "U"},
    "gauges": {POLLER: "IU", IMPORTER: "IU"},
    "import_jobs": {POLLER: "IU", IMPORTER: "IU", MAINTENANCE: "IU"},
    "job_locks": {POLLER: "IUD", IMPORTER: "IUD", MAINTENANCE: "IUD"},
    "job_runs": {POLLER: "IUD", IMPORTER: "IUD", MAINTENANCE: "IUD"},
    "monitoring_state": {POLLER: "IU"},
    "pauses": {MAINTENANCE: "IUD"},
    "poll_targets": {POLLER: "IU", IMPORTER: "IU", MAINTENANCE: "IU"},
    "rain_footnotes": {IMPORTER: "IUD"},
    "rain_readings": {POLLER: "IUD", IMPORTER: "IUD"},
    "rejected_records": {POLLER: "IU", IMPORTER: "IU", MAINTENANCE: "IUD"},
    "schema_migrations": {},
    "security_events": {MAINTENANCE: "ID"},
    "series": {POLLER: "IU", IMPORTER: "IU"},
    "source_documents": {IMPORTER: "IU", MAINTENANCE: "IU"},
    "upstream_quotas": {POLLER: "IU", IMPORTER: "IU", MAINTENANCE: "IU"},
}
# Who reads what is not for everybody. Of keys maintenance sees all but the digests.
CONFIDENTIAL = {"api_keys": set[str](), "security_events": {MAINTENANCE}}
KEYS_SEEN = {
    "id", "prefix", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at",
}  # fmt: skip
PRIVILEGES = {"INSERT": "I", "UPDATE": "U", "DELETE": "D", "TRUNCATE": "T", "REFERENCES": "R", "TRIGGER": "G"}
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""
HELD = """
SELECT relname, role, string_agg(letter, '' ORDER BY place)
FROM pg_class, unnest(%(roles)s::text[]) AS role,
     unnest(%(privileges)s::text[], %(letters)s::text[]) WITH ORDINALITY AS known (privilege, letter, place)
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
  AND has_table_privilege(role, pg_class.oid, privilege)
GROUP BY relname, role
"""
API_FUNCTIONS = r"""
SELECT proname, array_agg(role), bool_and(prosecdef AND proconfig @> '{"search_path=pg_catalog, pg_temp"}')
FROM pg_proc
LEFT JOIN unnest(%(roles)s::text[]) AS role ON has_function_privilege(role, pg_proc.oid, 'EXECUTE')
WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'api\_%%' GROUP BY proname
"""


def test_every_table_has_its_writers_and_no_other(conn: psycopg.Connection) -> None:
    held: dict[str, dict[str, str]] = {name: {} for (name,) in conn.execute(TABLES)}
    parameters: dict[str, Any] = {
        "roles": list(FUNCTION_ROLES),
        "privileges": list(PRIVILEGES),
        "letters": list(PRIVILEGES.values()),
    }
    for table, role, letters in conn.execute(HELD, parameters):
        held[table][role] = letters

    assert held == WRITERS


@pytest.mark.parametrize("role", FUNCTION_ROLES)
def test_everybody_reads_everything_also_what_comes_later(role: str, conn: psycopg.Connection) -> None:
    conn.execute("CREATE TABLE made_later (id int); CREATE VIEW usgs_raw.seen_later AS SELECT 1 AS one")
    unread = {table for table, readers in CONFIDENTIAL.items() if role not in readers}
    found = conn.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND NOT relispartition "
        "AND relnamespace IN ('public'::regnamespace, 'usgs_raw'::regnamespace) "
        "AND NOT has_table_privilege(%s, oid, 'SELECT')",
        (role,),
    )

    assert {table for (table,) in found} == unread


def test_keys_are_made_and_revoked_by_maintenance_and_their_digests_seen_by_nobody(
    conn: psycopg.Connection,
) -> None:
    held = conn.execute(
        "SELECT role, privilege, array_agg(attname::text) FROM pg_attribute, unnest(%s::text[]) AS role, "
        "unnest(ARRAY['SELECT', 'UPDATE']) AS privilege WHERE attrelid = 'api_keys'::regclass AND attnum > 0 "
        "AND has_column_privilege(role, attrelid, attnum, privilege) GROUP BY role, privilege",
        (list(FUNCTION_ROLES),),
    )

    columns = {(role, privilege): set(names) for role, privilege, names in held}
    assert columns == {(MAINTENANCE, "SELECT"): KEYS_SEEN, (MAINTENANCE, "UPDATE"): {"revoked_at"}}


def test_only_the_api_may_call_what_verifies_keys(conn: psycopg.Connection) -> None:
    held = conn.execute(API_FUNCTIONS, {"roles": list(FUNCTION_ROLES)})

    callers = {name: roles for name, roles, is_safe in held if is_safe}
    assert callers == {
        "api_find_key": [API],
        "api_note_use": [API],
        "api_note_refusal": [API],
        "api_note_action": [API],
        "api_locked_out_seconds": [None],
    }


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE gauges",
        "TRUNCATE gauge_readings",
        "ALTER TABLE gauges ADD COLUMN x int",
        "CREATE TABLE mine (id int)",
        "DELETE FROM gauge_readings",
        "DELETE FROM schema_migrations",
        "CREATE ROLE mine",
    ],
)
@pytest.mark.parametrize("role", FUNCTION_ROLES)
def test_nobody_can_drop_change_or_empty_a_table(role: str, statement: str, conn: psycopg.Connection) -> None:
    conn.execute("SELECT set_config('role', %s, false)", (role,))

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)


@pytest.mark.parametrize("role", [READER, API])
def test_readers_write_nothing(role: str, conn: psycopg.Connection) -> None:
    conn.execute("SELECT set_config('role', %s, false)", (role,))
    assert conn.execute("SELECT count(*) FROM usgs_raw.monitoring_state").fetchone() == (0,)
    assert conn.execute("SELECT gauges FROM system_state").fetchone() == (0,)

    for statement in (
        "INSERT INTO pauses (name, reason) VALUES ('imports', 'x')",
        "UPDATE fopr_import_jobs SET status = 'pending'",
        "SELECT ensure_partition('2026-01-01')",
        "SELECT nextval('job_lock_tokens')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement)


@pytest.mark.parametrize("role", FUNCTION_ROLES)
def test_nobody_can_log_in_before_the_deployment_lets_them(role: str, conn: psycopg.Connection) -> None:
    may = conn.execute(
        "SELECT rolcanlogin, rolsuper, rolcreaterole, rolpassword FROM pg_authid WHERE rolname = %s", (role,)
    )
    assert may.fetchone() == (False, False, False, None)

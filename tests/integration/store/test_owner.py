"""The owner as RDS makes it: no superuser. It migrates, and the functions act as their roles."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gaugehouse.store.connection import connect
from gaugehouse.store.migrate import load_migrations, migrate
from gaugehouse.store.roles import FUNCTION_ROLES, MOST_API_CONNECTIONS, admit_by_iam
from gaugehouse_local.postgres import LocalPostgres


@pytest.fixture
def owner_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, since roles belong to the server, with an owner who may make roles."""
    folder: Path = tmp_path_factory.mktemp("owner") / "data"
    server = LocalPostgres.start(folder, durable=False)
    with psycopg.connect(server.url(), autocommit=True) as superuser:
        superuser.execute("CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'a password'; CREATE ROLE rds_iam")
        superuser.execute("GRANT rds_iam TO owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
        superuser.execute("CREATE DATABASE gaugehouse OWNER owner")
    yield make_conninfo(server.url("gaugehouse"), user="owner", password="a password")
    server.delete()


def test_it_migrates_and_lets_the_functions_in(owner_url: str) -> None:
    with connect(owner_url, application_name="test") as conn:
        assert migrate(conn).applied == len(load_migrations())
        assert admit_by_iam(conn) == len(FUNCTION_ROLES)
        assert admit_by_iam(conn) == len(FUNCTION_ROLES), "safe to repeat, as each deployment does"
        limits: dict[str, int] = dict(conn.execute("SELECT rolname, rolconnlimit FROM pg_roles").fetchall())
        assert {role: limits[role] for role in FUNCTION_ROLES} == {
            role: MOST_API_CONNECTIONS if role == "gaugehouse_api" else -1 for role in FUNCTION_ROLES
        }

    for role in FUNCTION_ROLES:
        with connect(
            make_conninfo(owner_url, options=f"-c role={role}"), application_name="test"
        ) as function:
            assert function.execute("SELECT current_user, gauges FROM system_state").fetchone() == (role, 0)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                function.execute("DROP TABLE gauges")

    with connect(
        make_conninfo(owner_url, options="-c role=gaugehouse_poller"), application_name="test"
    ) as poller:
        assert poller.execute("SELECT ensure_partition('2026-01-01')").fetchone() == (True,)

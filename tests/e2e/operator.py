"""A running house and the command that an operator types, each in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg.rows import dict_row

from gaugehouse.store.connection import connect
from gaugehouse_cli import screen
from gaugehouse_cli.main import main
from gaugehouse_local.clients import local_client
from gaugehouse_local.running import RunningHouse, find_running
from tests.integration.faults.conftest import wait_for

COLUMNS = 200  # wide enough for every table
COMMAND = Path(sys.executable).with_name("gaugehouse")
# Every rate has its first run when it is made, so what the schedules begin with is over, too.
SETTLED = """
SELECT count(*) = 3 AND bool_and(status IN ('completed', 'failed'))
    AND (SELECT count(DISTINCT job_name) >= 4 AND bool_and(status <> 'running') FROM job_runs)
FROM import_jobs WHERE kind = 'fopr' -- at 3:00 there is a water year's, too
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What an operator has: the command, in its environment; and the database, to see what is true."""

    environment: Mapping[str, str]
    house: RunningHouse
    conn: psycopg.Connection

    def types(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return gaugehouse(self.environment, *arguments)

    def types_here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command in this process, which spares its start. Both ways go through `main`."""
        handler = signal.getsignal(signal.SIGTERM)
        exit_code: object = 0
        with (
            patch.dict(os.environ, self.environment),
            patch.object(sys, "argv", ["gaugehouse", *arguments]),
            # A console keeps the width that it was made with, and a worker of xdist sets one.
            patch.multiple(screen.out, _width=COLUMNS),
            patch.multiple(screen.err, _width=COLUMNS),
            redirect_stdout(StringIO()) as stdout,
            redirect_stderr(StringIO()) as stderr,
        ):
            try:
                main()
            except SystemExit as end:
                exit_code = end.code or 0
            finally:
                signal.signal(signal.SIGTERM, handler)
        assert isinstance(exit_code, int)
        return subprocess.CompletedProcess(arguments, exit_code, stdout.getvalue(), stderr.getvalue())

    def reads(self, *arguments: str, exit_code: int = 0) -> str:
        """Run the command; return its tables."""
        done = self.types(*arguments)
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done.stdout

    def asks(self, *arguments: str, exit_code: int = 0) -> Any:
        """Run the command with --json; return its document."""
        done = self.types_here(*arguments, "--json")
        assert done.returncode == exit_code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def is_refused(self, *arguments: str) -> str:
        """Run a command that is wrong; return the one thing that it says."""
        done = self.types_here(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.stderr).split())

    def empty(self, queue_url: str) -> None:
        """Delete the messages that wait in a queue. A purge is allowed once a minute, whoever asks."""
        waiting = self.sqs().receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
        for message in waiting:
            self.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])

    def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """Ask the database."""
        with self.conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), parameters).fetchall()

    @contextmanager
    def undisturbed_by(self, name: str) -> Iterator[None]:
        """Pause a source or task until the block ends: its schedule must not come between."""
        self.asks("pause", name, "--reason", "a test looks at what it would change")
        try:
            yield
        finally:
            self.asks("resume", name)

    def sqs(self) -> Any:
        """Return a client of the house's queues."""
        return local_client("sqs", self.house.endpoint)


def gaugehouse(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in an environment, with nobody to answer its questions."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,  # it may have to start PostgreSQL, on a machine with much to do
        check=False,
    )


@contextmanager
def running_house(home: Path) -> Iterator[Operator]:
    """Run `gaugehouse up` with three gauges until the block ends; its first imports are settled."""
    environment = {**os.environ, "GAUGEHOUSE_HOME": str(home), "DATABASE_URL": "", "COLUMNS": str(COLUMNS)}
    log = home.parent / "up.log"
    command = [str(COMMAND), "up", "--gauges", "3", "--port", "0"]
    with log.open("w") as stderr, subprocess.Popen(command, env=environment, stderr=stderr) as up:
        try:
            house = wait_for("the house", lambda: find_running(home))
            url = wait_for(
                "its database", lambda: re.search(r"psql .(.*?).$", log.read_text(), re.MULTILINE)
            )[1]
            with connect(url, application_name="test") as conn:
                wait_for("the first imports", lambda: conn.execute(SETTLED).fetchone() == (True,))
                yield Operator(environment=environment, house=house, conn=conn)
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(30)
    assert find_running(home) is None

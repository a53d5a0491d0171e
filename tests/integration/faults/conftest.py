"""The whole stack with the real template, real worker processes, and times short enough for a test."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
import pytest

from gaugehouse_local.stack import LocalStack
from tests.conftest import Connect
from tests.integration.store.ledger import let_lock_expire

Found = TypeVar("Found")
BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE '%Importer%'
"""


def wait_for(what: str, look: Callable[[], Found | None], seconds: float = 60.0) -> Found:
    """Look until there is something to see. Patience costs nothing: it is for machines with much to do."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


class Importer:
    """What the tests do to the importer: make it work, stop it at a certain point, and kill it there."""

    def __init__(self, stack: LocalStack, conn: psycopg.Connection, connect: Connect) -> None:
        self.stack = stack
        self._conn = conn
        self._connect = connect

    def send(self, body: str) -> None:
        """Put a message into the import queue."""
        self.stack.client("sqs").send_message(QueueUrl=self.stack.queue_url("ImportQueue"), MessageBody=body)

    def sweep(self) -> Any:
        """Run the task `requeue_imports`."""
        return self.stack.invoke("MaintenanceFunction", {"task": "requeue_imports"}).payload

    @contextmanager
    def stopped_at(self, statement: str) -> Iterator[None]:
        """Hold a lock that the importer's transaction needs, until the block ends."""
        with self._connect() as blocker, blocker.transaction():
            blocker.execute(statement.encode())
            yield

    def wait_until_stopped(self) -> None:
        """Wait until the importer waits for that lock."""
        wait_for("importer waits", lambda: self._conn.execute(BLOCKED).fetchone() != (0,))

    def kill(self) -> None:
        """SIGKILL every importer that has an event, as an out-of-memory or a crash of the host would."""
        pids = wait_for(
            "busy importer", lambda: self.stack.worker_pids("FoprImporterFunction", busy_only=True)
        )
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        wait_for(
            "importer is gone",
            lambda: not set(pids) & set(self.stack.worker_pids("FoprImporterFunction")),
        )

    def let_its_lock_expire(self, station_id: str) -> None:
        """Let the dead importer's lock run out, without waiting for it."""
        let_lock_expire(self._conn, f"import:fopr:{station_id}")

    def wait_until_idle(self) -> None:
        """Wait until the queue has no message left, delivered or not."""
        wait_for("queue is empty", lambda: self.stack.queue_depth("ImportQueue") == (0, 0))


@pytest.fixture
def importer(stack: LocalStack, conn: psycopg.Connection, open_connection: Connect) -> Importer:
    """The running importer."""
    return Importer(stack, conn, open_connection)

"""Publish due imports: the ledger is the outbox, the queue a wake-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from psycopg import Connection

from gaugehouse.domain.import_jobs import ImportRequest
from gaugehouse.domain.locks import PUBLICATION
from gaugehouse.domain.pauses import IMPORTS
from gaugehouse.store import locks, pauses, publication

# A send of ten messages gives up after 26 s (`runtime/wiring.py`), and ten are the usual cap.
LOCK_TTL_SECONDS = 60.0


class ImportQueue(Protocol):
    """Where import requests are sent. `runtime/import_queue.py` is the one that talks to SQS."""

    def send(self, requests: Sequence[ImportRequest]) -> list[int]:
        """Send the requests; return the positions of those that the queue did not accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationSummary:
    """How many messages were sent and refused. `left_to_another` is 1 when another publisher was at it,
    `paused` is 1 when an operator has paused all imports.
    """

    published: int = 0
    refused: int = 0
    left_to_another: int = 0
    paused: int = 0


def publish_due_imports(
    *, conn: Connection, queue: ImportQueue, max_in_flight: int, worker_id: str
) -> PublicationSummary:
    """Send a message for each due import job, by priority, then age, up to `max_in_flight`.

    The mark `published_at` is committed first: if this worker dies before it has sent, the job becomes
    due again by the mark's age. What the queue refuses is due again at once, for the next publisher.
    """
    if pauses.find(conn, IMPORTS):
        return PublicationSummary(paused=1)
    lock = locks.acquire(conn, PUBLICATION, worker_id=worker_id, ttl_seconds=LOCK_TTL_SECONDS)
    if lock is None:
        return PublicationSummary(left_to_another=1)
    try:
        due = publication.take_due(conn, max_in_flight=max_in_flight)
        refused = queue.send([job.request for job in due]) if due else []
        publication.unpublish(conn, [due[position].id for position in refused])
    finally:
        locks.release_quietly(conn, lock)
    return PublicationSummary(published=len(due) - len(refused), refused=len(refused))

"""Requeue imports: the sweep that lets no job get stuck, whatever died."""

from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.services.fail_import import fail_dead_workers
from gaugehouse.services.publish_due_imports import ImportQueue, publish_due_imports


@dataclass(frozen=True, slots=True, kw_only=True)
class RequeueSummary:
    """What the sweep did: failed attempts recorded for dead workers, messages sent and refused."""

    dead_workers: int
    published: int
    refused: int
    left_to_another: int
    paused: int

    @property
    def rows_affected(self) -> int:
        """Jobs that were moved on."""
        return self.dead_workers + self.published


def requeue_imports(
    *,
    conn: Connection,
    queue: ImportQueue,
    max_in_flight: int,
    retry_delays: tuple[float, ...],
    worker_id: str,
) -> RequeueSummary:
    """Count every dead worker's job as a failed attempt, then publish what is due."""
    dead_workers = fail_dead_workers(conn=conn, retry_delays=retry_delays)
    sent = publish_due_imports(conn=conn, queue=queue, max_in_flight=max_in_flight, worker_id=worker_id)
    return RequeueSummary(
        dead_workers=dead_workers,
        published=sent.published,
        refused=sent.refused,
        left_to_another=sent.left_to_another,
        paused=sent.paused,
    )

"""A lock that a worker holds: its name, its holder, and the token that fences its writes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Proof of an acquisition. `fencing_token` grows with every acquisition of any lock."""

    id: str
    worker_id: str
    fencing_token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockHolder:
    """Who holds a lock. Times are aware, UTC."""

    worker_id: str
    locked_at: datetime
    expires_at: datetime


PUBLICATION = "publish:imports"


def import_lock(kind: str, subject: str) -> str:
    """Name the lock under which one document is imported."""
    return f"import:{kind}:{subject}"


def slot_lock(job_name: str, slot: str) -> str:
    """Name the lock of one run: `poll:<source>:<slot>` or `<task>:<slot>`."""
    return f"{job_name}:{slot}"

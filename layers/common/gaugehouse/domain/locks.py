"""A lock that a worker holds: its name, its holder, and the token that fences its writes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Proof of an acquisition. `fencing_token` grows with every acquisition of any lock."""

    id: str
    worker_id: str
    fencing_token: int


PUBLICATION = "publish:imports"


def import_lock(kind: str, subject: str) -> str:
    """Name the lock under which one document is imported."""
    return f"import:{kind}:{subject}"


def poll_lock(source: str, slot: str) -> str:
    """Name the lock of one poll of one source."""
    return f"poll:{source}:{slot}"


def task_lock(task: str, slot: str) -> str:
    """Name the lock of one run of one maintenance task."""
    return f"{task}:{slot}"

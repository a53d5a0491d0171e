"""Pauses: what an operator can stop for a while."""

from dataclasses import dataclass
from datetime import datetime

IMPORTS = "imports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """One pause. `resumes_at` None waits for the operator. Times are aware, UTC."""

    name: str
    reason: str
    paused_at: datetime
    resumes_at: datetime | None


def source_pause(source: str) -> str:
    """Name the pause of one poller source."""
    return f"source:{source}"


def task_pause(task: str) -> str:
    """Name the pause of one maintenance task."""
    return f"task:{task}"


def job_pause(job_name: str) -> str:
    """Name the pause of a job: `source:x` of `poll:x`, else `task:x`."""
    source = job_name.removeprefix("poll:")
    return task_pause(job_name) if source == job_name else source_pause(source)

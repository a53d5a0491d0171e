"""What the maintenance function is given."""

from pydantic import Field

from gaugehouse.runtime.invocation import ScheduledEvent


class MaintenanceEvent(ScheduledEvent):
    """What the maintenance function is given: which task, and optionally for which time.

    `operation` and `arguments` are for the task `operate`.
    """

    task: str
    operation: str | None = None
    arguments: dict[str, object] = Field(default_factory=dict)

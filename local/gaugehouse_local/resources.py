"""What the local stack runs of a template: plain values, every intrinsic function resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gaugehouse.domain.schedule_expression import ScheduleExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One Lambda function. `pythonpath` is its layers' folders; `runtime` is AWS's name of it."""

    logical_id: str
    name: str
    arn: str
    code: Path
    handler: str
    runtime: str
    timeout_seconds: int
    memory_mb: int
    pythonpath: tuple[Path, ...]
    environment: Mapping[str, str]
    log_group: str
    log_format: str
    log_level: str | None
    async_retries: int
    async_max_age_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One SQS queue. `dead_letter_arn` and `max_receive_count` are set together or not at all."""

    logical_id: str
    name: str
    arn: str
    url: str
    visibility_timeout_seconds: int
    retention_seconds: int
    delay_seconds: int
    dead_letter_arn: str | None
    max_receive_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One S3 bucket."""

    logical_id: str
    name: str
    is_versioned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """A queue that wakes a function. `maximum_concurrency` None means as many as the function may run."""

    logical_id: str
    function_id: str
    queue_arn: str
    batch_size: int
    batching_window_seconds: float
    maximum_concurrency: int | None
    reports_item_failures: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """Requests that reach a function: a method or ANY, and a path that may end in `/{name+}`."""

    function_id: str
    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A schedule that invokes a function. `input` is JSON that may name the scheduled time."""

    logical_id: str
    function_id: str
    expression: ScheduleExpression
    text: str  # the expression as the template writes it
    input: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Everything of a template that runs here. Disabled event sources and schedules are left out.

    `page_headers` are what goes with every file of the dashboard.
    """

    functions: tuple[Function, ...]
    queues: tuple[Queue, ...]
    buckets: tuple[Bucket, ...]
    event_sources: tuple[EventSource, ...]
    schedules: tuple[Schedule, ...]
    http_routes: tuple[HttpRoute, ...]
    page_headers: Mapping[str, str]

"""The whole system on one machine: the template's queues, buckets, functions, event sources and schedules."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.functions import Runtime
from gaugehouse_local.resources import Resources
from gaugehouse_local.stack_parts import StackOptions, StackParts, start_parts
from gaugehouse_local.template import exists
from gaugehouse_local.worker import Invocation

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

STACK_NAME = "gaugehouse"


class LocalStack:
    """Runs a template. Use it as a context manager: entering starts everything, leaving stops everything."""

    def __init__(  # noqa: PLR0913 - two are needed, the others are options with names
        self,
        template: Path | Mapping[str, Any],
        *,
        database_url: str,
        state_dir: Path,
        parameters: Mapping[str, str] | None = None,
        root: Path | None = None,
        run_schedules: bool = False,
        run_event_sources: bool = True,
        on_log: Callable[[str, str], None] | None = None,
        stack_name: str = STACK_NAME,
        runtime: Runtime | None = None,
        http_port: int = 0,
        files: Path | None = None,
    ) -> None:
        """Nothing starts yet.

        `template` is the path of a template.yaml, or what `load_template` made of one, perhaps changed; then
        `root` is the folder that its code is named from. `parameters` are the template's own, without the
        database's secret, which is made from `database_url`. `state_dir` keeps logs (`logs/FUNCTION.log`) and
        the buckets' content. `on_log` hears each line as (function's logical id, line), from other threads.
        Two stacks in one process need two names. `runtime` serves to run built code as Lambda would.
        The HTTP API listens on `http_port` (0 is a free one), and beside it serves the folder `files`.
        """
        self._options = StackOptions(
            template=template,
            root=root,
            database_url=database_url,
            state_dir=state_dir,
            parameters=dict(parameters or {}),
            run_schedules=run_schedules,
            run_event_sources=run_event_sources,
            on_log=on_log,
            stack_name=stack_name,
            runtime=runtime or Runtime.of_this_environment(),
            http_port=http_port,
            files=files,
        )
        self._open = contextlib.ExitStack()
        self._running: StackParts | None = None

    def start(self) -> None:
        """Start everything. What was started is stopped again if something fails.

        Raises: TemplateInvalid, LocalStackError.
        """
        try:
            self._running = start_parts(self._options, self._open)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop everything, in bounded time. Calling it again does nothing."""
        self._running = None
        self._open.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def resources(self) -> Resources:
        """What of the template runs here."""
        return self._parts.resources

    @property
    def endpoint(self) -> str:
        """The URL of the local AWS."""
        return self._parts.aws.endpoint

    @property
    def lambda_endpoint(self) -> str:
        """The URL at which a Lambda client can invoke the functions by their names."""
        return self._parts.lambda_api.endpoint

    @property
    def http_url(self) -> str:
        """The address of the HTTP API and the dashboard, without a slash at its end."""
        return self._parts.front.url

    @property
    def outputs(self) -> dict[str, str]:
        """The template's outputs, as CloudFormation would show them: those whose condition holds."""
        return {
            name: str(self._parts.names.resolver.resolve(output["Value"], f"Outputs.{name}"))
            for name, output in self._parts.outputs.items()
            if exists(f"Outputs.{name}", output, self._parts.names)
        }

    def invoke(self, logical_id: str, event: object) -> Invocation:
        """Run a function with an event of plain JSON values and wait for its end. An error is in the answer.

        Raises: LocalStackError when there is no such function.
        """
        return self._parts.functions.invoke(logical_id, event)

    @overload
    def client(self, name: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def client(self, name: Literal["s3"]) -> "S3Client": ...
    @overload
    def client(self, name: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
    def client(self, name: Any) -> Any:
        """A client of the local AWS's service of that name."""
        return self._parts.aws.client(name)

    def physical(self, logical_id: str) -> str:
        """What `Ref` gives: a queue's URL, a bucket's or function's name, a parameter's value."""
        return str(self._parts.names.ref(logical_id))

    def queue_url(self, logical_id: str) -> str:
        """The URL of a queue."""
        return self.physical(logical_id)

    def queue_depth(self, logical_id: str) -> tuple[int, int]:
        """How many messages of a queue wait, and how many are being handled."""
        attributes = self.client("sqs").get_queue_attributes(
            QueueUrl=self.queue_url(logical_id), AttributeNames=["All"]
        )["Attributes"]
        return (
            int(attributes["ApproximateNumberOfMessages"]),
            int(attributes["ApproximateNumberOfMessagesNotVisible"]),
        )

    def worker_pids(self, logical_id: str, *, busy_only: bool = False) -> tuple[int, ...]:
        """The process ids of a function's workers; with `busy_only`, of those that have an event just now."""
        return self._parts.functions.pids(logical_id, busy_only=busy_only)

    def log_file(self, logical_id: str) -> Path:
        """Where everything is that a function ever printed."""
        return self._options.state_dir / "logs" / f"{logical_id}.log"

    @property
    def _parts(self) -> StackParts:
        if self._running is None:
            raise LocalStackError("the local stack is not running")
        return self._running

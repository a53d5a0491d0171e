"""The whole system on one machine: the template's queues, buckets, functions, event sources and schedules."""

import contextlib
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from gaugehouse_local.aws import LocalAws
from gaugehouse_local.bucket_folder import BucketFolder
from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.event_source import EventSourcePoller
from gaugehouse_local.functions import LocalFunctions, Runtime
from gaugehouse_local.http_front import HttpFront
from gaugehouse_local.lambda_api import LambdaApi
from gaugehouse_local.physical_names import PhysicalNames
from gaugehouse_local.resources import Resources
from gaugehouse_local.scheduler import Scheduler
from gaugehouse_local.static_files import StaticFiles
from gaugehouse_local.template import describe, exists, load_template
from gaugehouse_local.worker import Invocation

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

SECRET_PARAMETER = "DatabaseSecretArn"  # noqa: S105 - the name of a parameter
STACK_NAME = "gaugehouse"
# What runs when the stack closes may finish within this time; then it is killed, as a time-out would.
GRACE_SECONDS = 2.0
# The stacks of this process share one moto, so their names must differ.
_RUNNING: set[str] = set()


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
        self._template = template
        self._root = root
        self._database_url = database_url
        self._state_dir = state_dir
        self._parameters = dict(parameters or {})
        self._run_schedules = run_schedules
        self._run_event_sources = run_event_sources
        self._on_log = on_log
        self._stack_name = stack_name
        self._runtime = runtime or Runtime.of_this_environment()
        self._http_port = http_port
        self._files = files
        self._open = contextlib.ExitStack()
        self._is_open = False

    def start(self) -> None:
        """Start everything. What was started is stopped again if something fails.

        Raises: TemplateInvalid, LocalStackError.
        """
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop everything, in bounded time. Calling it again does nothing."""
        self._is_open = False
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
        self._check_open()
        return self._resources

    @property
    def endpoint(self) -> str:
        """The URL of the local AWS."""
        self._check_open()
        return self._aws.endpoint

    @property
    def lambda_endpoint(self) -> str:
        """The URL at which a Lambda client can invoke the functions by their names."""
        self._check_open()
        return self._lambda_api.endpoint

    @property
    def http_url(self) -> str:
        """The address of the HTTP API and the dashboard, without a slash at its end."""
        self._check_open()
        return self._front.url

    @property
    def outputs(self) -> dict[str, str]:
        """The template's outputs, as CloudFormation would show them: those whose condition holds."""
        self._check_open()
        return {
            name: str(self._names.resolver.resolve(output["Value"], f"Outputs.{name}"))
            for name, output in self._outputs.items()
            if exists(f"Outputs.{name}", output, self._names)
        }

    def invoke(self, logical_id: str, event: object) -> Invocation:
        """Run a function with an event of plain JSON values and wait for its end. An error is in the answer.

        Raises: LocalStackError when there is no such function.
        """
        self._check_open()
        return self._functions.invoke(logical_id, event)

    @overload
    def client(self, name: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def client(self, name: Literal["s3"]) -> "S3Client": ...
    @overload
    def client(self, name: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
    def client(self, name: Any) -> Any:
        """A client of the local AWS's service of that name."""
        self._check_open()
        return self._aws.client(name)

    def physical(self, logical_id: str) -> str:
        """What `Ref` gives: a queue's URL, a bucket's or function's name, a parameter's value."""
        self._check_open()
        return str(self._names.ref(logical_id))

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
        self._check_open()
        return self._functions.pids(logical_id, busy_only=busy_only)

    def log_file(self, logical_id: str) -> Path:
        """Where everything is that a function ever printed."""
        return self._state_dir / "logs" / f"{logical_id}.log"

    def _start(self) -> None:
        template, root = self._read_template()
        _take_name(self._stack_name)
        self._open.callback(_RUNNING.discard, self._stack_name)
        self._state_dir.mkdir(parents=True, exist_ok=True)
        self._aws = LocalAws()
        self._open.callback(self._aws.close)
        if SECRET_PARAMETER in template.get("Parameters", {}):
            secret = self._aws.keep_database_secret(f"{self._stack_name}-database", self._database_url)
            self._open.callback(self._aws.delete_secret, secret)
            self._parameters[SECRET_PARAMETER] = secret
        self._front = HttpFront(self._http_port)
        self._open.callback(self._front.close)
        self._outputs: Mapping[str, Any] = template.get("Outputs", {})
        self._names = PhysicalNames(
            template,
            parameters=self._parameters,
            endpoint=self._aws.endpoint,
            http_url=self._front.url,
            stack_name=self._stack_name,
        )
        self._resources = describe(template, root=root, names=self._names)
        self._aws.create(self._resources)
        self._open.callback(self._aws.delete, self._resources)
        for bucket in self._resources.buckets:
            folder = BucketFolder(
                self._aws.client("s3"), bucket.name, self._state_dir / "buckets" / bucket.logical_id
            )
            self._open.callback(folder.close)
            folder.start()
        # Functions invoke each other, so Lambda's address is there before them.
        invocable: dict[str, Callable[[object], Invocation]] = {}
        self._lambda_api = LambdaApi(invocable)
        self._open.callback(self._lambda_api.close)
        self._functions = LocalFunctions(
            self._resources.functions,
            endpoint=self._aws.endpoint,
            lambda_endpoint=self._lambda_api.endpoint,
            runtime=self._runtime,
            log_dir=self._state_dir / "logs",
            on_log=self._on_log,
        )
        self._open.callback(self._functions.close)
        invocable |= {
            function.name: partial(self._functions.invoke, function.logical_id)
            for function in self._resources.functions
        }
        files = None
        if self._files is not None:
            files = StaticFiles(root=self._files, headers=self._resources.page_headers)
        self._front.serve(self._resources.http_routes, self._functions.invoke, files=files)
        self._is_open = True
        self._start_event_sources()
        self._start_schedules()

    def _read_template(self) -> tuple[Mapping[str, Any], Path]:
        if isinstance(self._template, Path):
            return load_template(self._template), self._root or self._template.absolute().parent
        if self._root is None:
            raise LocalStackError("a template that is not a file needs `root`, the folder of its code")
        return self._template, self._root

    def _start_event_sources(self) -> None:
        urls = {queue.arn: queue.url for queue in self._resources.queues}
        pollers: list[EventSourcePoller] = []
        self._open.callback(_stop_pollers, pollers)
        for source in self._resources.event_sources if self._run_event_sources else ():
            poller = EventSourcePoller(
                source,
                queue_url=urls[source.queue_arn],
                sqs=self._aws.client("sqs"),
                invoke=partial(self._functions.invoke, source.function_id),
            )
            poller.start()
            pollers.append(poller)

    def _start_schedules(self) -> None:
        if self._run_schedules:
            scheduler = Scheduler(
                self._resources.schedules,
                {function.logical_id: function for function in self._resources.functions},
                invoke=self._functions.invoke,
            )
            scheduler.start()
            self._open.callback(scheduler.stop)

    def _check_open(self) -> None:
        if not self._is_open:
            raise LocalStackError("the local stack is not running")


def _stop_pollers(pollers: list[EventSourcePoller]) -> None:
    for poller in pollers:
        poller.stop()
    deadline = time.monotonic() + GRACE_SECONDS
    for poller in pollers:
        poller.join(max(0.0, deadline - time.monotonic()))


def _take_name(name: str) -> None:
    if name in _RUNNING:
        raise LocalStackError(f"this process already runs a stack {name}: give one of them another name")
    _RUNNING.add(name)

"""The parts of a stack, and the order in which they start: each one after those that it needs."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

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
from gaugehouse_local.template import describe, load_template
from gaugehouse_local.worker import Invocation

SECRET_PARAMETER = "DatabaseSecretArn"  # noqa: S105 - the name of a parameter
# What runs when the stack closes may finish within this time; then it is killed, as a time-out would.
GRACE_SECONDS = 2.0
# The stacks of this process share one moto, so their names must differ.
_RUNNING: set[str] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOptions:
    """What is to run: `LocalStack` says what each option means."""

    template: Path | Mapping[str, Any]
    root: Path | None
    database_url: str
    state_dir: Path
    parameters: Mapping[str, str]
    run_schedules: bool
    run_event_sources: bool
    on_log: Callable[[str, str], None] | None
    stack_name: str
    runtime: Runtime
    http_port: int
    files: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StackParts:
    """What runs. `outputs` are the template's, as it writes them."""

    aws: LocalAws
    names: PhysicalNames
    outputs: Mapping[str, Any]
    resources: Resources
    lambda_api: LambdaApi
    functions: LocalFunctions
    front: HttpFront


def start_parts(options: StackOptions, opened: ExitStack) -> StackParts:
    """Start everything. Closing `opened` stops it, the last first, also what ran before something failed.

    Raises: TemplateInvalid, LocalStackError.
    """
    template, root = _read_template(options)
    _take_name(options.stack_name)
    opened.callback(_RUNNING.discard, options.stack_name)
    options.state_dir.mkdir(parents=True, exist_ok=True)
    aws = LocalAws()
    opened.callback(aws.close)
    front = HttpFront(options.http_port)
    opened.callback(front.close)
    names = PhysicalNames(
        template,
        parameters=_parameters(options, template, aws, opened),
        endpoint=aws.endpoint,
        http_url=front.url,
        stack_name=options.stack_name,
    )
    resources = describe(template, root=root, names=names)
    _create(resources, options, aws, opened)
    lambda_api, functions = _start_functions(resources, options, aws, opened)
    files = None
    if options.files is not None:
        files = StaticFiles(root=options.files, headers=resources.page_headers)
    front.serve(resources.http_routes, functions.invoke, files=files)
    if options.run_event_sources:
        _start_event_sources(resources, aws, functions, opened)
    if options.run_schedules:
        _start_schedules(resources, functions, opened)
    return StackParts(
        aws=aws,
        names=names,
        outputs=template.get("Outputs", {}),
        resources=resources,
        lambda_api=lambda_api,
        functions=functions,
        front=front,
    )


def _read_template(options: StackOptions) -> tuple[Mapping[str, Any], Path]:
    if isinstance(options.template, Path):
        return load_template(options.template), options.root or options.template.absolute().parent
    if options.root is None:
        raise LocalStackError("a template that is not a file needs `root`, the folder of its code")
    return options.template, options.root


def _take_name(name: str) -> None:
    if name in _RUNNING:
        raise LocalStackError(f"this process already runs a stack {name}: give one of them another name")
    _RUNNING.add(name)


def _parameters(
    options: StackOptions, template: Mapping[str, Any], aws: LocalAws, opened: ExitStack
) -> Mapping[str, str]:
    """Return the template's parameters, with the database's secret where it has one."""
    if SECRET_PARAMETER not in template.get("Parameters", {}):
        return options.parameters
    secret = aws.keep_database_secret(f"{options.stack_name}-database", options.database_url)
    opened.callback(aws.delete_secret, secret)
    return {**options.parameters, SECRET_PARAMETER: secret}


def _create(resources: Resources, options: StackOptions, aws: LocalAws, opened: ExitStack) -> None:
    aws.create(resources)
    opened.callback(aws.delete, resources)
    for bucket in resources.buckets:
        folder = BucketFolder(
            aws.client("s3"), bucket.name, options.state_dir / "buckets" / bucket.logical_id
        )
        opened.callback(folder.close)
        folder.start()


def _start_functions(
    resources: Resources, options: StackOptions, aws: LocalAws, opened: ExitStack
) -> tuple[LambdaApi, LocalFunctions]:
    # Functions invoke each other, so Lambda's address is there before them.
    invocable: dict[str, Callable[[object], Invocation]] = {}
    lambda_api = LambdaApi(invocable)
    opened.callback(lambda_api.close)
    functions = LocalFunctions(
        resources.functions,
        endpoint=aws.endpoint,
        lambda_endpoint=lambda_api.endpoint,
        runtime=options.runtime,
        log_dir=options.state_dir / "logs",
        on_log=options.on_log,
    )
    opened.callback(functions.close)
    invocable |= {
        function.name: partial(functions.invoke, function.logical_id) for function in resources.functions
    }
    return lambda_api, functions


def _start_event_sources(
    resources: Resources, aws: LocalAws, functions: LocalFunctions, opened: ExitStack
) -> None:
    urls = {queue.arn: queue.url for queue in resources.queues}
    pollers: list[EventSourcePoller] = []
    opened.callback(_stop_pollers, pollers)
    for source in resources.event_sources:
        poller = EventSourcePoller(
            source,
            queue_url=urls[source.queue_arn],
            sqs=aws.client("sqs"),
            invoke=partial(functions.invoke, source.function_id),
        )
        poller.start()
        pollers.append(poller)


def _stop_pollers(pollers: list[EventSourcePoller]) -> None:
    for poller in pollers:
        poller.stop()
    deadline = time.monotonic() + GRACE_SECONDS
    for poller in pollers:
        poller.join(max(0.0, deadline - time.monotonic()))


def _start_schedules(resources: Resources, functions: LocalFunctions, opened: ExitStack) -> None:
    scheduler = Scheduler(
        resources.schedules,
        {function.logical_id: function for function in resources.functions},
        invoke=functions.invoke,
    )
    scheduler.start()
    opened.callback(scheduler.stop)

"""The house that a verb speaks to: a stack in AWS, the house that runs on this machine, or one of its own.

All three are reached in the same way: Lambda's Invoke, and SQS for the dead letters.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.runtime.function_answer import payload_of
from gaugehouse_local.clients import local_client
from gaugehouse_local.home import home_folder
from gaugehouse_local.running import find_running

if TYPE_CHECKING:
    from gaugehouse_cli.dead_letters import Depth

# A little more than the longest function runs. A second try would run the task twice.
INVOKE_TIMEOUT_SECONDS = 330
NEEDED_OUTPUTS = (
    "MaintenanceFunctionName",
    "PollerFunctionName",
    "ImportQueueUrl",
    "ImportDeadLetterQueueUrl",
)
DEFAULT_GAUGES = 12
REAL_AGENCY_SECONDS = 2.0  # between two downloads, unless the stack's parameter says otherwise
LIVE = "live"


class StackUnusable(GaugehouseError):
    """The CloudFormation stack is no Gaugehouse, or not whole; the message says what it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseOptions:
    """Which house on this machine: see `upstreams.chosen`. `gauges` None is whatever runs, else 12."""

    data: Path | None = None
    live: bool = False
    gauges: int | None = None
    run_importers: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the operator named a certain house."""
        return self.data is not None or self.live or self.gauges is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A house that can be asked. `sqs` and `lambdas` are boto3 clients, `open_s3` makes one for S3.

    `download_seconds` is how long apart the agency's documents are downloaded. `stays` says whether the house
    goes on when the command ends, `runs_schedules` whether things happen by themselves, and `since` since
    when. On this machine (`is_local`), asking often costs nothing.
    """

    name: str
    is_local: bool
    stays: bool
    outputs: Mapping[str, str]
    lambdas: Any
    sqs: Any
    open_s3: Callable[[], Any]
    download_seconds: float
    runs_schedules: bool
    since: datetime

    @property
    def import_queue_url(self) -> str:
        """The queue that wakes the importer."""
        return self.outputs["ImportQueueUrl"]

    @property
    def document_bucket(self) -> str:
        """The bucket that keeps every document. Raises: StackUnusable."""
        if "DocumentBucketName" not in self.outputs:
            raise StackUnusable(f"{self.name} has no output DocumentBucketName: deploy this release first")
        return self.outputs["DocumentBucketName"]

    @property
    def dead_letter_queue_url(self) -> str:
        """The queue of messages that failed every try."""
        return self.outputs["ImportDeadLetterQueueUrl"]

    def queue_depths(self) -> "tuple[Depth | None, Depth]":
        """Return how full the import queue and the dead-letter queue are."""
        from gaugehouse_cli.dead_letters import depth

        return depth(self.sqs, self.import_queue_url), depth(self.sqs, self.dead_letter_queue_url)

    def operate(self, operation: str, **arguments: object) -> Any:
        """Have an operation done; return its answer, plain data. Raises: FunctionFailed."""
        event = {"task": "operate", "operation": operation, "arguments": arguments}
        return self.run_task(event)["answer"]

    def run_task(self, event: Mapping[str, object]) -> Any:
        """Run a maintenance task; return its summary, plain data. Raises: FunctionFailed."""
        return self._invoke("MaintenanceFunctionName", event)

    def poll(self, event: Mapping[str, object]) -> Any:
        """Poll a source; return its summary, plain data. Raises: FunctionFailed."""
        return self._invoke("PollerFunctionName", event)

    def _invoke(self, function: str, event: Mapping[str, object]) -> Any:
        answer = self.lambdas.invoke(
            FunctionName=self.outputs[function],
            Payload=json.dumps({**event, "by_operator": True}).encode(),
        )
        return payload_of(answer)


@contextmanager
def open_deployment(stack: str | None, options: HouseOptions) -> Iterator[Deployment]:
    """Find the house, or start one for as long as the block lasts.

    Raises: StackUnusable, LocalStackError, botocore's errors.
    """
    if stack is not None:
        yield _in_aws(stack)
        return
    with ExitStack() as opened:
        yield _running(options) or _own(options, opened)


def _in_aws(stack: str) -> Deployment:
    import boto3
    from botocore.config import Config

    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    if missing := [name for name in NEEDED_OUTPUTS if name not in outputs]:
        raise StackUnusable(f"stack {stack} has no output {', '.join(missing)}: is it a Gaugehouse?")
    parameters = {
        parameter["ParameterKey"]: parameter.get("ParameterValue", "")
        for parameter in found.get("Parameters", [])
    }
    patient = Config(
        read_timeout=INVOKE_TIMEOUT_SECONDS, tcp_keepalive=True, retries={"total_max_attempts": 1}
    )
    return Deployment(
        name=f"stack {stack}",
        is_local=False,
        stays=True,
        outputs=outputs,
        lambdas=boto3.client("lambda", config=patient),
        sqs=boto3.client("sqs"),
        open_s3=lambda: boto3.client("s3"),
        download_seconds=float(parameters.get("McfcdDownloadIntervalSeconds") or REAL_AGENCY_SECONDS),
        runs_schedules=parameters.get("SchedulesState", "ENABLED") == "ENABLED",
        since=found.get("LastUpdatedTime", found["CreationTime"]),
    )


def _running(options: HouseOptions) -> Deployment | None:
    """Return the house that `gaugehouse up` runs, if it is the one that is meant."""
    running = find_running(home_folder())
    if running is None or (options.is_named and _upstream(options).name != running.upstream):
        return None
    return Deployment(
        name=f"house {running.upstream}",
        is_local=True,
        stays=True,
        outputs=running.outputs,
        lambdas=_lambdas(running.lambda_endpoint),
        sqs=local_client("sqs", running.endpoint),
        open_s3=lambda: local_client("s3", running.endpoint),
        download_seconds=REAL_AGENCY_SECONDS if running.upstream == LIVE else 0,
        runs_schedules=running.run_schedules,
        since=datetime.fromisoformat(running.started_at),
    )


def _own(options: HouseOptions, opened: ExitStack) -> Deployment:
    upstream = _upstream(options)

    from gaugehouse_local.house import open_house  # after the choice: a wrong one is told at once

    house = opened.enter_context(open_house(upstream, run_event_sources=options.run_importers))
    return Deployment(
        name=f"house {upstream.name}",
        is_local=True,
        stays=False,
        outputs=house.stack.outputs,
        lambdas=_lambdas(house.stack.lambda_endpoint),
        sqs=local_client("sqs", house.stack.endpoint),
        open_s3=lambda: local_client("s3", house.stack.endpoint),
        download_seconds=REAL_AGENCY_SECONDS if upstream.name == LIVE else 0,
        runs_schedules=False,
        since=datetime.now(UTC),
    )


def _upstream(options: HouseOptions) -> Any:
    from gaugehouse_cli.upstreams import chosen

    return chosen(data=options.data, live=options.live, gauges=options.gauges or DEFAULT_GAUGES)


def _lambdas(endpoint: str) -> Any:
    return local_client("lambda", endpoint, read_timeout=INVOKE_TIMEOUT_SECONDS, attempts=1)

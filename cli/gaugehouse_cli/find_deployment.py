"""Find the house that a verb speaks to: in AWS, the one that runs on this machine, or one of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaugehouse_cli.deployment import Deployment, StackUnusable
from gaugehouse_local.clients import local_client
from gaugehouse_local.home import home_folder
from gaugehouse_local.running import RunningHouse, find_running

if TYPE_CHECKING:
    from gaugehouse_local.stack import LocalStack

# A little more than the longest function runs. A second try would run the task twice.
INVOKE_TIMEOUT_SECONDS = 330
NEEDED_OUTPUTS = (
    "MaintenanceFunctionName",
    "PollerFunctionName",
    "ImportQueueUrl",
    "ImportDeadLetterQueueUrl",
)
LIVE = "live"  # the name of the house that asks the real agencies
DEFAULT_GAUGES = 12
REAL_AGENCY_SECONDS = 2.0  # between two downloads, unless the stack's parameter says otherwise


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


def running_house(options: HouseOptions) -> RunningHouse | None:
    """Return the house that `gaugehouse up` runs, if it is the one that is meant."""
    running = find_running(home_folder())
    if running is None or (options.is_named and upstream_of(options).name != running.upstream):
        return None
    return running


def lambdas_of(house: "RunningHouse | LocalStack") -> Any:
    """Return boto3's client for the functions of a house on this machine."""
    return local_client("lambda", house.lambda_endpoint, read_timeout=INVOKE_TIMEOUT_SECONDS, attempts=1)


def upstream_of(options: HouseOptions) -> Any:
    """Return where a house on this machine gets its documents. Raises: what `upstreams.chosen` does."""
    from gaugehouse_cli.upstreams import chosen

    return chosen(data=options.data, live=options.live, gauges=options.gauges or DEFAULT_GAUGES)


def _running(options: HouseOptions) -> Deployment | None:
    running = running_house(options)
    if running is None:
        return None
    return Deployment(
        name=f"house {running.upstream}",
        is_local=True,
        stays=True,
        outputs=running.outputs,
        lambdas=lambdas_of(running),
        sqs=local_client("sqs", running.endpoint),
        open_s3=lambda: local_client("s3", running.endpoint),
        download_seconds=REAL_AGENCY_SECONDS if running.upstream == LIVE else 0,
        runs_schedules=running.run_schedules,
        since=datetime.fromisoformat(running.started_at),
    )


def _own(options: HouseOptions, opened: ExitStack) -> Deployment:
    upstream = upstream_of(options)

    from gaugehouse_local.house import open_house  # after the choice: a wrong one is told at once

    house = opened.enter_context(open_house(upstream, run_event_sources=options.run_importers))
    return Deployment(
        name=f"house {upstream.name}",
        is_local=True,
        stays=False,
        outputs=house.stack.outputs,
        lambdas=lambdas_of(house.stack),
        sqs=local_client("sqs", house.stack.endpoint),
        open_s3=lambda: local_client("s3", house.stack.endpoint),
        download_seconds=REAL_AGENCY_SECONDS if upstream.name == LIVE else 0,
        runs_schedules=False,
        since=datetime.now(UTC),
    )

"""The sample stack: a template with tiny handlers that do what a test asks for."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gaugehouse_local.stack import LocalStack

SAMPLE = Path(__file__).parent / "sample_stack"
TEMPLATE = SAMPLE / "template.yaml"
DATABASE_URL = "postgresql://somebody:s%40cret@127.0.0.1:5555/gauges"


def sample_stack(state_dir: Path, *, stack_name: str = "sample", **options: Any) -> LocalStack:
    """The stack of the sample template. Its functions record what they do in `state_dir/record`."""
    return LocalStack(
        TEMPLATE,
        database_url=DATABASE_URL,
        state_dir=state_dir,
        parameters={"RecordFile": str(state_dir / "record")},
        stack_name=stack_name,
        **options,
    )


def send(stack: LocalStack, queue: str, **body: object) -> None:
    """Put one message on a queue."""
    stack.client("sqs").send_message(QueueUrl=stack.queue_url(queue), MessageBody=json.dumps(body))


def recorded(state_dir: Path) -> list[dict[str, Any]]:
    """What the functions recorded, in order. A line that is being written does not count yet."""
    file = state_dir / "record"
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def wait_until(holds: Callable[[], object], *, seconds: float = 10) -> None:
    """Wait for something that other threads and processes bring about."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)

"""The house that a verb speaks to, wherever it is: `find_deployment.py` finds it.

In AWS and on this machine it is reached in the same way: Lambda's Invoke, and SQS for the dead letters.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.runtime.function_answer import payload_of

if TYPE_CHECKING:
    from gaugehouse_cli.dead_letters import Depth


class StackUnusable(GaugehouseError):
    """The CloudFormation stack is no Gaugehouse, or not whole; the message says what it lacks."""


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

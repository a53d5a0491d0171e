"""The schema as CloudFormation sees it: a custom resource, whose answer goes to a pre-signed address in S3.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html

AWS actions: none. The address is the permission, so it is in no log.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from gaugehouse.domain.errors import AnswerRefused, DatabaseIsNewer
from gaugehouse.runtime.invocation import Run, start_run
from gaugehouse.runtime.schema import SchemaEvent, update_schema
from gaugehouse.runtime.telemetry import count, logger, plain, report
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Always the same: another id would tell CloudFormation to delete the schema that it stands for.
PHYSICAL_ID = "gaugehouse-schema"
LONGEST_REASON = 1500  # bytes, of which quoting may make twice as many; the answer must fit into 4096
TRIES, TIMEOUT_SECONDS = 3, 10


class DeploymentEvent(BaseModel):
    """What CloudFormation sends. The properties are not needed: the migrations are in the layer."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_pascal)

    request_type: Literal["Create", "Update", "Delete"]
    response_url: str = Field(alias="ResponseURL")
    stack_id: str
    request_id: str
    logical_resource_id: str


def is_from_cloudformation(event: Any) -> bool:
    """Say whether CloudFormation waits for an answer to this event."""
    return isinstance(event, dict) and "ResponseURL" in event


def answer_deployment(event: Any, context: "LambdaContext", *, wiring: Wiring) -> dict[str, Any]:
    """Migrate, and tell CloudFormation how it went. Return what it was told.

    A deletion does nothing: the data outlives the stack. Nor does a rollback: migrations only add, and the
    older code runs on the newer schema.

    Raises: whatever the migration raised, after CloudFormation was told.
    """
    request = DeploymentEvent.model_validate(event)
    answer = _Answer(request)
    if request.request_type == "Delete":
        return answer.succeed("nothing is done on a deletion", {})
    run = start_run(wiring, context)
    try:
        with _before_time_is_up(run, answer):
            summary = update_schema(SchemaEvent(task="migrate"), run)
    except DatabaseIsNewer as error:
        logger.warning("an older release was deployed", error=str(error))
        return answer.succeed(str(error), {})
    except BaseException as error:  # whatever it is: without an answer the deployment hangs
        answer.fail(f"{type(error).__name__}: {error}")
        raise
    report("migrate", summary)
    return answer.succeed("the schema is up to date", plain(summary))


class _Answer:
    """The one answer to a request: whoever is first gives it, the work or the clock."""

    def __init__(self, request: DeploymentEvent) -> None:
        self._request = request
        self._given = threading.Lock()

    def succeed(self, reason: str, data: dict[str, Any]) -> dict[str, Any]:
        return self._give("SUCCESS", reason, data)

    def fail(self, reason: str) -> dict[str, Any]:
        return self._give("FAILED", reason, {})

    def _give(self, status: str, reason: str, data: dict[str, Any]) -> dict[str, Any]:
        reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        told = {"Status": status, "Reason": reason, "Data": data}
        if self._given.acquire(blocking=False):
            body = told | {
                "PhysicalResourceId": PHYSICAL_ID,
                "StackId": self._request.stack_id,
                "RequestId": self._request.request_id,
                "LogicalResourceId": self._request.logical_resource_id,
            }
            _put(self._request.response_url, json.dumps(body, ensure_ascii=False).encode())
            logger.info("cloudformation was told", status=status, reason=reason)
            count(f"deployment_{status.lower()}")
        return told


@contextmanager
def _before_time_is_up(run: Run, answer: _Answer) -> Iterator[None]:
    """Tell CloudFormation before Lambda ends this run in the middle of a statement, and end the statement."""
    conn = run.wiring.connection()

    def give_up() -> None:
        answer.fail("the migrations did not end in the schema function's time; what was under way is undone")
        with suppress(psycopg.Error):
            conn.cancel_safe(timeout=5)

    clock = threading.Timer(max(run.seconds_left(), 0), give_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _put(url: str, body: bytes) -> None:
    """Send the answer. S3 signed an empty content type. Raises: AnswerRefused."""
    import requests

    for attempt in range(1, TRIES + 1):
        try:
            requests.put(
                url, data=body, headers={"content-type": ""}, timeout=TIMEOUT_SECONDS
            ).raise_for_status()
        except requests.RequestException as error:
            if attempt == TRIES:
                raise AnswerRefused(f"CloudFormation took no answer: {type(error).__name__}") from None
            time.sleep(attempt)
        else:
            return

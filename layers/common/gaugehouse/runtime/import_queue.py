"""The import queue: what a message looks like, and how it gets into SQS.

AWS actions: sqs:SendMessage on the import queue (SendMessageBatch needs no other).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.import_jobs import ImportRequest
from gaugehouse.runtime.telemetry import logger
from gaugehouse.runtime.validation import faults_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH_SIZE = 10  # SQS takes no more at once


class ImportMessage(BaseModel):
    """The body of a message. Fields that a newer release adds are no reason to refuse it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["fopr"]
    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$")]
    gauge_summary: GaugeSummary | None = None


def parse_message(body: str) -> ImportRequest:
    """Read a message body.

    Raises: EventInvalid, naming each field that is missing or wrong.
    """
    try:
        message = ImportMessage.model_validate_json(body)
    except ValidationError as error:
        raise EventInvalid(f"import message: {faults_of(error, root='body')}") from error
    return ImportRequest(kind=message.kind, subject=message.subject, gauge_summary=message.gauge_summary)


class SqsImportQueue:
    """The import queue in SQS."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, requests: Sequence[ImportRequest]) -> list[int]:
        """Send the requests in their order; return the positions of those that SQS did not accept.

        An answer that never came counts as not accepted: a message too many does no harm, for the
        ledger decides what is done.
        """
        refused: list[int] = []
        for start in range(0, len(requests), BATCH_SIZE):
            refused += self._send_batch(start, requests[start : start + BATCH_SIZE])
        return refused

    def _send_batch(self, start: int, requests: Sequence[ImportRequest]) -> list[int]:
        from botocore.exceptions import BotoCoreError, ClientError

        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(start + offset), "MessageBody": _body(request)}
            for offset, request in enumerate(requests)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            logger.error("the import queue took nothing", error=str(error), messages=len(entries))
            return list(range(start, start + len(requests)))
        for failure in answer.get("Failed", []):
            logger.error("the import queue refused a message", failure=failure)
        return [int(failure["Id"]) for failure in answer.get("Failed", [])]


def _body(request: ImportRequest) -> str:
    return ImportMessage.model_validate(request, from_attributes=True).model_dump_json()

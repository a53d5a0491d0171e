"""The import queue: what a message looks like, and how it gets into SQS.

AWS actions: sqs:SendMessage on the import queue (SendMessageBatch needs no other).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.runtime.telemetry import logger
from gaugehouse.runtime.validation import faults_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH_SIZE = 10  # SQS takes no more at once


Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
StationId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$")]
Inches = Annotated[float, Field(ge=0, lt=1000, allow_inf_nan=False)]


class SummaryMessage(BaseModel):
    """A gauge summary as a message carries it. Bounded: whatever comes through the queue is stored."""

    # The message builds its own: one for the summary alone would never be used.
    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True, defer_build=True)

    station_id: StationId
    gauge_name: Text
    city_town: Text | None = None
    elevation_ft: Annotated[float, Field(allow_inf_nan=False)] | None = None
    rainfall_past_6h_inches: Inches | None = None
    rainfall_past_24h_inches: Inches | None = None
    msp_forecast_zone: Text | None = None
    general_location: Text | None = None
    observed_at: AwareDatetime | None = None


class ImportMessage(BaseModel):
    """The body of a message. Fields that a newer release adds are no reason to refuse it."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True)

    kind: Kind
    subject: StationId
    gauge_summary: SummaryMessage | None = None

    @model_validator(mode="after")
    def _speaks_of_one_gauge(self) -> Self:
        if self.gauge_summary is not None and self.gauge_summary.station_id != self.subject:
            raise ValueError(f"gauge_summary is of {self.gauge_summary.station_id}, not of {self.subject}")
        return self


def parse_message(body: str, *, redelivered: bool = False) -> ImportRequest:
    """Read a message body.

    Raises: EventInvalid, naming each field that is missing or wrong.
    """
    try:
        message = ImportMessage.model_validate_json(body)
    except ValidationError as error:
        raise EventInvalid(f"import message: {faults_of(error, root='body')}") from error
    summary = message.gauge_summary
    return ImportRequest(
        kind=message.kind,
        subject=message.subject,
        gauge_summary=None if summary is None else GaugeSummary(**summary.model_dump()),
        redelivered=redelivered,
    )


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
    """Write the message. A summary that no importer would take stays in the ledger; the job still goes."""
    try:
        message = ImportMessage.model_validate(request)
    except ValidationError as error:
        logger.warning(
            "a summary was not sent", subject=request.subject, faults=faults_of(error, root="body")
        )
        message = ImportMessage.model_validate(replace(request, gauge_summary=None))
    return message.model_dump_json()

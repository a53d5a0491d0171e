"""The importer: consumes import messages, one document each. See `gaugehouse.services.import_document`."""

import time
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from gaugehouse.runtime.imports import import_message, publish_next
from gaugehouse.runtime.invocation import Run, start_run
from gaugehouse.runtime.telemetry import logger, measure_seconds, metrics
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring = Wiring()
# A batch in which everything failed is a partial failure too: raising would hide which and why.
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> "PartialItemFailureResponse":
    """Import what each message asks for; report those that failed, so that SQS delivers only them again."""
    run = start_run(wiring, context)

    def handle(record: "SQSRecord") -> None:
        _import(record, run)

    response = process_partial_response(event, handle, processor, context)
    publish_next(run)
    return response


def _import(record: "SQSRecord", run: Run) -> None:
    try:
        received = int(record.attributes.approximate_receive_count)
        if received == 1:
            measure_seconds("import_queue_wait", time.time() - int(record.attributes.sent_timestamp) / 1000)
        import_message(record.body, run, redelivered=received > 1)
    except Exception:
        logger.exception("import message failed", message_id=record.message_id, body=record.body[:1000])
        raise

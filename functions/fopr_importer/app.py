"""The importer: consumes import messages, one document each. See `gaugehouse.services.import_document`."""

from typing import TYPE_CHECKING, Any

from gaugehouse.runtime.imports import import_message, publish_next
from gaugehouse.runtime.invocation import Run, start_run
from gaugehouse.runtime.telemetry import logger, metrics
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring = Wiring()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> "PartialItemFailureResponse":
    """Import what each message asks for; report those that failed, so that SQS delivers only them again."""
    # By hand: Powertools' batch processor would import the models of every other event source.
    run = start_run(wiring, context)
    failed = [record["messageId"] for record in event["Records"] if not _import(record, run)]
    publish_next(run)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _import(record: dict[str, Any], run: Run) -> bool:
    """Import what one message asks for; say whether the message is done with."""
    try:
        received = int(record["attributes"]["ApproximateReceiveCount"])
        import_message(record["body"], run, redelivered=received > 1)
    except Exception:
        message_id, body = record["messageId"], record["body"][:1000]
        logger.exception("import message failed", message_id=message_id, body=body)
        return False
    return True

"""How the importer function handles one message, and what it does after the last."""

from gaugehouse.runtime.import_queue import parse_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.telemetry import logger, report
from gaugehouse.services.import_document import Worker, import_document
from gaugehouse.services.import_outcome import ImportSummary
from gaugehouse.services.publish_due_imports import publish_due_imports


def import_message(body: str, run: Run, *, redelivered: bool = False) -> ImportSummary:
    """Import the document that a queue message asks for.

    Raises: EventInvalid for a malformed message, LockLost, psycopg.Error, and whatever nobody foresaw.
    Each of them leaves the message in the queue, for another try and in the end the dead-letter queue.
    """
    request = parse_message(body, redelivered=redelivered)
    settings = run.wiring.settings
    with logger.append_context_keys(kind=request.kind, subject=request.subject):
        summary = import_document(
            request,
            conn=run.wiring.connection(),
            kind=run.wiring.document_kind(request.kind),
            archive=run.wiring.archive,
            worker=Worker(
                id=run.request_id,
                lock_ttl_seconds=run.lock_ttl_seconds,
                retry_delays=settings.import_retry_delays_seconds,
            ),
        )
        report("import", summary)
    return summary


def publish_next(run: Run) -> None:
    """Send messages for the jobs that may go now that these have ended.

    The work of this invocation is committed, so nothing here may fail it, whatever it is: what is not
    published now, the sweep publishes within five minutes, and it fails loudly.
    """
    try:
        summary = publish_due_imports(
            conn=run.wiring.connection(),
            queue=run.wiring.queue,
            max_in_flight=run.wiring.settings.import_max_in_flight,
            worker_id=run.request_id,
        )
    except Exception:
        logger.exception("publication is left to the sweep")
    else:
        report("publication", summary)

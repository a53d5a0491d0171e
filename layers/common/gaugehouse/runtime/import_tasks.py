"""The maintenance tasks about imports: send what is due, ask for documents, have kept ones read again."""

from gaugehouse.domain.errors import QueueUnavailable
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.kinds import parser_versions
from gaugehouse.runtime.maintenance_event import MaintenanceEvent
from gaugehouse.runtime.slots import Summary
from gaugehouse.services.refresh_gauge_records import refresh_gauge_records
from gaugehouse.services.reparse_documents import reparse_documents
from gaugehouse.services.request_water_years import request_water_years
from gaugehouse.services.requeue_imports import RequeueSummary, requeue_imports
from gaugehouse.store.connection import database_time


def requeue(_: MaintenanceEvent, run: Run) -> RequeueSummary:
    """Send the imports that are due, those of dead workers among them.

    Raises: QueueUnavailable when the queue refused some.
    """
    settings = run.wiring.settings
    summary = requeue_imports(
        conn=run.wiring.connection(),
        queue=run.wiring.queue,
        max_in_flight=settings.import_max_in_flight,
        retry_delays=settings.import_retry_delays_seconds,
        worker_id=run.request_id,
    )
    if summary.refused:
        raise QueueUnavailable(f"the import queue refused {summary.refused} messages; they stay due")
    return summary


def refresh_full_records(event: MaintenanceEvent, run: Run) -> Summary:
    """Ask again for every full record that is old at the reference time, else now."""
    conn = run.wiring.connection()
    return refresh_gauge_records(conn=conn, reference_time=event.reference_time or database_time(conn))


def ask_for_current_water_year(event: MaintenanceEvent, run: Run) -> Summary:
    """Ask for the workbook of the water year of the reference time, else of now."""
    return _request_water_years(event, run, count=1)


def ask_for_recent_water_years(event: MaintenanceEvent, run: Run) -> Summary:
    """Ask for the workbooks of that water year and of the one before it."""
    return _request_water_years(event, run, count=2)


def _request_water_years(event: MaintenanceEvent, run: Run, *, count: int) -> Summary:
    conn = run.wiring.connection()
    return request_water_years(
        conn=conn, reference_time=event.reference_time or database_time(conn), count=count
    )


def reparse(_: MaintenanceEvent, run: Run) -> Summary:
    """Have the stored documents read again that an older parser has read."""
    return reparse_documents(conn=run.wiring.connection(), parser_versions=parser_versions())

"""Maintenance: one function, many tasks. See `gaugehouse.runtime.tasks` for the table of them."""

from typing import TYPE_CHECKING, Any

from gaugehouse.runtime.maintenance_event import MaintenanceEvent
from gaugehouse.runtime.scheduled_function import run_scheduled
from gaugehouse.runtime.tasks import run_task
from gaugehouse.runtime.telemetry import logger, metrics
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring = Wiring()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Run the task that the event names; every error fails the invocation, for the platform to retry."""
    return run_scheduled("maintenance", MaintenanceEvent, event, context, wiring=wiring, work=run_task)

"""The schema: brings the database to this release, in each deployment. See `gaugehouse.runtime.schema`."""

from typing import TYPE_CHECKING, Any

from gaugehouse.runtime.custom_resource import answer_deployment, is_from_cloudformation
from gaugehouse.runtime.scheduled_function import run_scheduled
from gaugehouse.runtime.schema import SchemaEvent, update_schema
from gaugehouse.runtime.telemetry import logger, metrics
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring = Wiring()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Migrate for CloudFormation, which hears of it at the address that it gave, or by hand."""
    if is_from_cloudformation(event):
        return answer_deployment(event, context, wiring=wiring)
    return run_scheduled("schema", SchemaEvent, event, context, wiring=wiring, work=update_schema)

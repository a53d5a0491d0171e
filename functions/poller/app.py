"""The poller: asks one upstream source, on a schedule or by hand. See `gaugehouse.runtime.polls`."""

from typing import TYPE_CHECKING, Any

from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.runtime.scheduled_function import run_scheduled
from gaugehouse.runtime.telemetry import logger, metrics
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring = Wiring()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Poll the source that the event names; every error fails the invocation, for the platform to retry."""
    return run_scheduled("poller", PollerEvent, event, context, wiring=wiring, work=poll)

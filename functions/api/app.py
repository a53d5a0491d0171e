"""The HTTP API: one function for all of its routes. See `gaugehouse.runtime.api` for them."""

import gc

gc.disable()  # what is made here stays: to look through it again and again is a sixth of a cold start

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging.correlation_paths import API_GATEWAY_HTTP

from gaugehouse.runtime.api.resolver import answer_request, build_api
from gaugehouse.runtime.telemetry import count, logger, metrics
from gaugehouse.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring = Wiring()
api = build_api()
gc.freeze()  # nor does any request's collection look through it
gc.enable()


@logger.inject_lambda_context(clear_state=True, correlation_id_path=API_GATEWAY_HTTP)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer one request. Errors are answered as problems: only a defect of this function itself raises."""
    wiring.begin(lambda: context.get_remaining_time_in_millis() / 1000)
    answer = answer_request(api, event, context, wiring=wiring)
    count(f"api_answered_{answer['statusCode'] // 100}xx")
    return answer

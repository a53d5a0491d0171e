"""The API as a whole: its routes, and what every request passes."""

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from gaugehouse.runtime.api import (
    admin_routes,
    coverage_routes,
    daily_value_routes,
    gauge_routes,
    import_routes,
    job_routes,
    latest_routes,
    rainfall_routes,
    readings_routes,
    record_routes,
    system_routes,
    year_routes,
)
from gaugehouse.runtime.api.access import authorise
from gaugehouse.runtime.api.bodies import with_known_body
from gaugehouse.runtime.api.delivery import deliver
from gaugehouse.runtime.api.methods import answer_unrouted, as_get, is_head, without_body
from gaugehouse.runtime.api.openapi import serve_document
from gaugehouse.runtime.api.parameters import refuse_unknown
from gaugehouse.runtime.api.problems import answer_errors
from gaugehouse.runtime.api.request import BASE

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from gaugehouse.runtime.wiring import Wiring

ROUTERS = (
    system_routes.router,
    gauge_routes.router,
    rainfall_routes.router,
    readings_routes.router,
    daily_value_routes.router,
    record_routes.router,
    coverage_routes.router,
    latest_routes.router,
    year_routes.router,
    job_routes.router,
    import_routes.router,
    admin_routes.router,
)


def build_api() -> APIGatewayHttpResolver:
    """Put the API together. See `answer_request`."""
    api = APIGatewayHttpResolver(enable_validation=True)
    api.use([deliver, authorise, refuse_unknown])
    answer_errors(api)
    answer_unrouted(api, ROUTERS)
    for router in ROUTERS:
        api.include_router(router, prefix=BASE)
    serve_document(api)
    return api


def answer_request(
    api: APIGatewayHttpResolver, event: dict[str, Any], context: "LambdaContext", *, wiring: "Wiring"
) -> dict[str, Any]:
    """Answer one request with what the function has."""
    api.append_context(wiring=wiring)  # type: ignore[no-untyped-call]  # Powertools does not type it
    if is_head(event):
        return without_body(api.resolve(as_get(event), context))
    return api.resolve(with_known_body(event), context)

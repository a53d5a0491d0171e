"""The API as a whole: its routes, what every request passes, and its OpenAPI document."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from gaugehouse import __version__
from gaugehouse.runtime.api import admin_routes, import_routes, job_routes, system_routes
from gaugehouse.runtime.api.access import SECURITY, SECURITY_SCHEMES, authorise
from gaugehouse.runtime.api.answers import JSON
from gaugehouse.runtime.api.delivery import deliver
from gaugehouse.runtime.api.parameters import refuse_unknown
from gaugehouse.runtime.api.problems import answer_errors
from gaugehouse.runtime.api.request import BASE

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from gaugehouse.runtime.wiring import Wiring

ROUTERS = (system_routes.router, job_routes.router, import_routes.router, admin_routes.router)
DESCRIPTION = """\
Rain and stream gauges: their records, what they measure now, and how the service itself is doing.

Rainfall is in inches, stage in feet, discharge in cubic feet per second; every field or the field beside it
names its unit. Times are in UTC; a gauge's `time_zone` says where its days begin. What is missing is null or
absent, never 0.
"""


def build_api() -> APIGatewayHttpResolver:
    """Put the API together. See `answer_request`."""
    api = APIGatewayHttpResolver(enable_validation=True)
    api.use([deliver, authorise, refuse_unknown])
    answer_errors(api)
    for router in ROUTERS:
        api.include_router(router, prefix=BASE)

    @api.get(f"{BASE}/openapi.json", include_in_schema=False)
    def get_openapi() -> Response[str]:
        return Response(
            status_code=200, content_type=JSON, body=document(), headers={"Cache-Control": "max-age=3600"}
        )

    @cache
    def document() -> str:
        return openapi_json(api)

    return api


def answer_request(
    api: APIGatewayHttpResolver, event: dict[str, Any], context: "LambdaContext", *, wiring: "Wiring"
) -> dict[str, Any]:
    """Answer one request with what the function has."""
    api.append_context(wiring=wiring)  # type: ignore[no-untyped-call]  # Powertools does not type it
    return api.resolve(event, context)


def openapi_json(api: APIGatewayHttpResolver) -> str:
    """Describe the API: OpenAPI 3.1, with keys in a stable order."""
    described: dict[str, Any] = json.loads(
        api.get_openapi_json_schema(
            title="Gaugehouse",
            version=__version__,
            description=DESCRIPTION,
            openapi_version="3.1.0",
            security_schemes=SECURITY_SCHEMES,
            security=SECURITY,
        )
    )
    return json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

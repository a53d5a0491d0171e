"""The OpenAPI document: what Powertools makes of the routes, in the form that clients are made from."""

import json
import re
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from gaugehouse import __version__
from gaugehouse.domain.api_keys import Scope
from gaugehouse.runtime.api.access import LOOKING, OPEN
from gaugehouse.runtime.api.document_page import CONTENT_SECURITY_POLICY, render_page
from gaugehouse.runtime.api.negotiation import JSON
from gaugehouse.runtime.api.request import BASE

DESCRIPTION = """\
Rain and stream gauges: their records, what they measure now, and how the service itself is doing.

Rainfall is in inches, stage in feet, discharge in cubic feet per second; every field or the field beside it
names its unit. Times are in UTC; a gauge's `time_zone` says where its days begin. What is missing is null or
absent, never 0.
"""
TAGS = {
    "gauges": "Which gauges there are, where, and what they measure now.",
    "rainfall": "Daily rainfall and its totals by month and water year, and what is normal.",
    "readings": "What a gauge measured: the latest value, each reading, and a year at a time.",
    "record": "How complete a record is, and whether the agency's own totals prove it.",
    "system": "Whether the service answers, and everything it can count.",
    "operations": "What ran and what runs next, the ledger of imports, quotas, pauses, and what was dropped.",
    "admin": "What acts, with a key of the scope `operate`: import a document, pause and resume.",
}
WAYS = ("bearer", "header")  # to show a key: either header does
HTML = "text/html; charset=utf-8"
KEPT_SECONDS = 3600
# What `delivery` adds to whatever a route answers to GET.
ETAG = {"description": "Names this answer; send it back as If-None-Match", "schema": {"type": "string"}}
NOT_MODIFIED = {
    "description": "The caller has the answer already: its ETag was sent as If-None-Match. Without a body",
    "headers": {"ETag": ETAG},
}
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


def serve_document(api: APIGatewayHttpResolver) -> None:
    """Serve the document for programs and for people. Neither is described in itself."""
    kept = {"Cache-Control": f"max-age={KEPT_SECONDS}"}

    @api.get(f"{BASE}/openapi.json", include_in_schema=False)
    def get_openapi() -> Response[str]:
        return Response(status_code=200, content_type=JSON, body=openapi_json(api), headers=dict(kept))

    @api.get(f"{BASE}/docs", include_in_schema=False)
    def get_docs() -> Response[str]:
        headers = {**kept, "Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return Response(status_code=200, content_type=HTML, body=render_page(describe(api)), headers=headers)


@cache
def openapi_json(api: APIGatewayHttpResolver) -> str:
    """Describe the API as text: OpenAPI 3.1, with keys in a stable order."""
    return json.dumps(describe(api), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@cache
def describe(api: APIGatewayHttpResolver) -> dict[str, Any]:
    """Describe the API: OpenAPI 3.1.

    Looking may need a key or none, which only the deployment knows; acting always needs one.
    """
    # Its models take a tenth of a second, and few requests ask for the document.
    from aws_lambda_powertools.event_handler.openapi.models import APIKey, HTTPBearer, Tag

    document: dict[str, Any] = json.loads(
        api.get_openapi_json_schema(
            title="Gaugehouse",
            version=__version__,
            description=DESCRIPTION,
            openapi_version="3.1.0",
            tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
            security_schemes={
                "bearer": HTTPBearer(bearerFormat="gh_<prefix>_<secret>"),
                "header": APIKey.model_validate({"in": "header", "name": "X-Api-Key"}),
            },
        )
    )
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["security"] = _security(path, method)
            for status in _impossible(method, operation):
                operation["responses"].pop(status, None)
            if method == "get":
                operation["responses"]["200"]["headers"] = {"ETag": ETAG}
                operation["responses"]["304"] = NOT_MODIFIED
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
    _leave_out_unused_schemas(document)
    return document


def _security(path: str, method: str) -> list[dict[str, list[str]]]:
    """Say what a request needs: an empty object is for no key, and each other one is a way to show it."""
    if path in OPEN:
        return []
    if method.upper() in LOOKING:
        return [{}, *({name: [Scope.READ.value]} for name in WAYS)]
    return [{name: [Scope.OPERATE.value]} for name in WAYS]


def _impossible(method: str, operation: dict[str, Any]) -> set[str]:
    """Name the problems that an operation cannot have: of a body that it does not take, or of acting."""
    without_body = set() if "requestBody" in operation else {"415"}
    return without_body | ({"502"} if method.upper() in LOOKING else set())


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Say what a parameter can be: None is how Python says that it was left out, and nothing to send."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return {**{name: schema[name] for name in schema if name != "anyOf"}, **kinds[0]} if kinds else schema


def _leave_out_unused_schemas(document: dict[str, Any]) -> None:
    """Leave out what nothing refers to: Powertools always describes its own validation errors."""
    schemas = document["components"]["schemas"]
    while unused := set(schemas) - set(REFERENCE.findall(json.dumps(document))):
        for name in unused:
            del schemas[name]

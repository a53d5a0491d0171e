"""Bodies of requests: JSON in UTF-8, and nothing else."""

import json
from base64 import b64decode
from typing import Any

from gaugehouse.runtime.api.negotiation import JSON

NOTHING_KNOWN = "application/octet-stream"


def with_known_body(event: dict[str, Any]) -> dict[str, Any]:
    """Return the request as Powertools can refuse it (415) where its body is something else.

    Of itself it would also take forms, and fail on some that are broken, before any code of ours runs.
    """
    if not event.get("body"):
        return event
    headers = event.get("headers") or {}
    kind = headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind == JSON and _is_json(event):
        return event
    return {**event, "headers": {**headers, "content-type": NOTHING_KNOWN}}


def _is_json(event: dict[str, Any]) -> bool:
    """Say whether Powertools can read the body. It knows of bad syntax alone, and fails on other bad JSON."""
    body = event["body"]
    try:
        json.loads(b64decode(body).decode() if event.get("isBase64Encoded") else body)
    except (ValueError, RecursionError):  # also no UTF-8, thousands of digits, thousands of brackets
        return False
    return True

"""Bodies of requests: JSON in UTF-8, and nothing else."""

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
    if kind == JSON and _is_text(event):
        return event
    return {**event, "headers": {**headers, "content-type": NOTHING_KNOWN}}


def _is_text(event: dict[str, Any]) -> bool:
    if not event.get("isBase64Encoded"):
        return True
    try:
        b64decode(event["body"]).decode()
    except UnicodeDecodeError:
        return False
    return True

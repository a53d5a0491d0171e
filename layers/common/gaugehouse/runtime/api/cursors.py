"""Cursors: where the next page begins, as text that callers hand back and do not read."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import datetime
from http import HTTPStatus
from typing import Any

from gaugehouse.runtime.api.problems import RequestRefused


def write_cursor(*key: str | int | float | None) -> str:
    """Write the key of a page's last item."""
    return urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """Read a key, whose parts are of these kinds. None stays None: the first page.

    Raises: RequestRefused where it is none of ours.
    """
    if cursor is None:
        return None
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (Error, ValueError):
        key = None
    if (
        not isinstance(key, list)
        or len(key) != len(kinds)
        or not all(isinstance(part, kind) for part, kind in zip(key, kinds, strict=True))
        # PostgreSQL could not take a zero byte, nor half a character.
        or not all(part.isprintable() for part in key if isinstance(part, str))
    ):
        raise _not_ours()
    return tuple(key)


def read_moment(part: str) -> datetime:
    """Read a part of a key that is a time. Raises: RequestRefused where it is none of ours."""
    try:
        moment = datetime.fromisoformat(part)
    except ValueError as error:
        raise _not_ours() from error
    if moment.tzinfo is None:
        raise _not_ours()
    return moment


def _not_ours() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY, "cursor: not one of ours; send `next_cursor` as it came."
    )

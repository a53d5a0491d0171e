"""What the modern API means when it gives no data: it says so in JSON, mostly."""

import msgspec

from gaugehouse.domain.errors import ApiKeyInvalid, GaugehouseError, RequestInvalid, SourceUnavailable
from gaugehouse.sources.http_answers import Refusal, shown
from gaugehouse.sources.usgs.json_reading import UNREADABLE
from gaugehouse.sources.usgs.rate_limits import rate_limited
from gaugehouse.sources.usgs.texts import clean

KEY_SETTING = "USGS_API_KEY_SECRET_ARN"
_LONGEST_WORDS = 300
_KEY_CODES = (
    "API_KEY_INVALID",
    "API_KEY_MISSING",
    "API_KEY_DISABLED",
    "API_KEY_UNAUTHORIZED",
    "API_KEY_UNVERIFIED",
)


class _Gateway(msgspec.Struct):
    """What the gateway in front of the API says: `{"error": {"code": ..., "message": ...}}`."""

    code: str = ""
    message: str = ""


class _Body(msgspec.Struct):
    """What the API itself says: `{"code": ..., "description": ...}`; or the gateway's `error`."""

    code: str = ""
    description: str = ""
    error: _Gateway = msgspec.field(default_factory=_Gateway)


_DECODER = msgspec.json.Decoder(_Body)


def explain(refusal: Refusal) -> GaugehouseError | None:
    """Return the error for an answer other than 200; None where the status alone says it all."""
    words = _read(refusal.body)
    code = words.error.code or words.code
    said = clean(f"{code} {words.error.message or words.description}", _LONGEST_WORDS)
    where = shown(refusal.url)
    if code in _KEY_CODES:
        return ApiKeyInvalid(
            f"{where} refuses our API key ({said}); put a valid one into the secret that {KEY_SETTING} names"
        )
    if refusal.status == 429 or code == "OVER_RATE_LIMIT":
        text = f"{where} answered with status {refusal.status}: we ask too often ({said or 'no reason'})"
        return rate_limited(text, refusal.retry_after_seconds)
    if refusal.status in (400, 414):
        beginning = clean(refusal.body.decode("utf-8", "replace"), _LONGEST_WORDS)
        return RequestInvalid(
            f"{where} answered with status {refusal.status}: {said or beginning or 'no reason'}"
        )
    if 300 <= refusal.status < 400:
        elsewhere = clean(refusal.location, 200) or "nowhere"
        return SourceUnavailable(
            f"{where} answered with status {refusal.status}: it leads to {elsewhere}, and our key does not "
            "follow. If the service has moved, set USGS_BASE_URL"
        )
    return None


def _read(body: bytes) -> _Body:
    try:
        return _DECODER.decode(body)
    except UNREADABLE:
        return _Body()

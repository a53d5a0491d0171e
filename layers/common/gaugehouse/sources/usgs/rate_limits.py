"""What both services mean by 429: not that they are down, but that we have asked enough for now."""

from gaugehouse.domain.errors import RateLimited

# They count by the hour and often do not say when to come back: a quarter of an hour leaves them in peace.
WAIT_WHERE_IT_NAMES_NONE_SECONDS = 900.0


def rate_limited(text: str, retry_after_seconds: float | None) -> RateLimited:
    """Return the error, with a wait also where the service names none."""
    wait = WAIT_WHERE_IT_NAMES_NONE_SECONDS if retry_after_seconds is None else retry_after_seconds
    return RateLimited(text, retry_after_seconds=wait)

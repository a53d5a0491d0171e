"""In which form an answer is wanted: as much of the Accept header (RFC 9110, 12.5.1) as is needed here."""

from collections.abc import Sequence
from http import HTTPStatus

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from gaugehouse.runtime.api.problems import RequestRefused

JSON = "application/json"
CSV = "text/csv"
GEOJSON = "application/geo+json"


def wanted_form(router: APIGatewayHttpRouter, *offered: str) -> str:
    """Return the form that the caller likes best of those that there are, the first of them if any will do.

    Raises: RequestRefused (406) when none will.
    """
    return best_of(router.current_event.headers.get("accept", ""), offered)


def best_of(accept: str, offered: Sequence[str]) -> str:
    """Choose by an Accept header; an empty one takes anything. Raises: RequestRefused (406)."""
    ranges = dict(_range(one) for one in accept.split(",") if one.strip()) or {"*/*": 1.0}
    liked = {form: _liking(form, ranges) for form in offered}
    best = max(offered, key=liked.__getitem__)  # the first of equals
    if liked[best] <= 0:
        raise RequestRefused(
            HTTPStatus.NOT_ACCEPTABLE, f"Accept: there is {', '.join(offered)} here, and nothing else."
        )
    return best


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [parameter[2:] for parameter in parameters if parameter.startswith("q=")]
    try:
        return name, float(weights[0]) if weights else 1.0
    except ValueError:
        return name, 0.0


def _liking(form: str, ranges: dict[str, float]) -> float:
    """Return the weight of the most specific range that holds the form."""
    for name in (form, f"{form.split('/', maxsplit=1)[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0

"""How the agency says no: the bodies of its errors."""

import json

from gaugehouse_local.simulator.faults import Answer

JSON_TYPE = "application/json"


class Refused(Exception):
    """A request that the agency does not answer with data. `answer` is what it sends instead."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def invalid_value(description: str) -> Refused:
    """Return a 400 of the modern services."""
    return Refused(_json(400, {"code": "InvalidParameterValue", "description": description}))


def unknown_collection() -> Refused:
    """Return a 404 of the modern services."""
    return Refused(_json(404, {"code": "NotFound", "description": "Collection not found"}))


def bad_key() -> Answer:
    """Return what a wrong X-Api-Key gets."""
    message = "An invalid api_key was supplied. Get one at https://api.waterdata.usgs.gov:443"
    return _json(403, {"error": {"code": "API_KEY_INVALID", "message": message}})


def over_rate_limit(*headers: tuple[str, str]) -> Answer:
    """Return what a client gets that has asked too often."""
    message = (
        "You have exceeded your rate limit. Try again later or contact us at "
        "https://api.waterdata.usgs.gov:443/contact/ for assistance"
    )
    return _json(429, {"error": {"code": "OVER_RATE_LIMIT", "message": message}}, *headers)


def _json(status: int, body: object, *headers: tuple[str, str]) -> Answer:
    return Answer(status=status, body=json.dumps(body).encode(), content_type=JSON_TYPE, headers=headers)

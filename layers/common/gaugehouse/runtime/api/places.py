"""Places as callers name them: `near=33.61,-111.87` and `radius=10mi`."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from gaugehouse.domain.search_circle import KM_PER_MILE, SearchCircle
from gaugehouse.runtime.api.problems import RequestRefused

DEFAULT_RADIUS = "10mi"
MOST_MILES = 12_500  # half way around the earth

Near = Annotated[
    str | None,
    Query(
        pattern=r"^-?[0-9]{1,2}(\.[0-9]{1,12})?,-?[0-9]{1,3}(\.[0-9]{1,12})?$",
        description="Latitude and longitude in decimal degrees, west negative; the answer is nearest first",
        examples=["33.61,-111.87"],
    ),
]
Radius = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{1,5}(\.[0-9]{1,6})?(mi|km)?$",
        description=f"How far from there: 10mi or 16km, a number alone is miles; else {DEFAULT_RADIUS}",
        examples=["10mi", "16km"],
    ),
]


def circle_around(near: str | None, radius: str | None) -> SearchCircle | None:
    """Read a circle; None where no place is named. Raises: RequestRefused."""
    if near is None:
        if radius is not None:
            raise _refused("radius: needs a place; send near=33.61,-111.87 with it.")
        return None
    latitude, longitude = (float(part) for part in near.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise _refused("near: there is no such place; send latitude,longitude within 90 and 180 degrees.")
    miles = _miles(radius or DEFAULT_RADIUS)
    if not 0 < miles <= MOST_MILES:
        raise _refused(f"radius: send more than 0 and at most {MOST_MILES}mi.")
    return SearchCircle(latitude=latitude, longitude=longitude, radius_miles=miles)


def _miles(text: str) -> float:
    number = float(text.removesuffix("mi").removesuffix("km"))
    return number / KM_PER_MILE if text.endswith("km") else number


def _refused(message: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.UNPROCESSABLE_ENTITY, message)

"""What routes can be asked with, and the refusal of what they cannot."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from gaugehouse.domain.import_jobs import Kind
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.spans import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

StationId = Annotated[
    str,
    Path(
        description="The agency's id of the gauge, or a former one",
        examples=["59700"],
        pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$",
    ),
]
Network = Annotated[
    str | None, Query(pattern=r"^[a-z_]{1,40}$", description="The agency: mcfcd, usgs", examples=["mcfcd"])
]
SearchText = Annotated[
    str | None,
    Query(
        alias="q",
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="A text in the id, name or place",
    ),
]
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description="The year", examples=[2024])]
ImportKind = Annotated[Kind, Path(description="What kind of document", examples=["fopr"])]
ImportSubject = Annotated[
    str,
    Path(
        description="Which one: a station id, a water year, a month, or a site and a window of it",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$",
        examples=["59700"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many items")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before")]


def refuse_unknown(api: APIGatewayHttpResolver, next_middleware: "NextMiddleware") -> Response[str]:
    """Refuse a query parameter that the route does not know: a misspelt filter must not mean everything."""
    route = api.context["_route"]
    if route.rule.match("/"):  # the rule of no route at all, which matches anything; who asks hears of that
        return next_middleware(api)
    given = api.current_event.query_string_parameters or {}
    known = [field.alias for field in route.dependant.query_params]
    unknown = sorted(set(given) - set(known))
    if unknown:
        there_are = f"there are {', '.join(known)}" if known else "there are none here"
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"No parameter is called {', '.join(name[:40] for name in unknown)}; {there_are}.",
        )
    for name, value in given.items():
        if "\0" in value:
            raise RequestRefused(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: holds NUL (%00), which no text has; leave it out."
            )
    answer: Response[str] = next_middleware(api)
    return answer

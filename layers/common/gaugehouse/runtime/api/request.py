"""What a route has at hand besides its parameters."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from psycopg import Connection

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring


def new_router() -> APIGatewayHttpRouter:
    """Make the router of one subject's routes."""
    return APIGatewayHttpRouter()  # type: ignore[no-untyped-call]  # Powertools does not type it


def wiring_of(router: APIGatewayHttpRouter) -> "Wiring":
    """Return what the function has."""
    wiring: Wiring = router.context["wiring"]
    return wiring


def connection_of(router: APIGatewayHttpRouter) -> Connection:
    """Return a live connection. Raises: psycopg.OperationalError."""
    return wiring_of(router).connection()

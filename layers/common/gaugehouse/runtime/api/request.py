"""What a route has at hand besides its parameters."""

from typing import TYPE_CHECKING, Any, Protocol

from psycopg import Connection

from gaugehouse.domain.api_keys import Caller
from gaugehouse.runtime.api.routers import DescribedRouter

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring

BASE = "/api/v1"


class HasContext(Protocol):
    """The API as a whole, or the router of one subject: both have what belongs to the request."""

    context: dict[str, Any]


def new_router() -> DescribedRouter:
    """Make the router of one subject's routes."""
    return DescribedRouter()


def wiring_of(api: HasContext) -> "Wiring":
    """Return what the function has."""
    wiring: Wiring = api.context["wiring"]
    return wiring


def connection_of(api: HasContext) -> Connection:
    """Return a live connection, of which only the first call in a request makes sure.

    Raises: psycopg.OperationalError.
    """
    if "connection" not in api.context:
        api.context["connection"] = wiring_of(api).connection()
    conn: Connection = api.context["connection"]
    return conn


def caller_of(api: HasContext) -> Caller:
    """Return whose key the request has. Every request that acts has one."""
    caller: Caller = api.context["caller"]
    return caller

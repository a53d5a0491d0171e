"""Who may ask: every request passes here, with a key or where none is needed."""

import math
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from gaugehouse.domain.api_keys import Caller, Scope
from gaugehouse.domain.errors import KeyLockedOut, KeyRefused, ScopeMissing
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.request import BASE, connection_of, wiring_of
from gaugehouse.runtime.telemetry import count
from gaugehouse.services.verify_api_key import verify_api_key

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

LOOKING = {"GET", "HEAD", "OPTIONS"}
# For whoever watches over the service, and for whoever wants to know what there is: nothing of the record.
OPEN = {f"{BASE}/health", f"{BASE}/openapi.json", f"{BASE}/docs"}
CHALLENGE = 'Bearer realm="gaugehouse"'
NEEDED = "send one as `Authorization: Bearer gh_…` or `X-Api-Key`; `gaugehouse keys create` makes it"


def authorise(api: APIGatewayHttpResolver, next_middleware: "NextMiddleware") -> Response[str]:
    """Let a request on to its route, or refuse it. Looking needs the scope read, everything else operate.

    A key that is shown has to be right, also where none is needed: its holder would not notice otherwise.
    Powertools has looked at the parameters before; they are in the public document, so nothing is told by it.

    Raises: RequestRefused with 401, 403 or 429.
    """
    event = api.current_event
    if event.path not in OPEN:
        needed = Scope.READ if event.http_method.upper() in LOOKING else Scope.OPERATE
        key = _presented(api)
        if key is not None:
            api.append_context(caller=_verified(api, key, needed))  # type: ignore[no-untyped-call]
        elif needed is Scope.OPERATE or not wiring_of(api).api_settings.public_read:
            raise RequestRefused(
                HTTPStatus.UNAUTHORIZED,
                f"This needs a key of the scope {needed.value}: {NEEDED}.",
                headers={"WWW-Authenticate": CHALLENGE},
            )
    answer: Response[str] = next_middleware(api)
    return answer


def _presented(api: APIGatewayHttpResolver) -> str | None:
    """Return what the caller shows as a key. Of any other kind of credential it is all, and no key."""
    headers = api.current_event.headers
    authorization = headers.get("authorization")
    if authorization is None:
        return headers.get("x-api-key")
    kind, _, key = authorization.partition(" ")
    return key.strip() if kind.lower() == "bearer" else authorization


def _verified(api: APIGatewayHttpResolver, key: str, needed: Scope) -> Caller:
    address = api.current_event.request_context.http.source_ip
    try:
        return verify_api_key(key, address=address, needed=needed, conn=connection_of(api))
    except KeyRefused as error:
        count("api_key_refused")
        headers = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        raise RequestRefused(HTTPStatus.UNAUTHORIZED, f"{error}.", headers=headers) from None
    except ScopeMissing as error:
        headers = {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{needed.value}"'}
        raise RequestRefused(HTTPStatus.FORBIDDEN, f"{error}.", headers=headers) from None
    except KeyLockedOut as error:
        count("api_key_locked_out")
        headers = {"Retry-After": str(math.ceil(error.retry_after_seconds or 0))}
        raise RequestRefused(HTTPStatus.TOO_MANY_REQUESTS, f"{error}.", headers=headers) from None

"""The operator's verbs for keys of the HTTP API: who may use it, and what it refused."""

from typing import Annotated

from psycopg import Connection
from pydantic import Field

from gaugehouse.domain.api_keys import PREFIX_PATTERN, Scope
from gaugehouse.domain.errors import OperationRefused
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import Arguments, Limit
from gaugehouse.services.create_api_key import create_api_key
from gaugehouse.services.revoke_api_key import revoke_api_key
from gaugehouse.store import api_keys, security_events


class NewKey(Arguments):
    """Whose key it is and what for, what it may do, and for how many days."""

    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")]
    scope: Scope
    days: int = Field(ge=1, le=3650)


class KeyPrefix(Arguments):
    """Which key."""

    prefix: Annotated[str, Field(pattern=rf"^{PREFIX_PATTERN}$")]


def _create(conn: Connection, arguments: NewKey) -> Answer:
    text, made = create_api_key(arguments.name, arguments.scope, days=arguments.days, conn=conn)
    return Answer(answer={"key": text, **plain(made)}, changed=1)


def _list(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(api_keys.all_keys(conn)))


def _revoke(conn: Connection, arguments: KeyPrefix) -> Answer:
    if not revoke_api_key(arguments.prefix, conn=conn):
        raise OperationRefused(f"operate revoke_key: there is no key {arguments.prefix} that still holds")
    return Answer(answer={"revoked": arguments.prefix}, changed=1)


def _events(conn: Connection, arguments: Limit) -> Answer:
    return Answer(answer=plain(security_events.newest(conn, limit=arguments.limit)))


OPERATIONS = {
    "create_key": Operation(NewKey, _create),
    "list_keys": Operation(Arguments, _list),
    "revoke_key": Operation(KeyPrefix, _revoke),
    "key_events": Operation(Limit, _events),
}

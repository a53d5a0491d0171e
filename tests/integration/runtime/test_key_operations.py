"""Keys of the HTTP API as the operator's command has them made, through the maintenance handler."""

import hashlib
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.runtime.operations import operate
from tests.integration.runtime.conftest import Handle

EVENTS = "SELECT kind, key_prefix, detail FROM security_events ORDER BY id"


def ask(maintenance: Handle, operation: str, **arguments: object) -> Any:
    return maintenance({"task": "operate", "operation": operation, "arguments": arguments})["answer"]


def test_a_key_is_told_once_and_only_its_digest_is_kept(
    maintenance: Handle, conn: psycopg.Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    made = ask(maintenance, "create_key", name="Ada's notebook", scope="operate", days=90)

    _, prefix, secret = made["key"].split("_", 2)
    assert (made["prefix"], made["scopes"], made["is_expired"]) == (prefix, ["read", "operate"], False)
    kept = conn.execute(
        "SELECT secret_sha256, expires_at - created_at = interval '90 days', api_keys::text FROM api_keys"
    ).fetchone()
    assert kept is not None
    assert kept[:2] == (hashlib.sha256(secret.encode()).digest(), True)
    log = capfd.readouterr()
    assert secret not in kept[2] + log.out + log.err
    assert conn.execute(EVENTS).fetchall() == [("key_created", prefix, "Ada's notebook: operate, 90 days")]
    [listed] = ask(maintenance, "list_keys")
    assert listed == {name: value for name, value in made.items() if name != "key"}


def test_a_key_is_revoked_once(maintenance: Handle, conn: psycopg.Connection) -> None:
    made = ask(maintenance, "create_key", name="a", scope="read", days=1)
    prefix = made["prefix"]

    assert ask(maintenance, "revoke_key", prefix=prefix) == {"revoked": prefix}

    [listed] = ask(maintenance, "list_keys")
    assert listed["revoked_at"] is not None
    with pytest.raises(OperationRefused, match=f"no key {prefix} that still holds"):
        operate("revoke_key", {"prefix": prefix}, conn=conn)
    newest, *_ = ask(maintenance, "key_events", limit=1)
    assert (newest["kind"], newest["key_prefix"], newest["address"]) == ("key_revoked", prefix, None)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("create_key", {"name": "", "scope": "read", "days": 1}),
        ("create_key", {"name": "a\0b", "scope": "read", "days": 1}),
        ("create_key", {"name": "a" * 101, "scope": "read", "days": 1}),
        ("create_key", {"name": "a", "scope": "admin", "days": 1}),
        ("create_key", {"name": "a", "scope": "read", "days": 0}),
        ("create_key", {"name": "a", "scope": "read", "days": 100_000}),
        ("revoke_key", {"prefix": "gh_abcdefgh"}),
        ("revoke_key", {"prefix": "abcdefgh\n"}),
    ],
)
def test_what_makes_no_sense_is_refused(
    operation: str, arguments: dict[str, object], conn: psycopg.Connection
) -> None:
    with pytest.raises(OperationRefused, match=f"operate {operation}: "):
        operate(operation, arguments, conn=conn)

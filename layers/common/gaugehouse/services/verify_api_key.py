"""Verify a key of the HTTP API: whose it is, whether it may, and whether its caller has failed too often."""

import hmac

from psycopg import Connection

from gaugehouse.domain.api_keys import Caller, FoundKey, Refusal, Scope, counted_address, read_key
from gaugehouse.domain.errors import KeyLockedOut, KeyRefused, ScopeMissing
from gaugehouse.store import api_keys, security_events

NO_DIGEST = bytes(32)  # compared with where there is no such key, so that it takes as long as where there is

# Who has not shown the right secret hears the same, whatever is wrong.
WRONG = "this is no valid API key: compare it with what `gaugehouse keys create` printed"
TOLD = {
    Refusal.EXPIRED: "this API key has expired: ask an operator for a new one (gaugehouse keys create)",
    Refusal.REVOKED: "this API key was revoked: ask an operator for a new one (gaugehouse keys create)",
}


def verify_api_key(text: str, *, address: str, needed: Scope, conn: Connection) -> Caller:
    """Let a caller in by its key. Takes one round trip, and a second one once a minute.

    `address` is where the caller comes from. A failure counts for the key's prefix and for the address; after
    too many of either (migration 0020 has the numbers) nobody gets in by that prefix or from that address,
    also not with the right key. `conn` is outside of a transaction.

    Raises: KeyLockedOut, KeyRefused, ScopeMissing.
    """
    caller = counted_address(address)
    presented = read_key(text)
    if presented is None:
        raise _refused(conn, None, caller, Refusal.MALFORMED)
    found = api_keys.find(conn, presented.prefix, address=caller)
    is_right = hmac.compare_digest(found.secret_sha256 or NO_DIGEST, presented.secret_sha256)
    if found.locked_out_seconds > 0:
        raise KeyLockedOut(retry_after_seconds=found.locked_out_seconds)
    fault = _fault(found, is_right=is_right)
    if fault is not None:
        raise _refused(conn, presented.prefix, caller, fault)
    if found.use_is_old:
        api_keys.note_use(conn, presented.prefix)
    if needed not in (found.scopes or ()):
        raise ScopeMissing(f"this API key may not {needed.value}: it needs one of that scope")
    return Caller(prefix=presented.prefix, name=found.name or "", address=caller)


def _fault(found: FoundKey, *, is_right: bool) -> Refusal | None:
    if found.secret_sha256 is None:
        return Refusal.UNKNOWN
    if not is_right:
        return Refusal.WRONG_SECRET
    if found.is_revoked:
        return Refusal.REVOKED
    return Refusal.EXPIRED if found.is_expired else None


def _refused(conn: Connection, prefix: str | None, address: str, why: Refusal) -> KeyRefused | KeyLockedOut:
    """Count the refusal; return how it is told."""
    locked_out_seconds = security_events.note_refusal(conn, prefix, address=address, why=why.value)
    if locked_out_seconds > 0:
        return KeyLockedOut(retry_after_seconds=locked_out_seconds)
    return KeyRefused(TOLD.get(why, WRONG))

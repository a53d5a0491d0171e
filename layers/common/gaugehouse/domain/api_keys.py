"""Keys of the HTTP API: how they look, what they may do, and why one is refused.

A key is `gh_<prefix>_<secret>`. The prefix finds and names it and is no secret; the secret has 256 random
bits. Nobody guesses those, so their plain SHA-256 does: a slow hash protects words that people choose.
"""

import hashlib
import re
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

PREFIX_BYTES = 5  # eight letters of base 32
SECRET_BYTES = 32
PREFIX_PATTERN = r"[a-z2-7]{8}"
FORMAT = re.compile(rf"gh_({PREFIX_PATTERN})_([A-Za-z0-9_-]{{43}})")
NOBODY = "0.0.0.0"  # noqa: S104 - whoever came without an address; nothing listens here
NETWORK_BITS = 64  # of an IPv6 address: the rest of it is its owner's to choose


class Scope(StrEnum):
    """What a key is for."""

    READ = "read"
    OPERATE = "operate"

    @property
    def granted(self) -> tuple["Scope", ...]:
        """What a key for this may do: whoever acts must see what there is to do."""
        return (Scope.READ,) if self is Scope.READ else (Scope.READ, Scope.OPERATE)


class Refusal(StrEnum):
    """Why a key is refused. Only who holds the right secret hears of the last two."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    WRONG_SECRET = "wrong_secret"  # noqa: S105 - a reason, no secret
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What there is to know of a key. Times are aware, UTC; `last_used_at` is true to the minute."""

    prefix: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    is_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDigest:
    """What finds a key, and what proves it."""

    prefix: str
    secret_sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """What the database says of a prefix. Without such a key, name, digest and scopes are None."""

    name: str | None
    secret_sha256: bytes | None
    scopes: list[str] | None
    is_expired: bool | None
    is_revoked: bool
    use_is_old: bool
    locked_out_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who was let in: the key's prefix and name, and from where."""

    prefix: str
    name: str
    address: str


def make_key(random_prefix: bytes, random_secret: bytes) -> tuple[str, KeyDigest]:
    """Make a key of 5 random bytes for its prefix and 32 for its secret; return its text and what is kept."""
    prefix = b32encode(random_prefix).decode().lower()
    secret = urlsafe_b64encode(random_secret).decode().rstrip("=")
    return f"gh_{prefix}_{secret}", _digest(prefix, secret)


def read_key(text: str) -> KeyDigest | None:
    """Read a key that a caller shows; None for what is none."""
    found = FORMAT.fullmatch(text)
    return None if found is None else _digest(*found.groups())


def _digest(prefix: str, secret: str) -> KeyDigest:
    # Of its text, of which there is one: base 64 can write the same bytes in several ways.
    return KeyDigest(prefix=prefix, secret_sha256=hashlib.sha256(secret.encode()).digest())


def counted_address(text: str) -> str:
    """Return the address under which a caller's failures are counted: of IPv6 its network of 64 bits."""
    try:
        address = ip_address(text)
    except ValueError:
        return NOBODY
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    network = int(address) >> NETWORK_BITS << NETWORK_BITS
    return f"{IPv6Address(network)}/{NETWORK_BITS}"

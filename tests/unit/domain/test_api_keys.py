import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaugehouse.domain.api_keys import NOBODY, Scope, counted_address, make_key, read_key

PREFIX, SECRET = bytes(range(5)), bytes(range(32))


@given(prefix=st.binary(min_size=5, max_size=5), secret=st.binary(min_size=32, max_size=32))
def test_what_is_made_can_be_read(prefix: bytes, secret: bytes) -> None:
    text, digest = make_key(prefix, secret)

    assert read_key(text) == digest
    assert text.isascii() and len(text) == len("gh_") + 8 + 1 + 43


def test_only_a_digest_of_the_secret_is_kept() -> None:
    text, digest = make_key(PREFIX, SECRET)

    assert digest.prefix == "aaaqeaye" == text[3:11]
    assert digest.secret_sha256 == hashlib.sha256(text[12:].encode()).digest()
    assert text[12:] not in repr(digest)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: "",
        lambda key: key + "A",
        lambda key: key[:-1],
        lambda key: f" {key}",
        lambda key: f"{key}\n",
        lambda key: key.upper(),
        lambda key: key.replace("gh_", "gh-"),
        lambda key: key[:20] + "\0" + key[21:],
        lambda key: key[:20] + "é" + key[21:],
        lambda key: key[:4] + "٣" + key[5:],
        lambda key: key * 10_000,
    ],
)
def test_what_is_no_key_is_none(spoil: object) -> None:
    text, _ = make_key(PREFIX, SECRET)

    assert callable(spoil)
    assert read_key(spoil(text)) is None


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", NOBODY),
        ("unknown", NOBODY),
        ("203.0.113.5, 10.0.0.1", NOBODY),
    ],
)
def test_failures_are_counted_by_what_a_caller_cannot_choose(text: str, counted: str) -> None:
    assert counted_address(text) == counted


def test_who_may_operate_may_read() -> None:
    assert Scope.OPERATE.granted == (Scope.READ, Scope.OPERATE)
    assert Scope.READ.granted == (Scope.READ,)

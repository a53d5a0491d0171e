"""`gaugehouse keys` against a running house."""

import re

from tests.e2e.operator import Operator


def test_a_key_is_made_listed_and_revoked(operator: Operator) -> None:
    done = operator.types_here("keys", "create", "Ada's [notebook]", "--scope", "read", "--expires", "30d")

    assert done.returncode == 0, done.stderr
    key = done.stdout.strip()
    assert re.fullmatch(r"gh_[a-z2-7]{8}_[A-Za-z0-9_-]{43}", key)
    prefix = key[3:11]
    assert f"gaugehouse keys revoke {prefix}" in done.stderr and key not in done.stderr
    listed = {each["prefix"]: each for each in operator.asks("keys", "list")}
    assert (listed[prefix]["name"], listed[prefix]["scopes"]) == ("Ada's [notebook]", ["read"])
    table = operator.types_here("keys", "list").stdout
    assert "Ada's [notebook]" in table and "active" in table and key not in table

    assert "Nothing is revoked: use --yes" in operator.is_refused("keys", "revoke", prefix)
    assert operator.asks("keys", "revoke", prefix, "--yes") == {"revoked": prefix}

    assert "revoked" in operator.types_here("keys", "list").stdout
    kinds = [event["kind"] for event in operator.asks("keys", "events") if event["key_prefix"] == prefix]
    assert kinds == ["key_revoked", "key_created"]
    assert "key revoked" in operator.types_here("keys", "events").stdout
    assert "no key" in operator.is_refused("keys", "revoke", prefix, "--yes")


def test_json_has_the_key_too_and_ninety_days_are_the_usual_time(operator: Operator) -> None:
    made = operator.asks("keys", "create", "a", "--scope", "operate")

    assert made["key"].startswith(f"gh_{made['prefix']}_")
    assert operator.rows(
        "SELECT 1 FROM api_keys WHERE prefix = %(prefix)s AND expires_at - created_at = interval '90 days'",
        prefix=made["prefix"],
    )


def test_a_wrong_command_says_what_it_lacks(operator: Operator) -> None:
    assert "Missing option" in operator.is_refused("keys", "create", "a")
    assert "such as 90d" in operator.is_refused("keys", "create", "a", "--scope", "read", "--expires", "0d")
    assert "such as 90d" in operator.is_refused("keys", "create", "a", "--scope", "read", "--expires", "soon")
    assert "the eight letters" in operator.is_refused("keys", "revoke", "gh_abcdefg1", "--yes")
    assert "no key" in operator.is_refused("keys", "revoke", "gh_abcdefgh", "--yes")

"""Who may ask the API: each refusal, and what a caller hears."""

import psycopg
import pytest

from gaugehouse.domain.api_keys import Scope
from gaugehouse.services.create_api_key import create_api_key
from gaugehouse.services.revoke_api_key import revoke_api_key
from tests.integration.api.conftest import CALLER, Answered, Call
from tests.integration.runtime.conftest import emitted

STATE = "/system/state"
NEWEST = "SELECT kind, key_prefix, abbrev(address), detail FROM security_events ORDER BY id DESC LIMIT 1"
EXPIRE = "UPDATE api_keys SET created_at = now() - interval '9 days', expires_at = now() WHERE prefix = %s"
PAUSE = {"name": "imports", "reason": "flood"}


@pytest.fixture(scope="module")
def api_environment() -> dict[str, str]:
    return {"PUBLIC_READ": "false"}


@pytest.fixture
def key(owner: psycopg.Connection) -> str:
    return create_api_key("Ada", Scope.READ, days=1, conn=owner)[0]


@pytest.fixture
def acting_key(owner: psycopg.Connection) -> str:
    return create_api_key("Ops", Scope.OPERATE, days=1, conn=owner)[0]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def refused(answer: Answered, status: int) -> str:
    """What a refusal says, which is a problem for nobody's cache."""
    assert (answer.status, answer.body["status"]) == (status, status), answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    detail: str = answer.body["detail"]
    return detail


@pytest.mark.parametrize("path", [STATE, "/nothing"])
def test_without_a_key_nobody_reads_where_reading_is_not_public(path: str, call: Call) -> None:
    answer = call("GET", path)

    assert "gaugehouse keys create" in refused(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="gaugehouse"'


@pytest.mark.parametrize("path", ["/health", "/openapi.json"])
def test_whether_it_answers_and_what_there_is_needs_no_key(path: str, call: Call) -> None:
    assert call("GET", path).status == 200
    assert call("GET", path, headers=bearer("nonsense")).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        "Authorization: Bearer {}",
        "authorization: bearer {}",
        "AUTHORIZATION: BEARER  {} ",
        "X-Api-Key: {}",
        "x-api-key: {}",
    ],
)
def test_a_key_may_come_in_either_header(headers: str, call: Call, key: str) -> None:
    name, _, value = headers.partition(": ")

    assert call("GET", STATE, headers={name: value.format(key)}).status == 200


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Basic QWxhZGRpbg==", "Bearer é", "Bearer a\0b", "Bearer " + "x" * 8000]
)
def test_what_is_no_key_is_refused_and_counted(shown: str, call: Call, owner: psycopg.Connection) -> None:
    answer = call("GET", STATE, headers={"Authorization": shown}, source_ip="192.0.2.77")

    assert "no valid API key" in refused(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="gaugehouse", error="invalid_token"'
    assert owner.execute(NEWEST).fetchone() == ("key_refused", None, "192.0.2.77", "malformed")


def test_an_expired_and_a_revoked_key_say_so(call: Call, key: str, owner: psycopg.Connection) -> None:
    owner.execute(EXPIRE, (key[3:11],))
    assert "has expired" in refused(call("GET", STATE, headers=bearer(key)), 401)

    revoke_api_key(key[3:11], conn=owner)
    assert "was revoked" in refused(call("GET", STATE, headers=bearer(key)), 401)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/admin/pauses", PAUSE),
        ("DELETE", "/admin/pauses/imports", None),
        ("POST", "/admin/imports", {"kind": "fopr", "subject": "59700"}),
        ("POST", "/admin/imports/fopr/59700/retry", None),
    ],
)
def test_acting_needs_a_key_for_acting(method: str, path: str, body: object, call: Call, key: str) -> None:
    assert "scope operate" in refused(call(method, path, body=body), 401)

    answer = call(method, path, body=body, headers=bearer(key))
    assert "may not operate" in refused(answer, 403)
    assert answer.headers["www-authenticate"].endswith('error="insufficient_scope", scope="operate"')


def test_too_many_failures_lock_a_key_out(call: Call, key: str, owner: psycopg.Connection) -> None:
    wrong = bearer(f"{key[:12]}{'x' * 43}")
    for _ in range(5):
        refused(call("GET", STATE, headers=wrong, source_ip="192.0.2.50"), 401)

    answer = call("GET", STATE, headers=bearer(key))

    assert "too many refused keys" in refused(answer, 429)
    assert 890 < int(answer.headers["retry-after"]) <= 900
    assert owner.execute(NEWEST).fetchone() == ("locked_out", key[3:11], "192.0.2.50", "wrong_secret")


def test_too_many_failures_lock_an_address_out(call: Call, key: str, owner: psycopg.Connection) -> None:
    owner.execute(
        "INSERT INTO security_events (kind, address, detail) "
        "SELECT 'key_refused', '192.0.2.60', 'malformed' FROM generate_series(1, 100)"
    )

    refused(call("GET", STATE, headers=bearer(key), source_ip="192.0.2.60"), 429)
    assert call("GET", STATE, headers=bearer(key), source_ip="192.0.2.61").status == 200
    assert call("GET", "/health", source_ip="192.0.2.60").status == 200


def test_refusals_are_counted_as_metrics(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    call("GET", STATE, headers=bearer("nonsense"))

    assert emitted(capsys.readouterr().out)["ApiKeyRefused"] == 1


def test_no_key_is_in_the_log(call: Call, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    call("GET", STATE, headers=bearer(key))
    call("GET", STATE, headers=bearer(f"{key}x"))

    said = capsys.readouterr()
    assert key[12:] not in said.out + said.err


def test_an_action_is_remembered_before_it_is_done(
    call: Call, acting_key: str, owner: psycopg.Connection
) -> None:
    """AWS, as moto serves it, has no function to act: the caller hears that nothing was done."""
    answer = call("POST", "/admin/pauses", body=PAUSE, headers=bearer(acting_key))

    assert "nothing was done" in refused(answer, 503)
    assert int(answer.headers["retry-after"]) > 0
    acted = ("acted", acting_key[3:11], CALLER, "pause: name imports, reason flood")
    assert owner.execute(NEWEST).fetchone() == acted


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("POST", "/admin/pauses", {"name": "imports"}, 422, "reason"),
        ("POST", "/admin/pauses", {"name": "imports", "reason": "a\0b"}, 422, "reason"),
        ("POST", "/admin/pauses", {"name": "imports", "reason": "a\ud800"}, 422, "reason"),
        ("POST", "/admin/pauses", {"name": "imports", "reason": "a" * 501}, 422, "reason"),
        ("DELETE", "/admin/pauses/imports%00", None, 404, "There is no"),
        ("DELETE", "/admin/pauses/Everything", None, 422, "name"),
        ("POST", "/admin/pauses", {"name": "x'; --", "reason": "a"}, 422, "name"),
        ("POST", "/admin/pauses", {**PAUSE, "resumes_at": "tomorrow"}, 422, "resumes_at"),
        ("POST", "/admin/pauses", {**PAUSE, "for": "ever"}, 422, "for"),
        ("POST", "/admin/pauses", [], 422, ""),
        ("POST", "/admin/imports", {"kind": "tides", "subject": "1"}, 422, "kind"),
        ("POST", "/admin/imports", {"kind": "fopr", "subject": "../x"}, 422, "subject"),
        ("POST", "/admin/imports/tides/1/retry", None, 422, "kind"),
        ("POST", "/admin/imports/fopr/59700/retry", None, 404, "no fopr import of 59700"),
        ("GET", "/admin/pauses", None, 405, "only POST"),
    ],
)  # fmt: skip
def test_a_wrong_wish_says_what_is_wrong(
    method: str, path: str, body: object, status: int, said: str, call: Call, acting_key: str
) -> None:
    assert said in refused(call(method, path, body=body, headers=bearer(acting_key)), status)

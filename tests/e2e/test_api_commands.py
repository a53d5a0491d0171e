"""The read verbs by `--api`: what they print is what they print of the house itself."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from gaugehouse_cli.api_client import ApiClient
from gaugehouse_cli.api_transport import ApiRefused, ApiUnreachable
from tests.e2e.operator import Operator

SOUND = "59700"
RUNS = "SELECT id, status FROM job_runs WHERE trigger = 'schedule' ORDER BY id"
Done = subprocess.CompletedProcess[str]
# What the clock moves between two questions.
MOVING = {
    "oldest_due_seconds",
    "next_retry_seconds",
    "newest_reading_seconds",
    "newest_rain_seconds",
    "wait_seconds",
}


@pytest.fixture
def url(operator: Operator) -> str:
    return operator.house.outputs["ApiUrl"]


@pytest.fixture
def client(url: str) -> Iterator[ApiClient]:
    with ApiClient(url) as api:
        yield api


def still(document: Any) -> Any:
    """The document without what the clock moves."""
    if isinstance(document, dict):
        return {name: still(value) for name, value in document.items() if name not in MOVING}
    return [still(item) for item in document] if isinstance(document, list) else document


def ask_both(operator: Operator, url: str, *command: str) -> tuple[Done, Done]:
    """Ask the house and its API, in a moment in which no schedule begins or ends a run."""
    while True:
        before = operator.rows(RUNS)
        direct, by_api = operator.types_here(*command), operator.types_here("--api", url, *command)
        if operator.rows(RUNS) == before:
            return direct, by_api


@pytest.mark.parametrize(
    "verb",
    [
        ("jobs", "list"),
        ("jobs", "history", "poll:mcfcd_gauge_list"),
        ("jobs", "history", "requeue_imports", "--limit", "1"),
        ("task", "list"),
        ("imports", "list"),
        ("imports", "list", "--status", "failed", "--limit", "1"),
        ("imports", "show", SOUND),
        ("coverage",),
        ("quota",),
        ("rejects", "list"),
    ],
    ids=" ".join,
)
def test_a_verb_says_the_same_by_the_api(verb: tuple[str, ...], operator: Operator, url: str) -> None:
    direct, by_api = ask_both(operator, url, *verb, "--json")

    assert by_api.returncode == direct.returncode, by_api.stderr
    assert still(json.loads(by_api.stdout)) == still(json.loads(direct.stdout))
    direct, by_api = ask_both(operator, url, *verb)
    assert by_api.stdout == direct.stdout


def test_the_status_is_there_but_for_what_the_api_does_not_tell(operator: Operator, url: str) -> None:
    direct, by_api = ask_both(operator, url, "status", "--json")

    assert by_api.returncode == direct.returncode, by_api.stderr
    told = json.loads(direct.stdout)
    told |= {"queues": {**told["queues"], "imports": None}, "gauges_by_water_year": None}
    assert still(json.loads(by_api.stdout)) == still(told)
    assert "does not tell" in operator.types_here("--api", url, "status").stdout


def test_a_dead_letter_is_unhealthy_by_the_api_too(operator: Operator, url: str) -> None:
    queue = operator.house.outputs["ImportDeadLetterQueueUrl"]
    operator.sqs().send_message(QueueUrl=queue, MessageBody="{}")
    try:
        by_api = operator.types_here("status", "--api", url, "--json")
    finally:
        operator.empty(queue)

    told = json.loads(by_api.stdout)
    assert (by_api.returncode, told["queues"]["dead_letters"]["waiting"]) == (1, 1)
    assert "1 messages failed every try" in [finding["says"] for finding in told["findings"]]


def test_a_gauge_is_shown_the_same_by_the_api(operator: Operator, url: str) -> None:
    listed = "UPDATE gauge_summaries SET observed_at = observed_at + %s, is_stale = %s WHERE station_id = %s"
    operator.conn.execute(listed.encode(), (timedelta(hours=-5), True, SOUND))
    try:
        shown, by_api = ask_both(operator, url, "gauge", SOUND)
    finally:
        operator.conn.execute(listed.encode(), (timedelta(hours=5), False, SOUND))

    assert by_api.stdout == shown.stdout, by_api.stderr
    assert "no longer listed" in shown.stdout and "Live rain" in shown.stdout
    direct, told = operator.asks("gauge", SOUND), operator.asks("gauge", SOUND, "--api", url)
    assert set(told) == set(direct)
    assert told["gaps"] == direct["gaps"] and told["wettest_days"] == direct["wettest_days"]
    for year, direct_year in zip(told["water_years"], direct["water_years"], strict=True):
        assert {name: year[name] for name in direct_year if name in year} == {
            name: value for name, value in direct_year.items() if name in year
        }
        assert set(direct_year) - set(year) == {"monsoon_is_complete"}


def test_gauges_are_listed_by_the_api_without_their_records(operator: Operator, url: str) -> None:
    unlisted = {"first_day", "last_day"}
    direct = operator.asks("gauges", "list")
    assert operator.asks("gauges", "list", "--api", url) == [
        {name: value for name, value in gauge.items() if name not in unlisted} for gauge in direct
    ]
    place = next(gauge for gauge in direct if gauge["station_id"] == SOUND)
    assert place["name"] in operator.types_here("--api", url, "gauges", "list").stdout

    near = ("gauges", "near", "33.6", "-111.9", "--radius", "200mi")
    around, by_api = operator.asks(*near), operator.asks(*near, "--api", url)
    assert around and len(by_api) == len(around)
    for told, gauge in zip(by_api, around, strict=True):
        assert told["station_id"] == gauge["station_id"]
        assert told["bearing_degrees"] == pytest.approx(gauge["bearing_degrees"])
        assert told["distance_miles"] == pytest.approx(gauge["distance_miles"])


def test_the_record_comes_typed(client: ApiClient) -> None:
    days = client.rainfall(SOUND)
    first, last = days[0].date, days[-1].date
    assert [day.date for day in client.rainfall(SOUND, first=first, last=first)] == [first]
    assert sum(year.days_present for year in client.water_years(SOUND)) == len(days)
    assert client.months(SOUND, first=last, last=last)[0].month == f"{last:%Y-%m}"
    year = client.water_years(SOUND, first=last, last=last)[0]
    assert client.water_year(SOUND, year.water_year).total_readings == year.days_present
    assert len(client.calendar_year(SOUND, last.year).months) == 12
    assert client.record(SOUND).proof is not None
    assert {gauge.station_id for gauge in client.gauges(q=SOUND)} == {SOUND}
    stream = next(gauge for gauge in client.gauges(network="usgs") if gauge.latest)
    readings = client.readings(stream.station_id, stream.latest[0].parameter_code, points=10)
    assert readings.unit and len(readings.items) <= 10
    assert len(client.normals(SOUND)) in (0, 366)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("--api", "{}", "dlq", "show"), "the HTTP API does not offer what"),
        (("--api", "{}", "pause", "imports", "--reason", "a"), "does not offer"),
        (("--api", "{}", "demo"), "runs on this machine"),
        (("quota", "--api", "{}", "--stack", "a"), "--api excludes --stack"),
        (("quota", "--api", "gauges.example.org"), "is no address of an API"),
        (("quota", "--api", "http://127.0.0.1:1"), "does not answer"),
        (("imports", "show", "99999", "--api", "{}"), "404 Not Found: The ledger has no"),
    ],
)
def test_what_cannot_be_done_says_so(
    command: tuple[str, ...], words: str, operator: Operator, url: str
) -> None:
    assert words in operator.is_refused(*(word.format(url) for word in command))


def test_the_key_comes_from_the_environment(operator: Operator, url: str) -> None:
    key = operator.asks("keys", "create", "a", "--scope", "read")["key"]
    with_key = replace(operator, environment={**operator.environment, "GAUGEHOUSE_API_KEY": key})
    wrong = replace(operator, environment={**operator.environment, "GAUGEHOUSE_API_KEY": key[:-1]})

    assert {quota["source"] for quota in with_key.asks("quota", "--api", url)} == {"mcfcd", "usgs"}
    [made] = [each for each in operator.asks("keys", "list") if each["prefix"] == key[3:11]]
    assert made["last_used_at"] is not None
    refused = wrong.is_refused("quota", "--api", url)
    assert "401 Unauthorized: this is no valid API key" in refused and key[12:-1] not in refused
    broken = replace(operator, environment={**operator.environment, "GAUGEHOUSE_API_KEY": f"{key}\na"})
    assert "copy it again" in broken.is_refused("quota", "--api", url)
    assert "clear text" in with_key.is_refused("quota", "--api", "http://gauges.example.org")


def test_lists_are_followed_page_by_page(client: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = list(client.imports())
    assert len(everything) >= 3
    monkeypatch.setattr("gaugehouse_cli.api_calls.MOST_AT_ONCE", 1)

    assert list(client.imports()) == everything
    assert list(client.imports(limit=2)) == everything[:2]


def test_answers_are_typed(client: ApiClient) -> None:
    assert client.health().status == "ok"
    assert client.system_state().gauges >= 3
    [run] = client.job_runs("poll:mcfcd_gauge_list", limit=1)
    assert run.started_at.tzinfo is not None
    assert client.one_import("fopr", SOUND).last_completed_at is not None


def test_who_acts_with_it_needs_a_key(client: ApiClient, operator: Operator, url: str) -> None:
    with pytest.raises(ApiRefused, match="401") as refused:
        client.pause("imports", "flood")
    assert refused.value.status == 401

    key = operator.asks("keys", "create", "a", "--scope", "operate")["key"]
    with ApiClient(f"{url}/api/v1/", key) as acting:
        [paused] = acting.pause("task:cleanup_rejects", "flood")
        assert (paused.name, paused.resumes_at) == ("task:cleanup_rejects", None)
        assert acting.resume("task:cleanup_rejects") == []
        with pytest.raises(ApiRefused, match="404"):
            acting.retry_import("fopr", "99999")
        with pytest.raises(ApiRefused, match="422"):
            acting.ask_for_import("water_year", "23")


@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (302, {"Location": "https://elsewhere.example.org/"}, "", "leads on to https://elsewhere"),
        (503, {}, "<html>", "answers 503: it is no Gaugehouse API"),
        (200, {}, "<html>", "answers otherwise than this release"),
        (200, {}, '{"items": [{"source": 1}]}', "answers otherwise than this release"),
    ],
)
def test_what_is_no_such_api_is_told(
    status: int, headers: dict[str, str], body: str, words: str, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/api/v1/quota").respond_with_data(body, status, headers)

    with ApiClient(httpserver.url_for(""), "a-key") as api, pytest.raises(ApiUnreachable, match=words):
        api.quotas()


def test_the_key_goes_to_the_api_and_the_wait_is_told(httpserver: HTTPServer) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["Authorization"])
        return Response('{"detail": "too many refused keys"}', 429, {"Retry-After": "899"})

    httpserver.expect_request("/api/v1/quota").respond_with_handler(answer)

    with ApiClient(httpserver.url_for(""), "a-key") as api, pytest.raises(ApiRefused) as refused:
        api.quotas()

    assert "too many refused keys" in str(refused.value)
    assert refused.value.retry_after_seconds == 899
    assert seen == ["Bearer a-key"]

"""Faults of the USGS's services to order: those of any web server, and answers that say something wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from gaugehouse_local.simulator import (
    GAUGE_LIST,
    ClimateAgency,
    Fault,
    Simulator,
    Together,
    UsgsAgency,
    create_climate,
    create_network,
)
from gaugehouse_local.simulator.usgs.answer_faults import (
    clock_ahead,
    duplicated,
    edited,
    empty_page,
    next_link_elsewhere,
    rate_limited,
    repeated_cursor,
    values_replaced,
    wrong_key,
)
from tests.unit.simulator.usgs import NOW, Client, items, next_link, opened

CONTINUOUS = items("continuous")


@pytest.fixture
def client() -> Iterator[Client]:
    with opened(create_network(seed=5, sites=12, now=NOW, calm=True)) as usgs:
        yield usgs


def test_a_failing_second_page(client: Client) -> None:
    client.simulator.order(CONTINUOUS, Fault.status(503), query="cursor=")
    first = client.items("continuous", time="PT2H")
    following = next_link(first)
    assert first.status_code == 200 and following is not None
    assert client.follow(following).status_code == 503
    assert client.follow(following).status_code == 200


def test_a_fault_of_the_nth_request(client: Client) -> None:
    client.simulator.order(CONTINUOUS, Fault.html(), after=2, times=2)
    client.simulator.order(CONTINUOUS, Fault.status(500), after=1)
    kinds = [client.items("continuous", time="PT2H") for _ in range(6)]
    assert [answer.headers["Content-Type"].partition(";")[0] for answer in kinds] == [
        "application/geo+json",
        "text/html",
        "text/html",
        "text/html",
        "application/geo+json",
        "application/geo+json",
    ]
    assert [answer.status_code for answer in kinds] == [200, 500, 200, 200, 200, 200]


def test_a_fault_of_requests_that_ask_for_one_site(client: Client) -> None:
    sites = [site.site_id for site in client.network.sites[:2]]
    client.simulator.order("/items", Fault.status(500), times=None, query=sites[1])
    asked = [
        client.items("continuous", monitoring_location_id=site, time="PT2H")
        for site in (*sites, ",".join(sites))
    ]
    assert [answer.status_code for answer in asked] == [200, 500, 500]


def test_a_repeated_cursor_leads_to_the_same_page_for_ever(client: Client) -> None:
    client.simulator.order(CONTINUOUS, repeated_cursor(), times=None, query="cursor=")
    first = next_link(client.items("continuous", time="PT2H"))
    assert first is not None
    again = client.follow(first)
    second = next_link(again)
    assert second is not None
    assert client.follow(second).json() == again.json()
    assert next_link(client.follow(second)) == second


def test_a_next_link_to_another_host(client: Client) -> None:
    client.simulator.order(CONTINUOUS, next_link_elsewhere("evil.example.org"))
    following = next_link(client.items("continuous", time="PT2H"))
    assert following is not None and following.startswith("https://evil.example.org/ogcapi/v1/")
    last_page = client.items("continuous", time="PT2H", limit="50000")
    assert next_link(last_page) is None


def test_an_empty_page_that_links_on(client: Client) -> None:
    client.simulator.order(CONTINUOUS, empty_page())
    answer = client.items("continuous", time="PT2H")
    assert (answer.json()["features"], answer.json()["numberReturned"]) == ([], 0)
    assert next_link(answer) is not None


@pytest.mark.parametrize("text", ["-999999", "NaN", "ice", "", None])
def test_values_that_are_none(client: Client, text: str | None) -> None:
    client.simulator.order(CONTINUOUS, values_replaced(text, every=3))
    features = client.items("continuous", time="PT2H", limit="30").json()["features"]
    assert [feature["properties"]["value"] == text for feature in features] == [True, False, False] * 10
    client.simulator.order("/nwis/iv/", values_replaced(text))
    legacy = client.get("/nwis/iv/", {}, format="json", sites="05568500", period="PT2H").json()
    found = [one["value"] for series in legacy["value"]["timeSeries"] for one in series["values"][0]["value"]]
    assert set(found) == {text}


def test_features_that_come_twice_and_clocks_that_are_ahead(client: Client) -> None:
    right = client.items("continuous", time="PT2H", limit="100").json()["features"]
    client.simulator.order(CONTINUOUS, duplicated())
    twice = client.items("continuous", time="PT2H", limit="100").json()
    assert twice["numberReturned"] == 2 * len(right) == len(twice["features"])
    assert twice["features"][1::2] == right
    for older, newer in zip(twice["features"][::2], right, strict=True):
        assert older["properties"]["time"] == newer["properties"]["time"]
        assert older["properties"]["last_modified"] < newer["properties"]["last_modified"]
    client.simulator.order(CONTINUOUS, clock_ahead(timedelta(days=1)))
    times = [one["properties"]["time"] for one in client.items("continuous", time="PT2H").json()["features"]]
    assert all(datetime.fromisoformat(time) > NOW + timedelta(hours=20) for time in times)


def test_an_edit_of_one_s_own(client: Client) -> None:
    client.simulator.order(CONTINUOUS, edited("no links", lambda document: document.pop("links")))
    assert "links" not in client.items("continuous", time="PT2H").json()
    client.simulator.order(CONTINUOUS, edited("no links", lambda document: document.pop("links")))
    assert client.items("continuous", limit="0").status_code == 400  # no data to edit


def test_keys_and_limits_in_the_agency_s_own_words(client: Client) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=9)).replace(microsecond=0)
    orders = (
        wrong_key(),
        rate_limited(),
        rate_limited(retry_after="30"),
        Fault.too_many_requests(retry_after=until),
    )
    for fault in orders:
        client.simulator.order(CONTINUOUS, fault)
    key, plain, seconds, day = (client.items("continuous") for _ in orders)
    assert (key.status_code, key.json()["error"]["code"]) == (403, "API_KEY_INVALID")
    assert (plain.status_code, plain.json()["error"]["code"]) == (429, "OVER_RATE_LIMIT")
    assert "Retry-After" not in plain.headers
    assert seconds.headers["Retry-After"] == "30"
    assert (day.status_code, day.headers["Retry-After"].endswith("GMT")) == (429, True)


def test_truncation_resets_and_time_outs_work_here_too(client: Client) -> None:
    for fault in (Fault.truncated(1000), Fault.drop(), Fault.timeout(60)):
        client.simulator.order(CONTINUOUS, fault)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.items("continuous", time="PT2H")
    with pytest.raises(requests.exceptions.ConnectionError):
        client.items("continuous", time="PT2H")
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(client.simulator.url + CONTINUOUS, timeout=0.2)
    assert client.items("continuous", time="PT2H").status_code == 200


def test_an_outage_of_one_agency_leaves_the_other_one_alone() -> None:
    network, climate = (
        create_network(seed=5, sites=2, now=NOW),
        create_climate(gauges=1, first_water_year=2023),
    )
    agencies = Together(ClimateAgency(climate), UsgsAgency(network))
    with Simulator(agencies) as simulator, requests.Session() as session:

        def statuses() -> list[int]:
            paths = (
                GAUGE_LIST,
                CONTINUOUS,
                items("daily"),
                "/nwis/iv/?format=json&sites=05568500",
                "/nowhere",
            )
            return [session.get(simulator.url + path).status_code for path in paths]

        assert statuses() == [200, 200, 200, 200, 404]
        simulator.order("", Fault.status(503), times=None, path_prefix="/ogcapi/")
        assert statuses() == [200, 503, 503, 200, 404]
        simulator.cancel_faults()
        assert statuses() == [200, 200, 200, 200, 404]


def test_the_log_tells_what_was_asked(client: Client) -> None:
    client.items("continuous", monitoring_location_id="USGS-05568500,MD007-1", time="PT2H")
    (request,) = client.simulator.requests
    assert request.path == CONTINUOUS
    assert request.parameters == {"monitoring_location_id": "USGS-05568500,MD007-1", "time": "PT2H"}
    assert request.query.startswith("monitoring_location_id=USGS-05568500%2CMD007-1&")
    assert request.headers["x-api-key"] == "a-good-key"

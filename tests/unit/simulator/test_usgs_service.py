"""The simulated modern services of the USGS, asked over HTTP: windows, filters, pages, limits, errors."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from gaugehouse_local.simulator import create_network
from gaugehouse_local.simulator.usgs.sites import DEAD, FIRST_SITE
from tests.unit.simulator.usgs import KEY, NOW, Client, Feature, items, next_link, opened


@pytest.fixture
def client() -> Iterator[Client]:
    with opened() as usgs:
        yield usgs


def moments(features: list[Feature]) -> list[datetime]:
    return sorted(datetime.fromisoformat(feature["properties"]["time"]) for feature in features)


def changes(features: list[Feature]) -> list[datetime]:
    return sorted(datetime.fromisoformat(feature["properties"]["last_modified"]) for feature in features)


def values_of(features: list[Feature], name: str) -> set[str]:
    return {one["properties"][name] for one in features}


def by_identity(features: list[Feature]) -> dict[tuple[str, str], Feature]:
    return {(one["properties"]["time_series_id"], one["properties"]["time"]): one for one in features}


def identities(features: list[Feature]) -> set[tuple[str, str]]:
    return set(by_identity(features))


def test_a_window_has_exactly_the_values_that_the_network_has(client: Client) -> None:
    features = client.all("continuous", time="PT6H")
    served = {
        (
            p["time_series_id"],
            p["time"],
            p["value"],
            p["approval_status"],
            p["last_modified"],
            tuple(p["qualifier"] or ()),
        )
        for p in (feature["properties"] for feature in features)
    }
    true = {
        (
            series.series_id,
            one.moment.isoformat(),
            one.text,
            "Approved" if one.approved else "Provisional",
            one.modified.isoformat(),
            one.qualifiers,
        )
        for series in client.network.series
        for one in client.network.readings(series, NOW - timedelta(hours=6), NOW)
    }
    assert served == true
    assert len(features) == len(true) > 500
    assert len({feature["id"] for feature in features}) == len(features)


@pytest.mark.parametrize(
    ("time", "first", "last"),
    [
        ("2026-03-10T06:00:00Z/2026-03-10T07:00:00Z", "06:00", "07:00"),
        ("2026-03-10T06:00:01Z/2026-03-10T06:59:59.5+00:00", "06:15", "06:45"),
        ("2026-03-10T00:00:00-06:00/2026-03-10T01:00:00-06:00", "06:00", "07:00"),
        ("2026-03-10T06:30:00Z", "06:30", "06:30"),
        ("2026-03-10T11:00:00Z/..", "11:00", "11:45"),
        ("PT1H30M", "10:45", "11:45"),
    ],
)
def test_times_are_instants_intervals_and_durations(client: Client, time: str, first: str, last: str) -> None:
    features = client.all("continuous", time=time, monitoring_location_id=FIRST_SITE, parameter_code="00060")
    assert (f"{moments(features)[0]:%H:%M}", f"{moments(features)[-1]:%H:%M}") == (first, last)


def test_an_open_past_is_as_long_as_the_agency_allows_and_no_time_is_a_year(client: Client) -> None:
    asked: dict[str, str] = {"monitoring_location_id": FIRST_SITE, "parameter_code": "00065", "limit": "1"}
    open_past = client.items("continuous", time="../2026-03-10T00:00:00Z", **asked)
    assert moments(open_past.json()["features"]) == [datetime(2026, 3, 10, tzinfo=UTC) - timedelta(days=1100)]
    assert next_link(open_past) is not None
    (oldest,) = moments(client.items("continuous", **asked).json()["features"])
    assert oldest == datetime(2025, 3, 10, 12, 15, tzinfo=UTC)
    too_long = client.items("continuous", time="2020-01-01T00:00:00Z/..")
    assert too_long.status_code == 400
    assert "1100 days" in too_long.json()["description"]


def test_sites_parameters_states_and_boxes_are_filters(client: Client) -> None:
    sites = client.network.sites
    two = ",".join(site.site_id for site in sites[:2])
    features = client.all("continuous", time="PT2H", monitoring_location_id=two, parameter_code="00065,00045")
    found = {
        (one["properties"]["monitoring_location_id"], one["properties"]["parameter_code"]) for one in features
    }
    assert {site for site, _ in found} == set(two.split(","))
    assert {code for _, code in found} <= {"00065", "00045"}
    assert client.all("continuous", time="PT2H", statistic_id="00003") == []
    assert client.all("continuous", time="PT2H", monitoring_location_id="USGS-99999999") == []
    named = client.all("monitoring-locations", state_name="Illinois,Maryland")
    assert {one["properties"]["state_code"] for one in named} == {"17", "24"}
    assert named == client.all("monitoring-locations", state_code="17,24")
    site = sites[2]
    box = f"{site.longitude - 0.01},{site.latitude - 0.01},{site.longitude + 0.01},{site.latitude + 0.01}"
    (only,) = client.all("monitoring-locations", bbox=box)
    assert only["id"] == site.site_id == "MD007-" + site.number
    assert client.all("monitoring-locations", id=site.site_id) == [only]


def test_properties_and_geometry_are_left_out_on_demand(client: Client) -> None:
    chosen = ["time_series_id", "time", "value", "last_modified"]
    asked: dict[str, str] = {"time": "PT2H", "monitoring_location_id": FIRST_SITE}
    (full, *_), (short, *_) = (
        client.all("continuous", **asked),
        client.all("continuous", **asked, properties=",".join(chosen), skipGeometry="true"),
    )
    assert full["geometry"]["type"] == "Point" and short["geometry"] is None
    assert short["properties"] == {name: full["properties"][name] for name in chosen}
    assert list(short) == list(full)
    for chosen_one in full["properties"]:
        (first, *_) = client.all("continuous", **asked, properties=chosen_one)
        assert first["properties"] == {chosen_one: full["properties"][chosen_one]}
    (site, *_) = client.all("monitoring-locations", properties="state_name", skipGeometry="false")
    assert list(site["properties"]) == ["state_name"]


def test_pages_follow_links_to_the_same_host_and_make_up_the_whole(client: Client) -> None:
    whole = client.all("continuous", time="PT3H")
    answer = client.items("continuous", time="PT3H", limit="37")
    pages = [answer.json()]
    while following := next_link(answer):
        assert following.startswith(client.simulator.url + items("continuous") + "?")
        answer = client.follow(following)
        pages.append(answer.json())
    assert [page["numberReturned"] for page in pages[:-1]] == [37] * (len(pages) - 1)
    assert all(len(page["features"]) == page["numberReturned"] for page in pages)
    assert 1 <= pages[-1]["numberReturned"] <= 37
    features = [feature for page in pages for feature in page["features"]]
    assert sorted(features, key=lambda one: str(one["id"])) == sorted(whole, key=lambda one: str(one["id"]))


@pytest.mark.parametrize(
    "collection", ["daily", "monitoring-locations", "time-series-metadata", "latest-continuous"]
)
def test_every_collection_pages_without_loss(client: Client, collection: str) -> None:
    asked: dict[str, str] = {"time": "1969-06-01/1971-05-31"} if collection == "daily" else {}
    whole = client.all(collection, **asked)
    in_pages = client.all(collection, **asked, limit=str(len(whole) // 7 + 1))
    assert len(whole) >= 12
    assert sorted(str(one) for one in in_pages) == sorted(str(one) for one in whole)


def test_a_page_that_is_full_to_the_last_feature_has_no_next_link(client: Client) -> None:
    count = len(client.all("continuous", time="PT2H"))
    assert next_link(client.items("continuous", time="PT2H", limit=str(count))) is None
    assert next_link(client.items("continuous", time="PT2H", limit=str(count - 1))) is not None


def test_all_pages_show_the_network_as_it_was_at_the_first(client: Client) -> None:
    first = client.items("continuous", time="PT3H", limit="100")
    rest = client.items("continuous", time="PT3H", limit="50000").json()["features"]
    client.network.advance(45)
    following = next_link(first)
    assert following is not None
    features = (
        first.json()["features"]
        + client.follow(following.replace("limit=100", "limit=50000")).json()["features"]
    )
    assert identities(features) == identities(rest)


def test_the_usual_page_has_ten_features_and_the_largest_50000(client: Client) -> None:
    assert client.items("continuous", time="PT2H").json()["numberReturned"] == 10
    refused = client.items("continuous", time="PT2H", limit="50001")
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/json"
    assert refused.json() == {"code": "InvalidParameterValue", "description": "Limit of 50000 exceeded"}


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"limit": "0"}, "strictly positive"),
        ({"limit": "ten"}, "strictly positive"),
        ({"time": "yesterday"}, "no RFC 3339 time"),
        ({"time": "2026-03-10T06:00:00 00:00"}, "no RFC 3339 time"),  # a bare plus
        ({"time": "2026-03-10T06:00:00Z/2026-03-09T06:00:00Z"}, "before its start"),
        ({"time": "P"}, "no duration"),
        ({"last_modified": "PT"}, "no duration"),
        ({"bbox": "1,2,3"}, "four numbers"),
        ({"parameterCd": "00060"}, "unknown query parameter: parameterCd"),
        ({"cursor": "0000"}, "cursor"),
        ({"f": "csv"}, "f=json"),
    ],
)
def test_nonsense_is_refused_and_named(client: Client, parameters: dict[str, str], complaint: str) -> None:
    refused = client.items("continuous", **parameters)
    assert refused.status_code == 400
    assert refused.json()["code"] == "InvalidParameterValue"
    assert complaint in refused.json()["description"]


def test_no_data_is_an_empty_collection_and_no_collection_is_a_404(client: Client) -> None:
    empty = client.items("continuous", time="1990-01-01T00:00:00Z/1990-01-02T00:00:00Z")
    assert (empty.status_code, empty.json()["features"], empty.json()["numberReturned"]) == (200, [], 0)
    assert next_link(empty) is None
    assert client.items("instantaneous").status_code == 404
    assert client.get("/ogcapi/v1/collections/continuous", {}).status_code == 404


def test_last_modified_finds_what_arrived_was_revised_or_approved_since(client: Client) -> None:
    """A client that asks for changes alone ends up with the same as one that asks for everything."""
    start = NOW - timedelta(days=6)
    window = f"{start:%Y-%m-%dT%H:%M:%SZ}/.."
    known = {
        (one["properties"]["time_series_id"], one["properties"]["time"]): one
        for one in client.all("continuous", time=window)
    }
    revised = 0
    for _ in range(4):
        since = client.network.now
        client.network.advance(9 * 60)
        changed = client.all("continuous", time=window, last_modified=f"{since:%Y-%m-%dT%H:%M:%SZ}/..")
        assert changes(changed)[0] >= since
        revised += len(identities(changed) & set(known))
        known |= {(one["properties"]["time_series_id"], one["properties"]["time"]): one for one in changed}
    everything = client.all("continuous", time=window)
    assert known == {
        (one["properties"]["time_series_id"], one["properties"]["time"]): one for one in everything
    }
    assert revised > 10


def test_last_modified_without_a_time_finds_approvals_of_old_values() -> None:
    with opened(create_network(seed=5, sites=60, now=NOW)) as client:
        changed = client.all(
            "continuous",
            last_modified="P1D",
            properties="time,last_modified,approval_status",
            skipGeometry="true",
        )
        assert NOW - timedelta(days=1) <= changes(changed)[0] and changes(changed)[-1] <= NOW
        approved = [one for one in changed if one["properties"]["approval_status"] == "Approved"]
        assert approved
        assert all(moment < NOW - timedelta(days=100) for moment in moments(approved))
        assert moments(changed)[-1] > NOW - timedelta(hours=1)


def test_last_modified_can_end_in_the_past(client: Client) -> None:
    span = (NOW - timedelta(hours=5), NOW - timedelta(hours=3))
    text = "/".join(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in span)
    changed = client.all("continuous", time="P3D", last_modified=text)
    everything = by_identity(client.all("continuous", time="P3D"))
    within = {
        identity: one
        for identity, one in everything.items()
        if span[0] <= datetime.fromisoformat(one["properties"]["last_modified"]) <= span[1]
    }
    assert by_identity(changed) == within != {}


def test_a_change_is_found_by_its_own_microsecond_and_not_by_the_next_one(client: Client) -> None:
    for feature in client.all("continuous", time="PT2H")[:10]:
        moment = changes([feature])[0]
        series = feature["properties"]["time_series_id"]
        for later, found in ((0, True), (1, False)):
            since = (moment + timedelta(microseconds=later)).isoformat()
            changed = client.all(
                "continuous", time_series_id=series, time="PT2H", last_modified=f"{since}/.."
            )
            assert (feature in changed) is found


def test_latest_has_one_value_of_each_series_a_dead_gauge_s_too(client: Client) -> None:
    latest = client.all("latest-continuous")
    assert len(latest) == len(identities(latest)) == len(client.network.series)
    dead = {one.series_id for one in client.network.series_of(client.network.sites[DEAD].site_id)}
    of_dead = [one for one in latest if one["properties"]["time_series_id"] in dead]
    assert len(of_dead) == len(dead) == 2
    assert all(moment < NOW - timedelta(days=300) for moment in moments(of_dead))
    newest = {feature["properties"]["time_series_id"]: feature for feature in latest}
    for series in client.network.series:
        everything = client.network.readings(series, NOW - timedelta(days=2), NOW)
        if everything:
            assert newest[series.series_id]["properties"]["time"] == everything[-1].moment.isoformat()


def test_daily_values_are_asked_for_by_date(client: Client) -> None:
    asked: dict[str, str] = {
        "monitoring_location_id": FIRST_SITE,
        "parameter_code": "00060",
        "statistic_id": "00003",
    }
    days = client.all("daily", time="1939-01-01/1940-03-31", **asked)
    dates = sorted(one["properties"]["time"] for one in days)
    assert (dates[0], dates[-1], len(dates)) == ("1939-10-01", "1940-03-31", 183)
    week = sorted(one["properties"]["time"] for one in client.all("daily", time="P7D", **asked))
    assert week == [f"2026-03-0{day}" for day in range(3, 10)]
    assert client.all("daily", time="2026-03-01/..", **asked)[0]["properties"]["statistic_id"] == "00003"
    assert len(client.all("daily", time="2026-03-01", **asked)) == 1
    series = {one["properties"]["time_series_id"] for one in days}
    assert series.isdisjoint(
        one["properties"]["time_series_id"] for one in client.all("continuous", time="PT2H")
    )
    recent = client.all("daily", last_modified="P1D", time="P1Y", **asked)
    assert changes(recent)[0] >= NOW - timedelta(days=1)


def test_metadata_tells_which_series_is_primary(client: Client) -> None:
    described = {one["id"]: one["properties"] for one in client.all("time-series-metadata")}
    network = client.network
    assert set(described) == {one.series_id for one in network.series} | {
        one.series_id for one in network.daily_series
    }
    for series in network.series:
        assert described[series.series_id]["primary"] == ("Primary" if series.primary else None)
        assert described[series.series_id]["computation_period_identifier"] == "Points"
    assert sum(one["primary"] is None for one in described.values()) >= 1
    daily = client.all("time-series-metadata", statistic_id="00003", computation_period_identifier="Daily")
    assert {one["id"] for one in daily} == {
        one.series_id for one in network.daily_series if one.statistic_id == "00003"
    }
    first = described[network.series[0].series_id]
    assert (
        first["end_utc"]
        == network.readings(network.series[0], NOW - timedelta(hours=2), NOW)[-1].moment.isoformat()
    )


def test_a_site_that_was_renamed_carries_its_new_name(client: Client) -> None:
    client.network.rename(FIRST_SITE, "ANOTHER RIVER AT ANOTHER PLACE, IL")
    (site,) = client.all("monitoring-locations", monitoring_location_id=FIRST_SITE)
    assert site["properties"]["monitoring_location_name"] == "ANOTHER RIVER AT ANOTHER PLACE, IL"


def test_the_limits_are_per_hour_and_key() -> None:
    with opened(hourly_limit=3, hourly_limit_without_key=2) as client:

        def ask(**headers: str) -> Any:
            return client.get(items("continuous"), {"X-Api-Key": headers["key"]} if headers else {})

        left = [ask().headers["X-RateLimit-Remaining"] for _ in range(2)]
        refused = ask()
        assert left == ["1", "0"]
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "OVER_RATE_LIMIT")
        assert (refused.headers["X-RateLimit-Limit"], refused.headers["X-RateLimit-Remaining"]) == ("2", "0")
        assert [ask(key=KEY).status_code for _ in range(4)] == [200, 200, 200, 429]
        wrong = ask(key="another")
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "API_KEY_INVALID")
        client.network.advance(60)
        assert ask(key=KEY).headers["X-RateLimit-Remaining"] == "2"


def test_a_url_of_more_than_8_kilobytes_is_too_long(client: Client) -> None:
    site = "USGS-05568500"
    fits = client.items("continuous", monitoring_location_id=",".join([site] * 500), time="PT2H")
    too_long = client.items("continuous", monitoring_location_id=",".join([site] * 700), time="PT2H")
    assert len(fits.url) < 8192 < len(too_long.url)
    assert (fits.status_code, too_long.status_code) == (200, 414)
    parts = f"{items('continuous')}?time=PT2H&limit=3&monitoring_location_id="
    longest = parts + ",".join([site] * 700)[: 8192 - len(parts)]
    following = next_link(client.follow(client.simulator.url + longest))
    assert following is not None and client.follow(following).status_code == 200
    assert client.follow(f"{client.simulator.url}{longest}X").status_code == 414


def test_compressed_answers_on_demand() -> None:
    with opened(compress=True) as client:
        answer = client.items("continuous", time="PT2H", limit="500")
        plain = client.get(
            items("continuous"), headers={"Accept-Encoding": "identity"}, time="PT2H", limit="500"
        )
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert int(answer.headers["Content-Length"]) < len(plain.content) / 4
    assert answer.json()["features"] == plain.json()["features"]


def test_features_come_in_no_order_that_means_anything(client: Client) -> None:
    features = client.all("continuous", time="PT6H")
    ids = [feature["id"] for feature in features]
    times = [feature["properties"]["time"] for feature in features]
    assert ids == sorted(ids)
    assert sum(before > after for before, after in pairwise(times)) > len(times) / 4

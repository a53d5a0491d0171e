"""Addresses of the modern API, and how many sites go into one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaugehouse.domain.errors import RequestInvalid
from gaugehouse.sources.usgs.station_ids import location_id_of, station_id_of
from gaugehouse.sources.usgs.waterdata import (
    BASE_URL,
    LONGEST_WINDOW,
    continuous_url,
    daily_url,
    group_sites,
    locations_url,
    series_url,
)

START = datetime(2026, 8, 7, 10, tzinfo=UTC)
END = datetime(2026, 8, 7, 14, tzinfo=timezone(timedelta(hours=2)))


def asked(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}


def continuous_of(sites: Sequence[str]) -> str:
    return continuous_url(BASE_URL, sites=sites, parameter_codes=["00060", "00065"], start=START, end=END)


def test_instantaneous_values() -> None:
    url = continuous_of(["01646500", "MD007-1"])
    assert url.startswith("https://api.waterdata.usgs.gov/ogcapi/v1/collections/continuous/items?")
    assert asked(url) == {
        "monitoring_location_id": "USGS-01646500,MD007-1",
        "parameter_code": "00060,00065",
        "time": "2026-08-07T10:00:00Z/2026-08-07T12:00:00Z",
        "properties": "time_series_id,monitoring_location_id,parameter_code,statistic_id,time,value,"
        "unit_of_measure,approval_status,qualifier,last_modified",
        "skipGeometry": "true",
        "limit": "50000",
        "f": "json",
    }


def test_only_what_changed() -> None:
    url = continuous_url(
        BASE_URL, sites=["1"], parameter_codes=["00060"], start=START, end=END, modified_since=START
    )
    assert asked(url)["last_modified"] == "2026-08-07T10:00:00Z/.."


def test_daily_values() -> None:
    url = daily_url(
        f"{BASE_URL}/", sites=["1"], parameter_codes=["00060"], start=date(1939, 10, 1), end=date(2026, 8, 7)
    )
    assert "/v1/collections/daily/items?" in url
    assert asked(url)["time"] == "1939-10-01/2026-08-07"


def test_discovery_by_state_box_and_site() -> None:
    box = (-113.4, 32.5, -111.0, 34.1)
    url = locations_url(BASE_URL, state_names=["Arizona", "New Mexico"], bounding_box=box)
    assert "/collections/monitoring-locations/items?" in url
    assert asked(url)["state_name"] == "Arizona,New Mexico"
    assert asked(url)["bbox"] == "-113.4,32.5,-111.0,34.1"
    assert "id" not in asked(url) and "skipGeometry" not in asked(url)
    assert asked(locations_url(BASE_URL, sites=["01646500"]))["id"] == "USGS-01646500"
    assert asked(locations_url(BASE_URL, state_codes=["04"]))["state_code"] == "04"
    series = series_url(
        BASE_URL, sites=["01646500"], parameter_codes=["00060"], state_names=["Ohio"], bounding_box=box
    )
    assert "/collections/time-series-metadata/items?" in series
    assert asked(series)["monitoring_location_id"] == "USGS-01646500"
    assert (asked(series)["state_name"], asked(series)["parameter_code"]) == ("Ohio", "00060")


def test_what_an_operator_writes_cannot_add_a_parameter() -> None:
    url = locations_url(BASE_URL, state_names=["A&limit=1#x"])
    assert asked(url)["state_name"] == "A&limit=1#x" and asked(url)["limit"] == "50000"


def test_windows_that_cannot_be() -> None:
    with pytest.raises(RequestInvalid, match="ends before it begins"):
        continuous_url(BASE_URL, sites=["1"], parameter_codes=["00060"], start=END, end=START)
    with pytest.raises(RequestInvalid, match="at most 1100 days"):
        continuous_url(
            BASE_URL,
            sites=["1"],
            parameter_codes=["00060"],
            start=START,
            end=START + LONGEST_WINDOW + timedelta(seconds=1),
        )
    with pytest.raises(RequestInvalid, match="ends before it begins"):
        daily_url(BASE_URL, sites=["1"], parameter_codes=[], start=date(2026, 1, 2), end=date(2026, 1, 1))
    with pytest.raises(ValueError, match="has no offset"):
        continuous_url(
            BASE_URL,
            sites=["1"],
            parameter_codes=["00060"],
            start=START.replace(tzinfo=None),
            end=START.replace(tzinfo=None),
        )


SITES = st.lists(
    st.one_of(
        st.from_regex(r"[0-9]{8}|[0-9]{15}", fullmatch=True),
        st.from_regex(r"[A-Z]{2}[0-9]{3}-[0-9]{15}", fullmatch=True),
        st.text(max_size=30),
    ),
    max_size=60,
)


@given(sites=SITES, repeated=st.integers(1, 20), most=st.none() | st.integers(1, 50))
def test_groups_are_within_bounds_and_lose_no_site(sites: list[str], repeated: int, most: int | None) -> None:
    many = [f"{site}{number}" for number in range(repeated) for site in sites]
    groups = group_sites(many, continuous_of, most=most)
    assert [site for group in groups for site in group] == list(dict.fromkeys(many))
    assert all(group and len(continuous_of(group)) < 8_000 for group in groups)
    assert most is None or all(len(group) <= most for group in groups)


def test_groups_are_as_large_as_they_can_be() -> None:
    groups = group_sites([f"{number:08}" for number in range(12_000)], continuous_of)
    assert len(groups) == 22
    assert all(len(continuous_of([*group, "00000000"])) >= 8_000 for group in groups[:-1])


@pytest.mark.parametrize(("length", "groups"), [(7_999, 1), (8_000, 2)])
def test_an_address_is_shorter_than_8000_characters(length: int, groups: int) -> None:
    first = "1"
    second = "2" * (length - len(continuous_of([first])) - len(",USGS-"))
    assert len(continuous_of([first, second])) == length
    assert len(group_sites([first, second], continuous_of)) == groups


def test_one_site_that_is_too_long() -> None:
    with pytest.raises(RequestInvalid, match="for the one site 'xxx"):
        group_sites(["1", "x" * 8_000], continuous_of)


@given(st.from_regex(r"[A-Za-z0-9]{1,12}-[A-Za-z0-9_.:-]{1,48}", fullmatch=True))
def test_every_location_has_a_station_id_of_its_own(location_id: str) -> None:
    station_id = station_id_of(location_id)
    assert station_id is not None and location_id_of(station_id) == location_id

"""Monitoring locations and descriptions of series."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gaugehouse.domain.errors import SourceUnavailable
from gaugehouse.domain.series import Series, StreamGauge
from gaugehouse.sources.usgs.waterdata import FoundGauges, FoundSeries, parse_locations, parse_series
from gaugehouse.sources.usgs.waterdata.time_zones import time_zone_of
from tests.unit.sources.usgs.features import Feature, page

ID = "0aa968f7d6494e2eb214d1829754532d"


def location(number: str = "01646500", geometry: object = "usual", **properties: object) -> Feature:
    usual = {"type": "Point", "coordinates": [-77.12, 38.95]}
    return {
        "type": "Feature",
        "id": f"USGS-{number}",
        "geometry": usual if geometry == "usual" else geometry,
        "properties": {
            "agency_code": "USGS",
            "monitoring_location_name": "POTOMAC RIVER NEAR WASH, DC",
            "state_name": "Maryland",
            "county_name": "Montgomery County",
            "site_type": "Stream",
            "altitude": 37.2,
            "time_zone_abbreviation": "EST",
            "uses_daylight_savings": "Y",
            **properties,
        },
    }


def gauges(*features: Feature) -> FoundGauges:
    return parse_locations([page(*features)])


def test_a_location() -> None:
    assert gauges(location()) == (
        [
            StreamGauge(
                station_id="01646500",
                name="POTOMAC RIVER NEAR WASH, DC",
                agency_code="USGS",
                gauge_type="Stream",
                latitude=38.95,
                longitude=-77.12,
                elevation_ft=37.2,
                state="Maryland",
                county="Montgomery County",
                time_zone="America/New_York",
            )
        ],
        (),
    )


def test_what_is_not_said_stays_empty() -> None:
    found, rejects = gauges(
        location(geometry=None, altitude=None, state_name=None, county_name="", site_type=None)
    )
    assert (found[0].latitude, found[0].longitude, found[0].elevation_ft) == (None, None, None)
    assert (found[0].state, found[0].county, found[0].gauge_type) == (None, None, None)
    assert rejects == ()


def test_another_agency_keeps_its_prefix() -> None:
    feature = location(agency_code=None) | {"id": "MD007-390212076543201"}
    (found,) = gauges(feature).gauges
    assert (found.station_id, found.agency_code) == ("MD007-390212076543201", "MD007")


@pytest.mark.parametrize(
    "geometry",
    [
        {"coordinates": [-200, 10]},
        {"coordinates": [10, -91]},
        {"coordinates": ["10", "10"]},
        {"coordinates": [1]},
        {"coordinates": None},
        {"coordinates": [True, False]},
        {"coordinates": [1e300, 0]},
        [],
        "here",
    ],
)
def test_coordinates_that_cannot_be(geometry: object) -> None:
    found, rejects = gauges(location(geometry=geometry))
    assert (found[0].latitude, found[0].longitude) == (None, None)
    assert [reject.reason for reject in rejects] == ["impossible_coordinates"]


@pytest.mark.parametrize("altitude", ["37", True, 1e12, [], {}])
def test_an_altitude_that_cannot_be(altitude: object) -> None:
    assert gauges(location(altitude=altitude)).gauges[0].elevation_ft is None


@pytest.mark.parametrize(
    ("abbreviation", "daylight_saving", "zone"),
    [
        ("AST", "N", "America/Puerto_Rico"),
        ("EST", "Y", "America/New_York"),
        ("EST", "N", "Etc/GMT+5"),
        ("CST", "Y", "America/Chicago"),
        ("MST", "Y", "America/Denver"),
        ("MST", "N", "America/Phoenix"),
        ("PST", "Y", "America/Los_Angeles"),
        ("AKST", "Y", "America/Anchorage"),
        ("HST", "N", "Pacific/Honolulu"),
        ("HST", "Y", "America/Adak"),
        ("GST", "N", "Pacific/Guam"),
        ("ChST", None, "Pacific/Guam"),
        ("SST", "N", "Pacific/Pago_Pago"),
        ("UTC", "N", "UTC"),
    ],
)
def test_time_zones(abbreviation: str, daylight_saving: str | None, zone: str) -> None:
    found, rejects = gauges(
        location(time_zone_abbreviation=abbreviation, uses_daylight_savings=daylight_saving)
    )
    assert (found[0].time_zone, rejects) == (zone, ())


@pytest.mark.parametrize(
    ("abbreviation", "offset_hours"),
    [
        *[("AST", -4), ("EST", -5), ("CST", -6), ("MST", -7), ("PST", -8), ("AKST", -9), ("HST", -10)],
        *[("SST", -11), ("ZP-11", -11), ("GST", 10), ("CHST", 10), ("ZP11", 11), ("UTC", 0), ("GMT", 0)],
    ],
)
def test_every_zone_exists_and_has_its_offset_in_winter(abbreviation: str, offset_hours: int) -> None:
    for daylight_saving in ("Y", "N"):
        zone = time_zone_of(abbreviation, daylight_saving)
        assert zone is not None
        offset = datetime(2026, 1, 15, tzinfo=ZoneInfo(zone)).utcoffset()
        assert offset is not None and offset.total_seconds() == 3600 * offset_hours


@pytest.mark.parametrize(
    ("abbreviation", "daylight_saving"), [("XST", "N"), (None, "Y"), ("EST", None), (5, 5)]
)
def test_a_time_zone_that_nobody_knows(abbreviation: object, daylight_saving: object) -> None:
    found, rejects = gauges(
        location(time_zone_abbreviation=abbreviation, uses_daylight_savings=daylight_saving)
    )
    assert found[0].time_zone == "UTC"
    assert [reject.reason for reject in rejects] == ["unknown_time_zone"]


def test_texts_are_bounded_and_readable() -> None:
    (found,) = gauges(
        location(monitoring_location_name="A\x00B\n" + "x" * 5_000, county_name="c" * 5_000)
    ).gauges
    assert found.name.startswith("A B x") and len(found.name) == 200
    assert found.county is not None and len(found.county) == 200


def test_locations_that_are_none() -> None:
    odd: list[Feature] = [
        {},
        {"id": "USGS-1"},
        location() | {"id": "nobody"},
        location(monitoring_location_name=""),
    ]
    found, rejects = gauges(*odd, location())
    assert [gauge.station_id for gauge in found] == ["01646500"]
    assert {reject.reason for reject in rejects} == {"unreadable_feature", "unreadable_location"}
    assert all(reject.source == "usgs_waterdata" for reject in rejects)


def test_a_location_that_comes_twice() -> None:
    pages = [page(location()), page(location(), location(monitoring_location_name="ANOTHER RIVER"))]
    found, rejects = parse_locations(pages)
    assert [gauge.name for gauge in found] == ["POTOMAC RIVER NEAR WASH, DC"]
    assert [reject.reason for reject in rejects] == ["duplicate_station_id"]


def described(series_id: str = ID, **properties: object) -> Feature:
    return {
        "type": "Feature",
        "id": series_id,
        "geometry": None,
        "properties": {
            "monitoring_location_id": "USGS-05427718",
            "parameter_code": "00065",
            "statistic_id": None,
            "unit_of_measure": "ft",
            "begin_utc": "2013-10-01T11:00:00+00:00",
            "end_utc": "2025-10-01T05:45:00-05:00",
            "primary": "Primary",
            "computation_period_identifier": "Points",
            "sublocation_identifier": None,
            "web_description": None,
            **properties,
        },
    }


def series(*features: Feature) -> FoundSeries:
    return parse_series([page(*features)])


def test_an_instantaneous_series() -> None:
    assert series(described()) == (
        [
            Series(
                station_id="05427718",
                parameter_code="00065",
                statistic="00011",
                method="",
                unit="ft",
                upstream_series_id=ID,
                is_primary=True,
                begins=datetime(2013, 10, 1, 11, tzinfo=UTC),
                ends=datetime(2025, 10, 1, 10, 45, tzinfo=UTC),
            )
        ],
        (),
        {},
    )


def test_a_daily_series_has_its_statistic() -> None:
    (found,) = series(described(computation_period_identifier="Daily", statistic_id="00001")).series
    assert found.statistic == "00001"


def test_series_of_other_periods_are_left_out_and_counted() -> None:
    found = series(
        described("1", computation_period_identifier="Water Year"),
        described("2", computation_period_identifier="Water Year"),
        described("3", computation_period_identifier=None),
        described("4"),
    )
    assert [each.upstream_series_id for each in found.series] == ["4"]
    assert found.left_out == {"Water Year": 2, "none": 1}


def methods(*features: Feature) -> dict[str | None, tuple[str, bool]]:
    found = series(*features).series
    assert len(
        {(each.station_id, each.parameter_code, each.statistic, each.method) for each in found}
    ) == len(found)
    return {each.upstream_series_id: (each.method, each.is_primary) for each in found}


def test_methods_tell_the_series_of_one_parameter_apart() -> None:
    features = [
        described("a"),
        described("b", primary=None, sublocation_identifier="Left bank", web_description="radar"),
        described("c", primary=None, web_description="radar"),
        described("d", primary=None),
        described("e", primary=None, web_description="radar", begin_utc="2020-01-01T00:00:00+00:00"),
        described("f", primary="Primary", begin_utc=None),
        described("g", parameter_code="00060"),
    ]
    expected = {
        "a": ("a", True),  # a second primary one: the agency has that now and then
        "b": ("Left bank", False),
        "c": ("radar", False),
        "d": ("d", False),
        "e": ("e", False),
        "f": ("", True),
        "g": ("", True),
    }
    assert methods(*features) == expected
    assert methods(*reversed(features)) == expected


def test_methods_are_unique_even_where_a_description_is_an_id() -> None:
    found = methods(
        described("b", primary=None, web_description="c", begin_utc="2001-01-01T00:00:00Z"),
        described("c", primary=None, begin_utc="2002-01-01T00:00:00Z"),
    )
    assert found == {"b": ("c", False), "c": ("c (2)", False)}


def test_a_series_that_comes_twice_is_one() -> None:
    assert len(parse_series([page(described()), page(described())]).series) == 1


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"monitoring_location_id": "nobody"}, "unreadable_series"),
        ({"monitoring_location_id": None}, "unreadable_feature"),
        ({"parameter_code": ""}, "unreadable_series"),
        ({"computation_period_identifier": "Daily"}, "unreadable_series"),
        ({"begin_utc": 5}, "unreadable_feature"),
    ],
)
def test_series_that_are_none(spoilt: dict[str, Any], reason: str) -> None:
    found = series(described("1", **spoilt), described("2"))
    assert [each.upstream_series_id for each in found.series] == ["2"]
    assert [reject.reason for reject in found.rejects] == [reason]


@pytest.mark.parametrize(
    ("begin", "reason"), [("2013-10-01T06:00:00.000001", "time_without_offset"), ("?", "unreadable_time")]
)
def test_a_begin_that_cannot_be_costs_only_itself(begin: str, reason: str) -> None:
    (found,), rejects, _ = series(described(begin_utc=begin))
    assert found.begins is None and found.ends is not None
    assert [reject.reason for reject in rejects] == [reason] and "begin_utc" in rejects[0].detail


def test_what_is_no_json() -> None:
    whole = json.dumps({"features": [location()]}).encode()
    for parse in (parse_locations, parse_series):
        with pytest.raises(SourceUnavailable, match="page 1 of 1 is cut off"):
            parse([whole[:-5]])
        with pytest.raises(SourceUnavailable, match="a web page"):
            parse([b"<html>"])

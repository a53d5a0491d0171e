"""Gauges near a place, and lists in pages."""

import math
from datetime import date

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaugehouse.domain.search_circle import EARTH_RADIUS_MILES, SearchCircle
from gaugehouse.store import gauge_lists

INSERT = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source, latitude, longitude)
VALUES (%s, %s, 'A gauge', 'America/Phoenix', 'test', %s, %s)
"""
AZTEC_PARK = (33.61, -111.87)


def put(conn: psycopg.Connection, station_id: str, *place: float | None, network: str = "mcfcd") -> None:
    conn.execute(INSERT, (station_id, network, *(place or (None, None))))


def near(conn: psycopg.Connection, place: tuple[float, float], miles: float) -> list[gauge_lists.NearGauge]:
    circle = SearchCircle(latitude=place[0], longitude=place[1], radius_miles=miles)
    return gauge_lists.near(conn, circle, limit=1000)


def central_angle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """By the law of cosines, which the product does not use."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon1 - lon2)
    return math.acos(max(-1.0, min(1.0, cosine)))


def test_the_nearest_comes_first_with_its_distance_and_bearing(conn: psycopg.Connection) -> None:
    put(conn, "north", 33.71, -111.87)
    put(conn, "here", *AZTEC_PARK)
    put(conn, "west", 33.61, -112.00)
    put(conn, "far", 34.61, -111.87)
    put(conn, "nowhere")

    found = near(conn, AZTEC_PARK, 10)

    assert [each.station_id for each in found] == ["here", "north", "west"]
    # One degree of a great circle is 69.093 statute miles.
    assert [each.distance_miles for each in found] == pytest.approx([0, 6.909, 7.480], abs=0.002)
    assert [each.bearing_degrees for each in found[1:]] == pytest.approx([0, -90], abs=0.1)


@pytest.mark.parametrize("place", [(89.9, 0.0), (-17.0, 179.99), (0.0, 0.0), (66.0, -150.0)])
def test_nobody_near_is_left_out_anywhere_on_the_earth(
    conn: psycopg.Connection, place: tuple[float, float]
) -> None:
    everywhere = {
        f"g{number}": (place[0] + north, (place[1] + east + 180) % 360 - 180)
        for number, (north, east) in enumerate(
            (north / 20, east / 5) for north in range(-30, 31, 3) for east in range(-60, 61, 6)
        )
        if -90 <= place[0] + north <= 90
    }
    everywhere["across"] = (min(90.0, place[0]), place[1] - 180 if place[1] > 0 else place[1] + 180)
    for station_id, where in everywhere.items():
        put(conn, station_id, *where)

    found = {each.station_id: each.distance_miles for each in near(conn, place, 60)}

    wanted = {
        station_id: EARTH_RADIUS_MILES * central_angle(place, where)
        for station_id, where in everywhere.items()
        if EARTH_RADIUS_MILES * central_angle(place, where) <= 60
    }
    assert found.keys() == wanted.keys() and len(wanted) > 3
    assert found == pytest.approx(wanted, abs=0.01)


@given(st.floats(-90, 90), st.floats(0.01, 12_000), st.floats(0, 2 * math.pi))
def test_the_box_holds_the_circle(latitude: float, radius_miles: float, bearing: float) -> None:
    circle = SearchCircle(latitude=latitude, longitude=0, radius_miles=radius_miles)
    angle, north = radius_miles / EARTH_RADIUS_MILES, math.radians(latitude)

    sine = math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(bearing)
    reached_north = math.asin(max(-1.0, min(1.0, sine)))
    reached_east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * math.sin(reached_north),
    )

    assert abs(math.degrees(reached_north) - latitude) <= circle.latitude_reach + 1e-5
    assert abs(math.degrees(reached_east)) <= circle.longitude_reach + 1e-5


def test_a_list_comes_in_pages_with_the_extent_of_each_record(conn: psycopg.Connection) -> None:
    for number in range(5):
        put(conn, f"100{number}", network="usgs" if number == 2 else "mcfcd")
    conn.execute(
        "INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, data_source, document_date)"
        " SELECT '1001', day, 0, 'fopr', '2026-01-01'"
        " FROM unnest(ARRAY['2001-02-03', '2004-05-06']::date[]) AS day"
    )

    first = gauge_lists.listed(conn, network="mcfcd", limit=2)
    rest = gauge_lists.listed(conn, network="mcfcd", after=first[-1].station_id, limit=5)

    assert [each.station_id for each in first + rest] == ["1000", "1001", "1003", "1004"]
    assert [(each.first_day, each.last_day) for each in first] == [
        (None, None),
        (date(2001, 2, 3), date(2004, 5, 6)),
    ]
    assert len(gauge_lists.listed(conn, network=None, limit=10)) == 5

"""Lists of gauges for people: all of a network, and those near a place."""

from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.search_circle import EARTH_RADIUS_MILES, SearchCircle

# Both begin a statement: which gauges are meant, in which order, and after which one. A text is looked for in
# ids, names and places.
BY_STATION_ID = """
WITH candidates AS (
    SELECT gauges.*, NULL::float8 AS distance_miles, NULL::float8 AS bearing_degrees
    FROM gauges
    WHERE (%(network)s::text IS NULL OR network = %(network)s) AND station_id > coalesce(%(after)s::text, '')
        AND (%(text)s::text IS NULL
             OR strpos(lower(concat_ws(' ', station_id, array_to_string(previous_ids, ' '), name, location,
                                       city, county)), lower(%(text)s)) > 0)
)
"""
# The box spares the trigonometry for gauges that cannot be near. An index would not spare more: the largest
# network has 12,800 gauges, which are compared with the box in a few milliseconds.
BY_DISTANCE = """
WITH candidates AS (
    SELECT * FROM (
        SELECT gauges.*,
               2 * %(earth_radius)s * asin(sqrt(least(1.0,
                   power(sind((latitude - %(latitude)s) / 2), 2)
                   + cosd(%(latitude)s) * cosd(latitude) * power(sind((longitude - %(longitude)s) / 2), 2)
               ))) AS distance_miles,
               atan2d(
                   sind(longitude - %(longitude)s) * cosd(latitude),
                   cosd(%(latitude)s) * sind(latitude)
                   - sind(%(latitude)s) * cosd(latitude) * cosd(longitude - %(longitude)s)
               ) AS bearing_degrees
        FROM gauges
        WHERE latitude BETWEEN %(latitude)s - %(latitude_reach)s AND %(latitude)s + %(latitude_reach)s
            -- Also across the meridian of 180 degrees.
            AND 180 - abs(180 - abs(longitude - %(longitude)s)) <= %(longitude_reach)s
            AND (%(network)s::text IS NULL OR network = %(network)s)
            AND (%(text)s::text IS NULL
                 OR strpos(lower(concat_ws(' ', station_id, array_to_string(previous_ids, ' '), name,
                                           location, city, county)), lower(%(text)s)) > 0)
    ) AS boxed
    WHERE distance_miles <= %(radius)s
        AND (%(after)s::text IS NULL OR (distance_miles, station_id) > (%(after_miles)s::float8, %(after)s))
)
"""
WITH_EXTENT = """
SELECT chosen.*, extent.first_day, extent.last_day
FROM (
    SELECT station_id, network, name, city, elevation_ft FROM candidates ORDER BY station_id LIMIT %(limit)s
) AS chosen
LEFT JOIN rain_extents AS extent USING (station_id)
ORDER BY chosen.station_id
"""
WITH_DISTANCE = """
SELECT chosen.*, extent.first_day, extent.last_day
FROM (
    SELECT station_id, network, name, city, elevation_ft, latitude, longitude, distance_miles, bearing_degrees
    FROM candidates ORDER BY distance_miles, station_id LIMIT %(limit)s
) AS chosen
LEFT JOIN rain_extents AS extent USING (station_id)
ORDER BY chosen.distance_miles, chosen.station_id
"""
SELECT_LISTED = BY_STATION_ID + WITH_EXTENT
SELECT_NEAR = BY_DISTANCE + WITH_DISTANCE
# Rounding must not push a gauge on the edge out of the box.
BOX_SLACK_DEGREES = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGauge:
    """One gauge. `first_day` and `last_day` are the extent of its daily rainfall, None where it has none."""

    station_id: str
    network: str
    name: str
    city: str | None
    elevation_ft: float | None
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGauge(ListedGauge):
    """One gauge near a place. The bearing is clockwise from north, between -180 and 180 degrees."""

    latitude: float
    longitude: float
    distance_miles: float
    bearing_degrees: float


def listed(
    conn: Connection, *, network: str | None, after: str | None = None, limit: int
) -> list[ListedGauge]:
    """Return the gauges of a network, or of all, by station id: a page of them, after the given one."""
    where = {"network": network, "text": None, "after": after, "limit": limit}
    with conn.cursor(row_factory=class_row(ListedGauge)) as cursor:
        return cursor.execute(SELECT_LISTED, where).fetchall()


def near(conn: Connection, circle: SearchCircle, *, limit: int) -> list[NearGauge]:
    """Return the gauges within the circle, nearest first. One whose position is not known is in none."""
    where = {
        **circle_of(circle),
        "network": None,
        "text": None,
        "after": None,
        "after_miles": None,
        "limit": limit,
    }
    with conn.cursor(row_factory=class_row(NearGauge)) as cursor:
        return cursor.execute(SELECT_NEAR, where).fetchall()


def circle_of(circle: SearchCircle) -> dict[str, float]:
    """Return the circle as `BY_DISTANCE` asks for it."""
    return {
        "latitude": circle.latitude,
        "longitude": circle.longitude,
        "radius": circle.radius_miles,
        "latitude_reach": circle.latitude_reach + BOX_SLACK_DEGREES,
        "longitude_reach": circle.longitude_reach + BOX_SLACK_DEGREES,
        "earth_radius": EARTH_RADIUS_MILES,
    }

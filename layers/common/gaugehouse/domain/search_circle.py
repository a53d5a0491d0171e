"""Gauges near a place: distances on the earth, and the box outside of which none can be near."""

import math
from dataclasses import dataclass

EARTH_RADIUS_MILES = 3958.7613  # the mean radius, 6371.0088 km
KM_PER_MILE = 1.609344


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCircle:
    """All places within a radius of one: decimal degrees (north and east positive), statute miles."""

    latitude: float
    longitude: float
    radius_miles: float

    @property
    def latitude_reach(self) -> float:
        """How many degrees north and south the circle reaches."""
        return math.degrees(self._angle)

    @property
    def longitude_reach(self) -> float:
        """How many degrees east and west it reaches; 180 where it holds a pole, and so every meridian."""
        if abs(self.latitude) + self.latitude_reach >= 90:
            return 180.0
        return math.degrees(math.asin(math.sin(self._angle) / math.cos(math.radians(self.latitude))))

    @property
    def _angle(self) -> float:
        return self.radius_miles / EARTH_RADIUS_MILES

"""The gauges of a simulated district: names, towns and ids in the manner of Maricopa County's own list."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

from gaugehouse.domain.water_year import water_year_start

NO_ZONE = "None"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedGauge:
    """One gauge of the simulated world. West is negative; `zone` is `None` as text where there is none.

    `first_reading` is the first day with a number. `data_begins` is what the agency states, which can
    be some days later. A `silent` gauge is on the list and transmits nothing any more.
    """

    station_id: str
    previous_id: str | None  # `4695 prior to 2/20/2018`
    name: str
    city: str
    zone: str
    location: str
    gauge_type: str
    elevation_ft: int
    latitude: float
    longitude: float
    first_reading: date
    data_begins: date
    silent: bool = False

    @property
    def wetness(self) -> float:
        """Return how much more rain falls here than at 1200 ft: high ground catches more."""
        return 1 + (self.elevation_ft - 1200) / 6000


def random_for(*parts: object) -> Random:
    """Return a generator that depends on `parts` alone, so that one part never disturbs another."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - a reproducible world, not a secret


def lay_out_gauges(seed: int, count: int, water_years: range) -> list[SimulatedGauge]:
    """Return `count` gauges. The first n of them are the same whatever the count."""
    names = _names(seed)
    if not 1 <= count <= len(names):
        raise ValueError(f"a simulated district has 1 to {len(names)} gauges, not {count}")
    taken = {_EVENTS_STATION_ID}
    return [_gauge(seed, index, names[index], taken, water_years) for index in range(count)]


# Each of these once troubled a parser: a name that fills its column and runs into the town, a zone
# that runs into the location, no zone, a town or zone of several words, a 4-digit id, an odd slash.
_SPECIAL = (
    ("Mesquite Park", "Scottsdale", "North Scottsdale"),
    ("Saddleback Wash @ Desert Hills Rd.", "Queen Creek", "Rainbow Valley"),
    ("Blue Point Ridge", "Fort McDowell", "Lwr. Salt River Lakes"),
    ("4th of July Butte", "Agua Caliente", NO_ZONE),
    ("Granite Reef Wash @ Thomas Mtn Rd", "Phoenix", "New River/Cave Creek"),
    ("Ironwood FRS #2", "Buckeye", "West Valley"),
    ("US 60 @ Peralta Canyon", "Apache Junction", "Superstition"),
    ("Jackrabbit Trib. near 7th Ave.", "Wickenburg", "Wickenburg"),
)
_EVENTS_STATION_ID = "59700"  # of the first, so that the events in events/ ask for a gauge that exists
_FOUR_DIGIT = 3  # which of them has a 4-digit id
_SILENT = 5  # and which one shows `----`

_TOWNS = (
    ("Aguila", "Upper Centennial"),
    ("Arlington", "Palo Verde"),
    ("Carefree", "North Scottsdale"),
    ("Cave Creek", "New River/Cave Creek"),
    ("Chandler", "Southeast Valley"),
    ("Fountain Hills", NO_ZONE),
    ("Gila Bend", "Gila Bend"),
    ("Glendale", "North Phoenix"),
    ("Goodyear", "West Valley"),
    ("Mesa", "East Valley"),
    ("Paradise Valley", "South Scottsdale"),
    ("Surprise", "Northwest Valley"),
    ("Tempe", "South Phoenix"),
    ("Yarnell", NO_ZONE),
)
_FEATURES = (
    "Antelope", "Bobcat", "Cholla", "Coyote", "Dove", "Eagle", "Fox", "Gila", "Hawk", "Javelina", "Lynx",
    "Ocotillo", "Paloverde", "Quail", "Raven", "Sage", "Tortoise", "Verbena",
)  # fmt: skip
_KINDS = (
    "Basin", "Canyon", "Creek @ Bell Rd.", "Dam", "Detention #1", "FRS", "Hills", "Landfill", "Mine Road",
    "Park", "Peak", "Tank", "Trailhead", "Trib. @ SR 93", "Wash", "Wash near Olive", "Well", "Wash @ I-10",
)  # fmt: skip
_PLACES = ("the Gila River", "US 60", "SR 71", "Old US80", "Carefree Highway", "Indian School Rd.")
_SIDES = ("N", "NNE", "E", "SE", "S", "SSW", "W", "NW")


def _names(seed: int) -> list[tuple[str, str, str]]:
    random = random_for(seed, "names")
    plain = [f"{feature} {kind}" for feature, kind in product(_FEATURES, _KINDS)]
    random.shuffle(plain)
    return [*_SPECIAL, *((name, *random.choice(_TOWNS)) for name in plain)]


def _gauge(
    seed: int, index: int, name: tuple[str, str, str], taken: set[str], water_years: range
) -> SimulatedGauge:
    random = random_for(seed, "gauge", index)
    # The oldest gauge is as old as the district; the others joined over the first two decades.
    begun = min(water_years[0] + (random.randrange(21) if index else 0), water_years[-1])
    late = random.choice((0, 30, 64, 125, 200, 290)) if index else 125
    first_reading = water_year_start(begun) + timedelta(days=late)
    elevation = 5 * random.randint(150, 700) if index else 1465
    station_id = _unused_id(random, taken, four_digits=index == _FOUR_DIGIT or random.random() < 0.1)
    return SimulatedGauge(
        station_id=station_id if index else _EVENTS_STATION_ID,
        previous_id=_previous_id(random) if random.random() < 0.7 else None,
        name=name[0],
        city=name[1],
        zone=name[2],
        location=_location(random),
        gauge_type=random.choice(("Rain", "Rain", "Rain / Stage")),
        elevation_ft=elevation,
        latitude=round(random.uniform(32.9, 34.1), 5),
        longitude=-round(random.uniform(111.5, 113.3), 5),
        first_reading=first_reading,
        data_begins=first_reading + timedelta(days=random.choice((0, 0, 6))),
        silent=index == _SILENT,
    )


def _unused_id(random: Random, taken: set[str], *, four_digits: bool) -> str:
    while True:
        station_id = str(100 * (random.randint(10, 99) if four_digits else random.randint(100, 899)))
        if station_id not in taken:
            taken.add(station_id)
            return station_id


def _previous_id(random: Random) -> str:
    return f"{random.randint(1000, 7999)} prior to {random.randint(1, 12)}/{random.randint(1, 28)}/2018"


def _location(random: Random) -> str:
    miles = random.choice(("1/4", "1/2", "2.1", "3.5", "8", "19"))
    side, place = random.choice(_SIDES), random.choice(_PLACES)
    near = f"{miles} mi. {side} of {place}"
    crossing = f"{random.choice((7, 19, 27, 35, 59, 67, 75, 99))}th Ave. & {place}"
    return random.choice((near, f"Near {crossing}", f"{near}, Maricopa County"))

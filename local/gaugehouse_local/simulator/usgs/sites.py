"""The sites of the simulated network: names and ids in the manner of the agency."""

from dataclasses import dataclass

from gaugehouse_local.simulator.usgs.chance import mix
from gaugehouse_local.simulator.usgs.states import STATES, State

USGS_AGENCY = "USGS"
FIRST_SITE = "USGS-05568500"  # the one in the examples; it has no troubles and a daily record from 1939


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSite:
    """One monitoring location. West is negative; `altitude_ft` is None where the agency has none."""

    index: int
    key: int
    agency_code: str
    number: str
    name: str
    site_type: str
    state: State
    county: str
    latitude: float
    longitude: float
    altitude_ft: float | None

    @property
    def site_id(self) -> str:
        """Return the id of the modern services: the agency's code and the number."""
        return f"{self.agency_code}-{self.number}"

    @property
    def station_id(self) -> str:
        """Return the id that Gaugehouse's settings name it by: the number alone where the USGS runs it."""
        return self.number if self.agency_code == USGS_AGENCY else self.site_id

    @property
    def agency_name(self) -> str:
        """Return who runs the gauge."""
        if self.agency_code == USGS_AGENCY:
            return "U.S. Geological Survey"
        return f"{self.state.name} Department of Natural Resources"

    @property
    def hydrologic_unit(self) -> str:
        """Return the code of its basin: 12 digits."""
        return f"{1 + self.key % 18:02d}{self.key // 18 % 10**10:010d}"


# The first sites of every network, so that a small one has a site of each kind: by index.
LONG_NUMBER = 1  # 15 digits instead of 8
OTHER_AGENCY = 2  # `MD007-…`
NEGATIVE_STAGE = 3  # the datum lies above the water, but for floods
DEAD = 4  # transmits nothing any more
TWO_METHODS = 5  # two sensors of one parameter, only one of them primary
EVERY_FIVE_MINUTES = 6
HOURLY = 7  # stores its values and transmits them once an hour

_FIXED_STATES = {OTHER_AGENCY: 1, NEGATIVE_STAGE: 4, HOURLY: 2}  # Maryland, Louisiana, Arizona
_RIVERS = (
    "ALDER CREEK", "BIG SANDY RIVER", "CARROLL'S CREEK", "CEDAR RIVER", "CHESTNUT BROOK", "CLEAR FORK",
    "COTTONWOOD WASH", "DEER CREEK", "EAST FORK ELK RIVER", "FOX RIVER", "GRAND BAYOU", "HICKORY RUN",
    "INDIAN CREEK", "KETTLE RIVER", "LITTLE BEAR CREEK", "LONG SLOUGH", "MEDICINE CREEK", "MILL RIVER",
    "N.F. SALMON RIVER", "OTTER CREEK", "PINE RIVER", "ROCK CREEK", "SALT FORK", "STONY BROOK", "SUGAR CREEK",
    "TURKEY RIVER", "WALNUT CREEK", "WEST BRANCH MUD RIVER", "WHITE RIVER", "WOLF CREEK",
)  # fmt: skip
_TOWNS = (
    "ASHLAND", "BELMONT", "BRISTOL", "CANTON", "CLINTON", "DOVER", "EASTON", "FAIRVIEW", "FRANKLIN",
    "GREENVILLE", "HAMILTON", "HUDSON", "JACKSON", "KINGSTON", "LEBANON", "MADISON", "MILTON", "NEWPORT",
    "OAKLAND", "OXFORD", "PRINCETON", "RIVERSIDE", "SALEM", "ST. PAUL", "TROY", "UNION", "VERNON", "WARREN",
)  # fmt: skip
_RELATIONS = ("AT", "NEAR", "ABOVE", "BELOW", "AT HWY 9 AT", "@ I-40 &")
_COUNTIES = ("Adams", "Clark", "Grant", "Jefferson", "Lincoln", "Monroe", "Perry", "Washington")


MAX_SITES = 12_800  # as many as there are numbers of eight digits


def lay_out_sites(world: int, count: int) -> list[SimulatedSite]:
    """Return `count` sites. The first n of them are the same whatever the count."""
    if not 1 <= count <= MAX_SITES:
        raise ValueError(f"a simulated network has 1 to {MAX_SITES} sites, not {count}")
    return [_site(world, index) for index in range(count)]


def zero_flow_ft(site: SimulatedSite, usual_depth_ft: float) -> float:
    """Return the stage at which nothing flows, in hundredths: some feet above the datum of the gauge.

    By the coast the usual stage lies below it. One gauge in hundreds has an odd datum: -64.58 ft was seen.
    """
    ordinary = site.index > HOURLY
    if ordinary and site.key % 400 == 4:
        return -75.0
    if site.index == NEGATIVE_STAGE or (ordinary and site.key % 40 == 4):
        return -round(usual_depth_ft * 1.5 + 1, 2)
    return (site.key >> 40) % 300 / 100


def _site(world: int, index: int) -> SimulatedSite:
    key = mix(mix(world, 101), index)
    state = STATES[_FIXED_STATES.get(index, key % len(STATES))] if index else STATES[0]
    latitude = round(state.latitude + ((key >> 8) % 2000 - 1000) / 900, 6)
    longitude = round(state.longitude + ((key >> 20) % 2000 - 1000) / 800, 6)
    river, town = _RIVERS[(key >> 32) % len(_RIVERS)], _TOWNS[(key >> 37) % len(_TOWNS)]
    relation = _RELATIONS[(key >> 42) % len(_RELATIONS)]
    named = f"{river} {relation} {town}, {state.postal}" if index else "ILLINOIS RIVER AT KINGSTON MINES, IL"
    other = index == OTHER_AGENCY or (index > HOURLY and (key >> 45) % 24 == 0)
    unknown_altitude = index > HOURLY and (key >> 50) % 20 == 0
    return SimulatedSite(
        index=index,
        key=key,
        agency_code=f"{state.postal}007" if other else USGS_AGENCY,
        number=_number(index, key, latitude),
        name=named,
        site_type="LK" if index and (key >> 55) % 30 == 0 else "ST",
        state=state,
        county=_COUNTIES[(key >> 58) % len(_COUNTIES)],
        latitude=latitude,
        longitude=longitude,
        altitude_ft=None if unknown_altitude else round((key >> 12) % 1000 / 1000 * state.highest_ft, 1),
    )


def _number(index: int, key: int, latitude: float) -> str:
    """Return 8 digits, or 15 that begin with the latitude. No two sites get one number."""
    if index == 0:
        return FIRST_SITE.partition("-")[2]
    if index == LONG_NUMBER or (index > HOURLY and index % 12 == LONG_NUMBER):
        return f"{_dms(latitude):06d}1{index:06d}{key % 100:02d}"
    return f"{1 + index % 16:02d}{100_005 + 70 * index + (key % 7) * 10:06d}"  # never the first one's


def _dms(degrees: float) -> int:
    whole, seconds = divmod(round(abs(degrees) * 3600), 3600)
    return whole * 10000 + seconds // 60 * 100 + seconds % 60

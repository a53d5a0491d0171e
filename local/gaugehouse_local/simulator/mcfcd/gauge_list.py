"""Write `ev_rain.txt`: every gauge with its rain of the last 6 and 24 hours, in columns of a dash rule."""

from dataclasses import replace
from datetime import datetime, timedelta

from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.gauges import SimulatedGauge
from gaugehouse_local.simulator.record import INCHES_PER_TIP

TYPO_NAME = "Sycamore FRS #3"  # the gauge that the agency lists under another gauge's id

_TITLES = """\
Multi-Interval Precipitation Totals

                         FLOOD CONTROL DISTRICT of MARICOPA COUNTY
                     Precipitation Report for ALL FCDMC Rain Stations
                       6 and 24 Hours Ending {ending}
            *** Data is Preliminary and Unedited, ---- Denotes Missing Data ***

     Gage                          In or Nearest      Gage    Elev.  Rainfall    Rainfall      MSP Forecast       General
     Name                           City / Town        ID     (ft)   Past 6 hr  Past 24 hr         Zone           Location
--------------------------------   ---------------   ------  ------  ---------  ----------  ------------------   --------------------------------------------
"""  # noqa: E501 - byte for byte the agency's header
_MISSING = "----"
_LOCATION_WIDTH = 61


def write_gauge_list(climate: Climate, now: datetime, *, duplicate_id: bool = False) -> bytes:
    """Return the list's bytes as of `now`, which is naive, Arizona's own time.

    A name or zone longer than its column runs over. With `duplicate_id` a row for `TYPO_NAME` follows the
    first one and carries its id.
    """
    gauges = sorted(climate.gauges, key=lambda gauge: (gauge.city, gauge.name))
    rows = [_row(climate, gauge, number, now) for number, gauge in enumerate(gauges)]
    if duplicate_id:
        rows.insert(1, _row(climate, replace(gauges[0], name=TYPO_NAME), 1, now))
    titles = _TITLES.format(ending=f"{now:%m/%d/%y at %H%M}")
    return (titles + "".join(f"{row}\n" for row in rows)).encode("ascii")


def _row(climate: Climate, gauge: SimulatedGauge, number: int, now: datetime) -> str:
    # About half of the agency's rows are padded on the right, the others end with their last word.
    location = gauge.location.ljust(_LOCATION_WIDTH if number % 2 else 0)
    past_6h, past_24h = (_rain(climate, gauge, hours, now) for hours in (6, 24))
    return (
        f"{gauge.name:<35}{gauge.city:<19}{gauge.station_id:<6}{gauge.elevation_ft:>6}"
        f"{past_6h:>10}{past_24h:>11}     {gauge.zone:<22}{location}"
    )


def _rain(climate: Climate, gauge: SimulatedGauge, hours: int, now: datetime) -> str:
    if gauge.silent:
        return _MISSING
    tips = climate.record(gauge.station_id).tips_within(timedelta(hours=hours), now)
    return f"{tips * INCHES_PER_TIP:.2f}"

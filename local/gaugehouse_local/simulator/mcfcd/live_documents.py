"""Write what the agency says of rain that is falling now: `prpt.txt`, and the page of one gauge's tips."""

from datetime import datetime, timedelta

from gaugehouse.domain.live_rain import INTERVALS_HOURS
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.gauges import SimulatedGauge
from gaugehouse_local.simulator.mcfcd.transmissions import counter, is_silent, transmissions
from gaugehouse_local.simulator.record import INCHES_PER_TIP, GaugeRecord

# As the gauge list, with other columns: the agency's own file is known to us by its description only.
_TITLES = """\
Multi-Interval Precipitation Totals

                         FLOOD CONTROL DISTRICT of MARICOPA COUNTY
                     Precipitation Report for ALL FCDMC Rain Stations
                       Generated {generated} hrs MST
            *** Data is Preliminary and Unedited, ---- Denotes Missing Data ***

     Gage                             Gage    Past      Past      Past      Past      Past      Past
     Name                              ID    15 min     1 hr      3 hr      6 hr     24 hr     72 hr
--------------------------------     ------  ------    ------    ------    ------    ------    ------
"""
_MISSING = "----"
ONE_SECOND = timedelta(seconds=1)
_PAGE = """\
<HTML>
<H2>
    FCDMC ALERT System Data Display
</H2>

<H3><PRE>
{station_id} {name}
Precipitation Gage
</PRE>
</H3>

<BODY><P>
<PRE>
Precipitation Gage
Date       Time      inches   inches
{rows}</PRE>
</P></BODY>
"""


def write_interval_report(climate: Climate, now: datetime) -> bytes:
    """Return the report as of `now` (naive, Arizona). What an outage hides of an interval is missing."""
    gauges = sorted(climate.gauges, key=lambda gauge: (gauge.city, gauge.name))
    rows = "".join(f"{_row(climate, gauge, now)}\n" for gauge in gauges)
    return (_TITLES.format(generated=f"{now:%m/%d/%y @ %H%M}") + rows).encode("ascii")


def write_tips(
    gauge: SimulatedGauge, record: GaugeRecord, now: datetime, rows: int, *, extra: bool = False
) -> bytes:
    """Return the page with the newest `rows` transmissions up to `now`, newest first.

    `extra` is the newer page, whose rows have one more number.
    """
    sent = transmissions(record, now)
    before = [counter(record, sent[0].moment - ONE_SECOND), *(each.tips for each in sent)] if sent else []
    lines = [
        f"{each.moment:%m/%d/%Y %H:%M:%S}{each.tips * INCHES_PER_TIP:8.2f}"
        f"{max(0, each.tips - earlier) * INCHES_PER_TIP:9.2f}{f'{each.tips:7}' if extra else ''}\n"
        for each, earlier in zip(sent, before, strict=False)
    ]
    shown = "".join(reversed(lines[-rows:] if rows > 0 else []))
    return _PAGE.format(station_id=gauge.station_id, name=gauge.name, rows=shown).encode("ascii")


def _row(climate: Climate, gauge: SimulatedGauge, now: datetime) -> str:
    record = climate.record(gauge.station_id)
    totals = "".join(f"{_total(record, hours, now):>10}" for hours in INTERVALS_HOURS)
    return f"{gauge.name:<36} {gauge.station_id:<6}{totals[4:]}"


def _total(record: GaugeRecord, hours: float, now: datetime) -> str:
    start = now - timedelta(hours=hours)
    hidden = any(outage.start <= now and outage.end >= start for outage in record.outages)
    if hidden or is_silent(record, now):
        return _MISSING
    return f"{record.tips_within(timedelta(hours=hours), now) * INCHES_PER_TIP:.2f}"

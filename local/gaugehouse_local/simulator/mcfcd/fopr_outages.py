"""The DownTime sheet: every outage, newest first, and how much of its life the gauge was operational."""

from gaugehouse_local.simulator.mcfcd.fopr_content import FoprContent, sum_in_order
from gaugehouse_local.simulator.mcfcd.fopr_meta_stats import years_since_installation
from gaugehouse_local.simulator.mcfcd.xlsx import CellValue, Look, Sheet
from gaugehouse_local.simulator.record import Outage

_HEADER = (
    "Gage ID", "Start Date/Time", "Start Count", "End Date/Time", "End Count", "Days Down", "Cause", "Notes",
    "1=OK 2=Inc. 3=Est.",
)  # fmt: skip
_LOOKS = (
    Look.GENERAL, Look.MOMENT, Look.GENERAL, Look.MOMENT, Look.GENERAL, Look.HUNDREDTHS, Look.GENERAL,
    Look.GENERAL, Look.GENERAL,
)  # fmt: skip


def write_down_time(sheet: Sheet, content: FoprContent) -> None:
    """Fill A1:I(n+4) for n outages."""
    for column, label in zip("ABCDEFGHI", _HEADER, strict=True):
        sheet.put((column, 1), label)
    for row, outage in enumerate(content.outages, 2):
        for column, value, look in zip("ABCDEFGHI", _cells(content, outage), _LOOKS, strict=True):
            sheet.put((column, row), value, look)
    last = len(content.outages) + 1
    total_days = sum_in_order([_days_down(outage) for outage in content.outages])
    installed_days = years_since_installation(content) * 365.25
    sheet.put(("F", last + 1), total_days, Look.HUNDREDTHS, f"SUM($F2:$F{max(2, last)})")
    sheet.put(("C", last + 3), "Days Since Installation -->")
    sheet.put(("E", last + 3), installed_days, Look.GROUPED, "Meta_Stats!B7*365.25")
    operational = 100 - total_days / installed_days * 100
    sheet.put(("F", last + 3), operational, Look.HUNDREDTHS, f"100-(F{last + 1}/E{last + 3})*100")
    sheet.put(("G", last + 3), "% Operational")


def _cells(content: FoprContent, outage: Outage) -> tuple[CellValue, ...]:
    return (
        content.down_time_id,
        outage.start,
        outage.start_count,
        outage.end,
        outage.end_count,
        _days_down(outage),
        outage.cause,
        outage.notes,
        outage.quality_code,
    )


def _days_down(outage: Outage) -> float:
    return round((outage.end - outage.start).total_seconds() / 86400, 2)

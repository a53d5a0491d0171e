"""A gauge's record as a workbook: what it is, its proof, its days, its water years and its gaps."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gaugehouse_cli.export_record import Day, ExportedRecord
from gaugehouse_cli.export_record_sheet import fill_record
from gaugehouse_cli.sheets import DAY, day_of, fill_table

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

INCHES, TOTAL, MOMENT, COUNT = "0.000", "0.00", "yyyy-mm-dd hh:mm", "#,##0"
PALE = "FFF2F2F2"


def build_workbook(record: ExportedRecord, *, exported_at: datetime) -> "Workbook":
    """Return the workbook, with the sheets Record, Daily, Water years and Gaps."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = f"Daily rainfall of {record.gauge['station_id']} {record.gauge['name']}"
    book.properties.creator = "Gaugehouse"
    book.remove(book.worksheets[0])  # its own, without a name
    fill_record(book.create_sheet("Record"), record, exported_at)
    _fill_days(book.create_sheet("Daily"), record.days)
    _fill_years(book.create_sheet("Water years"), record.water_years)
    _fill_gaps(book.create_sheet("Gaps"), record.gaps, record.time_zone)
    return book


def _fill_days(sheet: "Worksheet", days: Sequence[Day]) -> None:
    from openpyxl.styles import PatternFill

    columns = (
        ("Date", 12, DAY), ("Rainfall (in)", 13, INCHES), ("Quality", 12, ""), ("Source", 16, ""),
        ("Document date", 15, DAY), ("Note", 60, ""),
    )  # fmt: skip
    fill_table(sheet, columns, days)
    pale = PatternFill("solid", start_color=PALE)
    for row, day in enumerate(days, start=2):
        if day.rainfall_inches is None:
            for cell in sheet[row]:
                cell.fill = pale


def _fill_years(sheet: "Worksheet", years: Iterable[dict[str, Any]]) -> None:
    columns = (
        ("Water year", 11, "0"), ("Total (in)", 11, TOTAL), ("Monsoon (in)", 13, TOTAL),
        ("Complete", 10, ""), ("Monsoon complete", 18, ""), ("Days present", 13, COUNT),
        ("Days missing", 13, COUNT), ("Days incomplete", 16, COUNT), ("Days before record", 18, COUNT),
        ("Days in no document", 20, COUNT), ("Wet days", 10, COUNT), ("Wettest day (in)", 16, INCHES),
        ("On", 12, DAY), ("Sources", 40, ""),
    )  # fmt: skip
    rows = [
        (
            year["water_year"],
            year["total_inches"],
            year["monsoon_inches"],
            "yes" if year["is_complete"] else "no",
            "yes" if year["monsoon_is_complete"] else "no",
            year["days_present"],
            year["days_missing"],
            year["days_incomplete"],
            year["days_before_record"],
            year["days_untold"],
            year["wet_days"],
            year["max_day_inches"],
            day_of(year["max_day"]),
            ", ".join(year["sources"]),
        )
        for year in years
    ]
    fill_table(sheet, columns, rows)


def _fill_gaps(sheet: "Worksheet", gaps: Iterable[dict[str, Any]], zone: ZoneInfo) -> None:
    columns = (
        (f"From ({zone.key})", 28, MOMENT), ("Until", 18, MOMENT), ("Days missing", 13, COUNT),
        ("Cause", 20, ""), ("Source", 16, ""), ("Notes", 60, ""), ("Agency's code", 14, "0"),
        ("Outage from", 18, MOMENT), ("Outage until", 18, MOMENT),
    )  # fmt: skip
    rows = [
        (
            _moment(gap["gap_start"], zone),
            _moment(gap["gap_end"], zone),
            gap["missing_days"],
            gap["cause"].replace("_", " "),
            gap["source"],
            gap["notes"],
            gap["quality_code"],
            _moment(gap["outage_start"], zone),
            _moment(gap["outage_end"], zone),
        )
        for gap in gaps
    ]
    fill_table(sheet, columns, rows)


def _moment(stamp: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a time as a workbook can hold it: local, and without its zone."""
    return None if stamp is None else datetime.fromisoformat(stamp).astimezone(zone).replace(tzinfo=None)

"""A gauge's record as a workbook: what it is, its proof, its days, its water years and its gaps."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gaugehouse_cli.export_record import MISSING, UNTOLD, Day, ExportedRecord
from gaugehouse_cli.sheets import DARK, fill_table, put

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

INCHES, TOTAL, DAY, MOMENT, COUNT = "0.000", "0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0"
PALE = "FFF2F2F2"
NOTES = (
    "Rainfall is in inches of one local day, midnight to midnight in the gauge's time zone.",
    (
        "A day without a value is blank. Its quality is 'missing' where a document says so, and 'no "
        "document' where no imported document tells of it. It is not a dry day: a dry day is 0."
    ),
    "One tip of the gauge is 1 mm = 0.03937 in. Values from monthly PDFs have two decimals.",
    (
        "Quality: measured; assigned (counted by the gauge, put on this day by a person); estimated; "
        "incomplete (part of the day is missing, the value is a lower bound); suspect; provisional (from "
        "live transmissions, gives way to the agency's own value)."
    ),
    (
        "Source: fopr is the agency's full record of the gauge, excel_WY_2023 its workbook of a water year,"
        " pdf_1119 its report of a month, live_scrape its live transmissions."
    ),
    "Water year N runs from 1 October N-1 to 30 September N, the monsoon from 15 June to 30 September.",
    (
        "A total is a lower bound unless it is complete. Days before the first value and days that no "
        "imported document tells of are not missing, and no total has them."
    ),
    "A wet day has 0.01 in or more.",
)


def build_workbook(record: ExportedRecord, *, exported_at: datetime) -> "Workbook":
    """Return the workbook, with the sheets Record, Daily, Water years and Gaps."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = f"Daily rainfall of {record.gauge['station_id']} {record.gauge['name']}"
    book.properties.creator = "Gaugehouse"
    book.remove(book.worksheets[0])  # its own, without a name
    _fill_record(book.create_sheet("Record"), record, exported_at)
    _fill_days(book.create_sheet("Daily"), record.days)
    _fill_years(book.create_sheet("Water years"), record.water_years)
    _fill_gaps(book.create_sheet("Gaps"), record.gaps, record.time_zone)
    return book


def _fill_record(sheet: "Worksheet", record: ExportedRecord, exported_at: datetime) -> None:
    from openpyxl.styles import Alignment, Font

    gauge = record.gauge
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    put(sheet, 1, 1, f"{gauge['station_id']} {gauge['name']}").font = Font(bold=True, size=14)
    row = 2
    for heading, facts in {
        "Gauge": _of_gauge(gauge),
        "Record": _of_record(record, exported_at),
        "Proof": _of_proof(record.proof),
        "Notes": [("", note) for note in NOTES],
    }.items():
        row += 1
        put(sheet, row, 1, heading).font = Font(bold=True, color=DARK)
        for name, fact in facts:
            row += 1
            put(sheet, row, 1, name).alignment = Alignment(vertical="top")
            cell = put(sheet, row, 2, fact)
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
            if isinstance(fact, date):
                cell.number_format = DAY
        row += 1


def _of_gauge(gauge: dict[str, Any]) -> list[tuple[str, Any]]:
    facts = [
        ("Station id", gauge["station_id"]),
        ("Name", gauge["name"]),
        ("Former ids", ", ".join(gauge["previous_ids"])),
        ("Network", gauge["network"]),
        ("Type", gauge["gauge_type"]),
        ("Latitude (degrees)", gauge["latitude"]),
        ("Longitude (degrees)", gauge["longitude"]),
        ("Elevation (ft)", gauge["elevation_ft"]),
        ("Location", gauge["location"]),
        ("City", gauge["city"]),
        ("County", gauge["county"]),
        ("Time zone", gauge["time_zone"]),
        ("Data begin (agency)", _day(gauge["data_begins"])),
        ("Remarks (agency)", gauge["remarks"]),
    ]
    return [(name, fact) for name, fact in facts if fact not in {None, ""}]


def _of_record(record: ExportedRecord, exported_at: datetime) -> list[tuple[str, Any]]:
    present = [day.rainfall_inches for day in record.days if day.rainfall_inches is not None]
    return [
        ("First day", record.days[0].reading_date),
        ("Last day", record.days[-1].reading_date),
        ("Days with a value", len(present)),
        ("Days missing", record.count(MISSING)),
        ("Days in no document", record.count(UNTOLD)),
        ("Total (in)", round(sum(present), 5)),
        ("Exported (UTC)", f"{exported_at.astimezone(UTC):%Y-%m-%d %H:%M}"),
    ]


def _of_proof(proof: dict[str, Any] | None) -> list[tuple[str, Any]]:
    """Tell how the stored totals compare with those that the agency's full record states."""
    if proof is None or proof["last_completed_at"] is None:
        return [("", "The agency's full record was not imported, so there are no totals to compare with.")]
    mismatches = [
        (
            "Does not hold",
            (
                f"{each['water_year']}, {each['what']}, {each['place']}: "
                f"stated {each['claimed_inches']} in, stored {each['stored_inches']} in"
            ),
        )
        for each in proof["mismatches"]
    ]
    return [
        ("Full record of", _day(proof["document_date"])),
        ("Imported (UTC)", f"{datetime.fromisoformat(proof['last_completed_at']):%Y-%m-%d %H:%M}"),
        ("Totals it states", proof["claims"]),
        ("Totals that hold", proof["claims"] - len(mismatches)),
        *mismatches,
        *(("Warning", warning) for warning in proof["warnings"]),
    ]


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
            _day(year["max_day"]),
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


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _moment(stamp: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a time as a workbook can hold it: local, and without its zone."""
    return None if stamp is None else datetime.fromisoformat(stamp).astimezone(zone).replace(tzinfo=None)

"""The first sheet of an exported workbook: what the gauge is, how much record it has, and its proof."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from gaugehouse_cli.export_record import MISSING, UNTOLD, ExportedRecord
from gaugehouse_cli.sheets import DARK, DAY, day_of, put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

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


def fill_record(sheet: "Worksheet", record: ExportedRecord, exported_at: datetime) -> None:
    """Fill the sheet with named facts under headings, and with notes on how the others are read."""
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
        ("Data begin (agency)", day_of(gauge["data_begins"])),
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
        ("Full record of", day_of(proof["document_date"])),
        ("Imported (UTC)", f"{datetime.fromisoformat(proof['last_completed_at']):%Y-%m-%d %H:%M}"),
        ("Totals it states", proof["claims"]),
        ("Totals that hold", proof["claims"] - len(mismatches)),
        *mismatches,
        *(("Warning", warning) for warning in proof["warnings"]),
    ]

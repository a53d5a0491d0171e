"""What an export says of each day, and the workbook as another reader finds it."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from gaugehouse_cli.export_csv import write_csv
from gaugehouse_cli.export_record import Day, ExportedRecord, causes_of, every_day
from gaugehouse_cli.export_workbook import build_workbook

WRITTEN = date(2024, 2, 1)
ARIZONA = ZoneInfo("America/Phoenix")
GAP: dict[str, Any] = {
    "source": "fopr",
    "gap_start": "2024-01-03T07:00:00+00:00",
    "gap_end": "2024-01-05T07:00:00+00:00",
    "cause": "Battery",
    "missing_days": 2,
    "notes": "=1+1",
    "quality_code": 2,
    "outage_start": None,
    "outage_end": None,
}
YEAR: dict[str, Any] = {
    "water_year": 2024,
    "total_inches": 0.55118,
    "monsoon_inches": None,
    "days_present": 3,
    "days_missing": 2,
    "days_before_record": 92,
    "days_untold": 269,
    "days_incomplete": 0,
    "is_complete": False,
    "monsoon_is_complete": False,
    "wet_days": 1,
    "max_day_inches": 0.55118,
    "max_day": "2024-01-02",
    "sources": ["fopr"],
}
GAUGE: dict[str, Any] = {
    "station_id": "59700",
    "name": "Aztec Park",
    "previous_ids": ["4695"],
    "network": "mcfcd",
    "gauge_type": "Rain",
    "latitude": 33.61,
    "longitude": -111.86545,
    "elevation_ft": 1465.0,
    "location": None,
    "city": "Scottsdale",
    "county": None,
    "time_zone": "America/Phoenix",
    "data_begins": "2024-01-01",
    "remarks": None,
}
PROOF: dict[str, Any] = {
    "last_completed_at": "2026-11-29T22:44:00+00:00",
    "document_date": "2024-02-01",
    "claims": 7,
    "mismatches": [
        {
            "water_year": 2024,
            "what": "monsoon",
            "place": "Meta_Stats row 30",
            "claimed_inches": 1.5,
            "stored_inches": 0.0,
        }
    ],
    "warnings": [],
}


def day(number: int, inches: float | None, note: str | None = None, quality: str = "measured") -> Day:
    if inches is None:
        return Day(date(2024, 1, number), None, quality, None, None, note)
    return Day(date(2024, 1, number), inches, quality, "fopr", WRITTEN, note)


STORED = [day(1, 0.0), day(2, 0.55118, "Assigned\x0c 14mm"), day(6, 0.0)]


@pytest.fixture
def record() -> ExportedRecord:
    """Six days: two are missing, and of one no document tells."""
    causes = causes_of([GAP], ARIZONA, date(2024, 1, 6))
    days = list(every_day(STORED, date(2024, 1, 6), causes))
    return ExportedRecord(gauge=GAUGE, proof=PROOF, water_years=[YEAR], gaps=[GAP], days=days)


def test_every_day_is_there_and_a_blank_one_says_why(record: ExportedRecord) -> None:
    assert record.days == [
        *STORED[:2],
        day(3, None, "Battery: =1+1", "missing"),
        day(4, None, "Battery: =1+1", "missing"),
        day(5, None, None, "no document"),
        STORED[2],
    ]
    assert (record.present, record.count("missing"), record.count("no document")) == (3, 2, 1)


def test_a_record_that_ends_with_missing_days_ends_with_blank_ones() -> None:
    days = list(every_day([day(1, 0.0)], date(2024, 1, 3), {date(2024, 1, 2): None, date(2024, 1, 3): "x"}))

    assert days == [day(1, 0.0), day(2, None, None, "missing"), day(3, None, "x", "missing")]


def test_what_lies_before_the_record_or_lost_no_day_causes_no_gap() -> None:
    gaps = [{**GAP, "cause": "before_record"}, {**GAP, "missing_days": 0}]

    assert causes_of(gaps, ARIZONA, date(2024, 1, 6)) == {}
    assert list(causes_of([{**GAP, "gap_end": None}], ARIZONA, date(2024, 1, 4))) == [
        date(2024, 1, 3),
        date(2024, 1, 4),
    ]


def test_the_csv_has_units_in_its_head_and_never_a_zero_for_a_missing_day(record: ExportedRecord) -> None:
    written = StringIO()
    write_csv(record, written)

    rows = list(csv.DictReader(StringIO(written.getvalue())))
    assert [row["rainfall_inches"] for row in rows] == ["0.00000", "0.55118", "", "", "", "0.00000"]
    assert [row["quality"] for row in rows[2:5]] == ["missing", "missing", "no document"]
    assert rows[1] == {
        "date": "2024-01-02",
        "rainfall_inches": "0.55118",
        "quality": "measured",
        "data_source": "fopr",
        "document_date": "2024-02-01",
        "note": "Assigned\x0c 14mm",
    }


def test_no_text_in_the_csv_is_a_formula(record: ExportedRecord) -> None:
    """The note of a missing day is the agency's: what caused the gap."""
    written = StringIO()
    note = '=HYPERLINK("http://x")'
    day = Day(date(2024, 1, 3), None, "missing", None, None, note)
    write_csv(replace(record, days=[day]), written)

    (row,) = csv.DictReader(StringIO(written.getvalue()))
    assert row["note"] == f"'{note}"


def test_the_workbook_is_what_another_reader_finds(record: ExportedRecord, tmp_path: Path) -> None:
    file = tmp_path / "59700.xlsx"
    build_workbook(record, exported_at=datetime(2026, 11, 29, 23, tzinfo=UTC)).save(file)
    book = openpyxl.load_workbook(file)

    assert book.sheetnames == ["Record", "Daily", "Water years", "Gaps"]
    daily = book["Daily"]
    rows = list(daily.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [datetime(2024, 1, number) for number in range(1, 7)]  # noqa: DTZ001
    assert [row[1] for row in rows] == [0, 0.55118, None, None, None, 0]
    assert rows[1][5] == "Assigned 14mm", "a control character cannot stand in a workbook"
    assert daily["A2"].is_date and daily["A2"].number_format == "yyyy-mm-dd"
    assert (daily.freeze_panes, daily.auto_filter.ref) == ("B2", "A1:F7")
    assert daily["B1"].value == "Rainfall (in)"
    years = dict(zip(*(_values(book["Water years"], row) for row in (1, 2)), strict=True))
    assert (years["Total (in)"], years["Monsoon (in)"], years["Complete"]) == (0.55118, None, "no")
    gaps = dict(zip(*(_values(book["Gaps"], row) for row in (1, 2)), strict=True))
    assert gaps["From (America/Phoenix)"] == datetime(2024, 1, 3)  # noqa: DTZ001 - a workbook has no zones
    assert gaps["Notes"] == "=1+1" and book["Gaps"]["F2"].data_type == "s", "text is no formula"
    facts = {row[0]: row[1] for row in book["Record"].iter_rows(values_only=True, max_col=2)}
    assert (facts["Station id"], facts["Days missing"], facts["Days in no document"]) == ("59700", 2, 1)
    assert facts["Totals that hold"] == 6
    assert facts["Does not hold"] == "2024, monsoon, Meta_Stats row 30: stated 1.5 in, stored 0.0 in"


def test_a_gauge_without_a_full_record_has_no_proof(record: ExportedRecord) -> None:
    unproven = ExportedRecord(gauge=GAUGE, proof=None, water_years=[], gaps=[], days=record.days)

    sheet = build_workbook(unproven, exported_at=datetime(2026, 1, 1, tzinfo=UTC))["Record"]

    assert any("was not imported" in str(row[1]) for row in sheet.iter_rows(values_only=True, max_col=2))


def _values(sheet: Any, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]

"""Water-year workbooks that are damaged, hostile or wrong: each has its clear error, reject or warning."""

import io
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import Quality, RainRecord
from gaugehouse.sources.mcfcd.water_year import findings, parse_water_year_workbook
from gaugehouse_local.simulator.mcfcd.xlsx import Workbook as SharingWorkbook
from tests.unit.sources.workbooks import saved, with_part

FILE = "pcp_WY_2023.xlsx"
IDS = (1000, 25800, 59700, 60000)
MONTHS = {"DEC": date(2022, 12, 1), "NOV": date(2022, 11, 1), "OCT": date(2022, 10, 1)}
DECEMBER_1ST = 34  # the row


def inches(column: int, day: date) -> float:
    """Return another value for each gauge and day."""
    return round(0.03937 * ((column * 7 + day.day * 3 + day.month) % 40), 5)


def workbook(edit: Callable[[Workbook], object] = lambda book: None) -> bytes:
    """Write three months of four gauges as the agency does, then let `edit` spoil them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, month in MONTHS.items():
        sheet = book.create_sheet(name)
        sheet["A1"] = f"Daily Precipitation Totals in Inches, {month:%B %Y}"
        for column, station_id in enumerate(IDS, 2):
            sheet.cell(2, column, column - 1)
            sheet.cell(3, column, station_id)
        sheet["A3"] = "Gage ID --->"
        for row in range(34, 3, -1):
            day = month + timedelta(days=34 - row)
            if day.month == month.month:
                sheet.cell(row, 1, day)
                for column in range(2, 6):
                    sheet.cell(row, column, inches(column, day))
        sheet["A35"] = "Totals:"
        sheet["A37"] = "Footnotes:"
    edit(book)
    return saved(book)


def parse(content: bytes, document_date: date = date(2023, 10, 12), water_year: int = 2023) -> RainBook:
    return parse_water_year_workbook(
        content, water_year=water_year, file_name=FILE, document_date=document_date
    )


def spoilt(edit: Callable[[Worksheet], object]) -> RainBook:
    """Parse a workbook whose December is spoilt."""
    return parse(workbook(lambda book: edit(book["DEC"])))


def record_of(book: RainBook, station_id: str) -> RainRecord:
    return next(record for record in book.records if record.station_id == station_id)


def reasons(book: RainBook) -> list[str]:
    return [reject.reason for reject in book.rejects]


def rename_sheets(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.title = "X"


def put(cell: str, value: object) -> Callable[[Worksheet], None]:
    return lambda sheet: setattr(sheet[cell], "value", value)


def test_the_sound_workbook_is_read_whole() -> None:
    book = parse(workbook(), date(2023, 1, 10))

    assert [len(record.days) for record in book.records] == [92] * 4
    assert (book.rejects, book.repaired_ids) == ((), ())
    assert book.warnings == (f"{FILE}: has no sheet Annual_Totals",)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        pytest.param(b"", SourceUnavailable, FILE, id="empty"),
        pytest.param(b"<html><body>Sorry</body></html>", SourceUnavailable, FILE, id="a web page"),
        pytest.param(workbook()[:-200], SourceUnavailable, "was cut off", id="truncated"),
        pytest.param(workbook()[:4000] + workbook()[4100:], DocumentInvalid, "damaged", id="a hole"),
        pytest.param(b"%PDF-1.5 " * 50, DocumentInvalid, "is not a workbook", id="another kind"),
        pytest.param(
            with_part(workbook(), "xl/worksheets/sheet2.xml", lambda part: part[: len(part) // 2]),
            DocumentInvalid,
            "sheet NOV cannot be read",
            id="a sheet cut off",
        ),
        pytest.param(
            workbook(lambda book: put("AAA4", 1.0)(book["NOV"])),
            DocumentInvalid,
            "beyond row 999 or column ZZ",
            id="a cell far right",
        ),
        pytest.param(
            workbook(lambda book: put("B1000", 1.0)(book["NOV"])),
            DocumentInvalid,
            "beyond row 999 or column ZZ",
            id="a cell far down",
        ),
        pytest.param(
            workbook(rename_sheets),
            DocumentInvalid,
            "has no usable sheet of a month, only: X, X1, X2",
            id="no month",
        ),
    ],
)
def test_what_is_no_such_workbook_is_refused(content: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        parse(content)


def test_another_water_year_is_refused_by_its_dates() -> None:
    with pytest.raises(DocumentInvalid, match=f"{FILE}: by its dates it is of water year 2023, not 2024"):
        parse(workbook(), water_year=2024)


def test_a_text_that_is_shown_too_often_is_refused() -> None:
    book = SharingWorkbook()
    sheet = book.sheet("DEC")
    for row in range(1, 400):
        for column in "BCDEFGHIJK":
            sheet.put((column, row), "x" * 30_000)

    with pytest.raises(DocumentInvalid, match=r"sheet1\.xml: shows texts of up to \d+ bytes so often"):
        parse(book.content())


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("trace", "not_a_number"),
        ("0.5", "not_a_number"),
        (True, "not_a_number"),
        (date(2022, 12, 1), "not_a_number"),
        (-0.03937, "negative_rainfall"),
        (1250.0, "absurd_rainfall"),
        ("=1/0", None),
    ],
)
def test_a_cell_that_is_no_rainfall_is_named(value: object, reason: str | None) -> None:
    book = spoilt(put("C20", value))
    record, day = record_of(book, "25800"), date(2022, 12, 15)

    assert day not in [row.reading_date for row in record.days]
    if reason is None:  # a formula without a cached value is a blank cell
        assert record.missing == (day,)
        return
    assert reasons(book) == [reason]
    assert book.rejects[0].detail.startswith(f"{FILE}, sheet DEC, cell C20, gauge 25800: ")
    assert record.missing == ()
    assert sum(len(other.days) for other in book.records) == 4 * 92 - 1


@pytest.mark.parametrize("number", [b"NaN", b"inf", b"1e999"])
def test_a_number_that_is_none_is_not_taken_for_one(number: bytes) -> None:
    content = with_part(
        workbook(),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'(<c r="C20"[^>]*><v>)[^<]*', rb"\g<1>" + number, xml),
    )
    book = parse(content)

    assert reasons(book) == ["not_a_number"]
    assert len(record_of(book, "25800").days) == 91


def test_more_than_fifteen_inches_are_suspect() -> None:
    row = next(
        row for row in record_of(spoilt(put("C20", 15.5)), "25800").days if row[0] == date(2022, 12, 15)
    )

    assert row[1:3] == (15.5, Quality.SUSPECT)


@pytest.mark.parametrize("word", ["N/A", "n/a", "_____", "----", "", None, " "])
def test_every_word_for_missing_is_missing(word: object) -> None:
    assert record_of(spoilt(put("C20", word)), "25800").missing == (date(2022, 12, 15),)


def test_an_id_cell_with_text_keeps_its_gauge() -> None:
    book = spoilt(put("D3", "59700 since 03/09/18"))

    assert book.repaired_ids == (("DEC", "59700 since 03/09/18", "59700"),)
    assert len(record_of(book, "59700").days) == 92


@pytest.mark.parametrize("written", [None, "unknown", 12, 597.5, 25800, 1234567])
def test_an_id_that_is_none_is_mended_by_its_column(written: object) -> None:
    book = spoilt(put("D3", written))

    assert [(sheet, meant) for sheet, _, meant in book.repaired_ids] == [("DEC", "59700")]
    assert book.records == parse(workbook()).records


def test_a_column_without_an_id_anywhere_is_rejected() -> None:
    def add(book: Workbook) -> None:
        for row in range(4, 35):
            book["DEC"].cell(row, 6, 1.0)

    book = parse(workbook(add))
    assert reasons(book) == ["unreadable_station_id"]
    assert "sheet DEC, cell F3" in book.rejects[0].detail
    assert [len(record.days) for record in book.records] == [92] * 4


def put_ids(sheet: Worksheet, *ids: int | None) -> None:
    for column, station_id in enumerate(ids, 2):
        sheet.cell(3, column).value = station_id


def shift(sheet: Worksheet, rows: Sequence[int], by: int) -> None:
    for row in rows:
        values = [sheet.cell(row, column).value for column in range(2, 6)]
        for column in range(2, 8):
            sheet.cell(row, column).value = None
        for column, value in enumerate(values, 2 + by):
            if column > 1:
                sheet.cell(row, column).value = value


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda sheet: shift(sheet, range(4, 35), 1), id="values to the right"),
        pytest.param(lambda sheet: shift(sheet, [3], 1), id="ids to the right"),
        pytest.param(lambda sheet: put_ids(sheet, 1000, 59700, 60000, None), id="an id lost"),
    ],
)
def test_a_month_whose_columns_are_shifted_is_left_out(edit: Callable[[Worksheet], object]) -> None:
    book = spoilt(edit)

    assert reasons(book) == ["columns_shifted"]
    assert "sheet DEC" in book.rejects[0].detail
    assert {row[0].month for record in book.records for row in record.days} == {10, 11}
    assert f"{FILE}: has no usable sheet for December 2022" in book.warnings


def test_values_that_stand_beside_their_totals_are_left_out() -> None:
    def move(sheet: Worksheet) -> None:
        for column in range(2, 6):
            total = sum(float(str(sheet.cell(row, column).value)) for row in range(4, 35))
            sheet.cell(35, column).value = total
        for row in range(4, 35):
            values = [sheet.cell(row, column).value for column in range(2, 6)]
            for column, value in enumerate([*values[1:], 0.0], 2):
                sheet.cell(row, column).value = value

    assert reasons(spoilt(move)) == ["columns_shifted"]


def test_a_repeated_date_counts_once_and_the_lost_one_is_noticed() -> None:
    book = spoilt(put(f"A{DECEMBER_1ST}", date(2022, 12, 2)))

    assert reasons(book) == ["duplicate_date"]
    assert f"{FILE}, sheet DEC, row 34: 2022-12-02 stands in row 33 already" in book.rejects[0].detail
    assert f"{FILE}, sheet DEC: has values for 30 of 31 days" in book.warnings


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "missing_date"),
        ("the 1st", "unreadable_date"),
        (date(2023, 1, 1), "date_outside_month"),
        (date(2021, 12, 1), "date_outside_month"),
    ],
)
def test_a_row_without_a_date_of_its_month_is_rejected(value: object, reason: str) -> None:
    book = spoilt(put(f"A{DECEMBER_1ST}", value))

    assert reasons(book) == [reason]
    assert f"{FILE}, sheet DEC, row 34: " in book.rejects[0].detail
    assert [len(record.days) for record in book.records] == [91] * 4


@pytest.mark.parametrize("value", [44896, "12/01/2022", "2022-12-01"])
def test_a_date_that_lost_its_format_is_one_still(value: object) -> None:
    assert spoilt(put(f"A{DECEMBER_1ST}", value)).records == parse(workbook()).records


def test_what_is_dated_after_the_document_is_doubted() -> None:
    def dry(book: Workbook) -> None:
        for column in range(2, 6):
            for row in range(4, 14):  # 22 to 31 December
                book["DEC"].cell(row, column, 0.0 if row < 9 else 0.5)

    book = parse(workbook(dry), date(2022, 12, 20))
    late = [row for row in record_of(book, "25800").days if row.reading_date > date(2022, 12, 20)]

    assert [row.reading_date.day for row in late] == [21, 22, 23, 24, 25, 26]  # the rest is dry: yet to come
    assert {row.quality for row in late} == {Quality.SUSPECT}


def test_a_sheet_without_ids_or_with_another_name_costs_itself_only() -> None:
    def spoil(book: Workbook) -> None:
        book["NOV"]["A3"] = None
        book.create_sheet("Notes")["A1"] = "hello"

    book = parse(workbook(spoil))
    assert reasons(book) == ["no_gauge_ids"]
    assert f"{FILE}, sheet Notes: is not named for a month; it was not read" in book.warnings


def test_faults_without_end_are_no_table_of_rain() -> None:
    def spoil(book: Workbook) -> None:
        for row in range(4, 35):
            for column in range(2, 100):
                book["DEC"].cell(3, column, 1000 + column)
                book["DEC"].cell(row, column, "x")

    with pytest.raises(DocumentInvalid, match=f"{findings.MAX_REJECTS} faults before it"):
        parse(workbook(spoil))


def test_a_workbook_of_which_no_day_can_be_read_is_refused() -> None:
    def spoil(book: Workbook) -> None:
        for sheet in book.worksheets:
            shift(sheet, range(4, 35), 1)

    with pytest.raises(DocumentInvalid, match="sheet OCT: its gauge ids, values and totals stand in"):
        parse(workbook(spoil))


def test_marks_that_contradict_their_footnotes_are_noticed() -> None:
    def note(sheet: Worksheet) -> None:
        sheet["B36"], sheet["C36"] = "(1)", "(1, 3)"
        sheet["B38"] = (
            "1. Gage 25800 down from 12/04 18:00 (3) through 12/05 11:00 due to hail; no rain fell."
        )
        sheet["B39"] = "2. Gage 4444 was moved."

    book = spoilt(note)
    assert (
        f"{FILE}, sheet DEC, footnote 1: speaks of gauge 25800, but its mark stands below 1000"
        in book.warnings
    )
    assert f"{FILE}, sheet DEC: has a mark (3) below 25800, and no such footnote" in book.warnings
    assert any(
        "footnote 2: speaks of gauge 4444, which the document does not have" in text for text in book.warnings
    )
    assert [footnote.understood for footnote in book.footnotes] == [True, False]
    assert [gap.cause for gap in record_of(book, "25800").gaps] == ["hail"]


def test_saving_and_parsing_is_pure() -> None:
    content = io.BytesIO(workbook()).getvalue()

    assert parse(content) == parse(content)

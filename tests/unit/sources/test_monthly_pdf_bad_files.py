"""What a month's PDF can do wrong: each fault is named with its page, row and gauge; nothing is made up."""

import zlib
from datetime import date

import pytest

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import DailyRainfall, Gap, GapCause, Quality
from gaugehouse.sources.mcfcd.monthly_pdf import parse_monthly_pdf
from gaugehouse.sources.mcfcd.monthly_pdf.integrity import MAX_BYTES
from gaugehouse.sources.mcfcd.monthly_pdf.pages import MAX_CHARACTERS_OF_A_PAGE, MAX_PAGES
from gaugehouse_local.simulator.mcfcd.monthly_pdf import write_monthly_pdf
from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import MonthPage
from gaugehouse_local.simulator.mcfcd.monthly_pdf_faults import FAULT_ROW, MonthFault, write_faulty_pdf
from tests.unit.sources.pdfs import (
    FLATE,
    IDS,
    a_page,
    blanks,
    day,
    one_page,
    parse,
    parse_pages,
    raw_pdf,
    record_of,
    stream,
)

COURIER = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>"
FAULT_DAY = day(30 - FAULT_ROW)
WET = a_page({("1000", 27): "0.35", ("1200", 27): "0.04", ("59700", 27): "1.06", ("1000", 3): "0.12"})


def parse_faulty(*faults: MonthFault) -> RainBook:
    return parse(write_faulty_pdf([WET, a_page(ids=("60000", "60300"))], faults))


def days_of(book: RainBook, station_id: str) -> dict[date, float]:
    return {row.reading_date: row.rainfall_inches for row in record_of(book, station_id).days}


def only_reject(book: RainBook) -> RejectedRecord:
    (reject,) = book.rejects
    assert reject.source == "monthly_pdf"
    return reject


def refused_gaps(book: RainBook, station_id: str) -> list[Gap]:
    return [gap for gap in record_of(book, station_id).gaps if gap.notes and "see the rejected" in gap.notes]


# --- files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "pcp1119.pdf is empty"),
        (
            b"<!DOCTYPE html><html><body>Maintenance</body></html>",
            "pcp1119.pdf is a web page instead of data",
        ),
    ],
)
def test_nothing_or_a_page_instead_of_a_document_is_asked_for_again(content: bytes, message: str) -> None:
    with pytest.raises(SourceUnavailable, match=message):
        parse(content)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_a_document_that_was_cut_off_is_asked_for_again(share: float) -> None:
    content = write_monthly_pdf([WET, a_page(ids=("60000",))])
    with pytest.raises(SourceUnavailable, match=r"pcp1119\.pdf was cut off"):
        parse(content[: int(share * len(content))])


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(DocumentInvalid, match=r"pcp1119\.pdf is not a PDF: it begins b'PK"):
        parse(b"PK\x03\x04 a workbook")
    with pytest.raises(DocumentInvalid, match=r"pcp1119\.pdf cannot be opened"):
        parse(b"%PDF-1.5 and nothing behind it %%EOF")


def test_a_document_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(DocumentInvalid, match=f"bytes, more than {MAX_BYTES}"):
        parse(b"%PDF-" + bytes(MAX_BYTES))
    with pytest.raises(DocumentInvalid, match="expands to more than 64000000 bytes"):
        parse(one_page(blanks(megabytes=65)))
    leaves = b"3 0 R " * (MAX_PAGES + 1)
    many = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (MAX_PAGES + 1, leaves),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
    )
    with pytest.raises(DocumentInvalid, match=f"has {MAX_PAGES + 1} pages, more than {MAX_PAGES}"):
        parse(many)


def test_a_page_with_more_characters_than_a_table_has_is_not_read() -> None:
    text = (
        b"BT /F 9 Tf 9 TL 20 700 Td " + b"(0.00 0.00 0.00 0.00) ' " * (MAX_CHARACTERS_OF_A_PAGE // 15) + b"ET"
    )
    with pytest.raises(
        DocumentInvalid, match=r"none of its 1 pages was understood; page 1 holds \d+ characters"
    ):
        parse(one_page(stream(text), resources=COURIER))


def test_a_flipped_bit_is_seen_by_the_checksum_of_what_it_is_in() -> None:
    content = bytearray(write_monthly_pdf([WET]))
    begins = content.index(b"stream\n") + len(b"stream\n")
    content[begins + 300] ^= 0x04
    with pytest.raises(DocumentInvalid, match=r"pcp1119\.pdf is damaged"):
        parse(bytes(content))
    short = stream(zlib.compress(b"BT ET")[:-3], FLATE)
    with pytest.raises(DocumentInvalid, match=r"is damaged: what begins at byte \d+ does not end"):
        parse(one_page(short))


def test_an_encrypted_document_is_refused_with_what_to_do() -> None:
    with pytest.raises(DocumentInvalid, match=r"pcp1119\.pdf is encrypted; save it without a password"):
        parse_faulty(MonthFault.ENCRYPTED)


def test_the_document_of_another_month_is_refused() -> None:
    with pytest.raises(DocumentInvalid, match="is the record of 2018-11, but 2019-11 was asked for"):
        parse_faulty(MonthFault.OTHER_MONTH)
    with pytest.raises(DocumentInvalid, match="is the record of 2019-11, but 2019-10 was asked for"):
        parse_monthly_pdf(write_monthly_pdf([WET]), month=date(2019, 10, 1), file_name="pcp1019.pdf")


def test_a_document_without_a_page_that_is_understood_is_refused_and_says_why() -> None:
    with pytest.raises(DocumentInvalid, match=r"none of its 1 pages was understood; page 1 holds no text"):
        parse(one_page(stream(b"0 0 100 100 re f")))
    letter = b"BT /F 9 Tf 72 700 Td (Dear Sir or Madam) Tj ET"
    with pytest.raises(DocumentInvalid, match="page 1 has no 'Gage ID' line"):
        parse(one_page(stream(letter), resources=COURIER))


# --- pages


def test_an_empty_page_is_rejected_and_the_others_are_read() -> None:
    book = parse_faulty(MonthFault.EMPTY_PAGE)
    assert only_reject(book).reason == "empty_page"
    assert only_reject(book).detail == "pcp1119.pdf, page 1 holds no text"
    assert {record.station_id for record in book.records} == {*IDS, "60000", "60300"}


def test_pages_that_were_drawn_sideways_are_read_all_the_same() -> None:
    usual, turned = parse_faulty(), parse_faulty(MonthFault.TURNED_PAGES)
    assert turned == usual
    assert days_of(turned, "59700")[FAULT_DAY] == 1.06


def test_text_at_an_angle_is_not_read() -> None:
    text = b"BT /F 9 Tf 0.9 0.3 -0.3 0.9 72 500 Tm (Gage ID     1000) Tj ET"
    with pytest.raises(DocumentInvalid, match=r"page 1 holds text at an angle of \d+ degrees"):
        parse(one_page(stream(text), resources=COURIER))


def test_a_page_that_does_not_say_inches_is_not_read() -> None:
    with pytest.raises(DocumentInvalid, match="page 1 does not say that its values are inches, but 'Daily"):
        parse_faulty(MonthFault.MILLIMETRES)


# --- rows


def test_a_row_that_is_not_there_says_nothing() -> None:
    book = parse_faulty(MonthFault.MISSING_ROW)
    record = record_of(book, "1000")
    assert FAULT_DAY not in days_of(book, "1000")
    assert (record.missing, record.gaps, book.rejects) == ((), (), ())
    assert book.warnings == ("pcp1119.pdf, page 1: has no usable row for 11/27 (1 days)",)


def test_of_a_repeated_date_the_upper_row_counts() -> None:
    book = parse_faulty(MonthFault.REPEATED_DATE)
    assert only_reject(book).reason == "duplicate_date"
    assert "page 1, row 11/28/19: 2019-11-28 stands in another row" in only_reject(book).detail
    assert "0.35" in only_reject(book).raw
    assert days_of(book, "1000")[day(28)] == 0.0
    assert FAULT_DAY not in days_of(book, "1000")


def test_a_row_whose_values_moved_by_a_column_is_refused_as_a_whole() -> None:
    book = parse_faulty(MonthFault.SHIFTED_ROW)
    assert only_reject(book).reason == "misplaced_values"
    assert only_reject(book).detail == ("pcp1119.pdf, page 1, row 11/27/19: '1.06' stands under no gage id")
    for station_id in IDS:
        assert FAULT_DAY not in days_of(book, station_id)
        assert [gap.missing_days for gap in refused_gaps(book, station_id)] == [1]
        assert record_of(book, station_id).missing == ()
        assert len(days_of(book, station_id)) == 29


def test_a_row_that_moved_and_lost_its_last_value_is_refused_too() -> None:
    rows = list(WET.rows)
    values = WET.rows[FAULT_ROW].cells
    rows[FAULT_ROW] = type(rows[0])(date=rows[FAULT_ROW].date, cells=("", *values[:-1]))
    moved = MonthPage(station_ids=WET.station_ids, rows=tuple(rows), totals=WET.totals)
    book = parse_pages(moved)
    assert "row 11/27/19: has nothing under 1000" in only_reject(book).detail
    assert all(FAULT_DAY not in days_of(book, station_id) for station_id in IDS)


def test_a_column_that_is_blank_all_over_the_page_is_a_gauge_of_which_nothing_is_said() -> None:
    blank = {("1200", number): "" for number in range(1, 31)}
    book = parse_pages(a_page({**blank, ("1000", 5): "0.20"}))
    assert [record.station_id for record in book.records] == ["1000", "59700"]
    assert days_of(book, "1000")[day(5)] == 0.2
    assert book.warnings == ("pcp1119.pdf, page 1: says nothing of gage 1200",)


@pytest.mark.parametrize("text", ["11/31/19", "13/01/19"])
def test_a_date_that_is_none_is_rejected(text: str) -> None:
    book = parse_pages(with_date(text))
    assert only_reject(book).reason == "unreadable_date"
    assert f"row {text}: {text!r} is not a date" in only_reject(book).detail


def test_a_date_of_another_month_is_rejected() -> None:
    book = parse_pages(with_date("10/27/19"))
    assert only_reject(book).reason == "date_outside_month"
    assert "row 10/27/19: 2019-10-27 lies outside 2019-11" in only_reject(book).detail


# --- values


@pytest.mark.parametrize(
    ("fault", "reason", "problem"),
    [
        (MonthFault.TEXT_VALUE, "not_a_number", "'trace' is neither a rainfall nor '____'"),
        (MonthFault.NEGATIVE_VALUE, "negative_rainfall", "-0.12 in is negative"),
        (MonthFault.ABSURD_VALUE, "absurd_rainfall", "1250.0 in is no rainfall"),
    ],
)
def test_what_is_no_rainfall_is_rejected_and_leaves_a_gap(
    fault: MonthFault, reason: str, problem: str
) -> None:
    book = parse_faulty(fault)
    assert (only_reject(book).reason, only_reject(book).detail) == (
        reason,
        f"pcp1119.pdf, page 1, row 11/27/19, gage 1000: {problem}",
    )
    assert FAULT_DAY not in days_of(book, "1000")
    assert [gap.cause for gap in refused_gaps(book, "1000")] == [GapCause.UNEXPLAINED]
    assert days_of(book, "1200")[FAULT_DAY] == 0.04  # the others of its row are believed


@pytest.mark.parametrize(
    "value", ["1", "1.", ".5", "0.1", "0.123", "1,06", "N/A", "0..5", "\u0660.\u0661\u0661"]
)
def test_a_number_that_has_not_two_decimals_has_lost_a_digit(value: str) -> None:
    book = parse_pages(a_page({("59700", 27): value}))
    assert only_reject(book).reason == "not_a_number"
    assert FAULT_DAY not in days_of(book, "59700")


def test_more_than_fifteen_inches_are_suspect() -> None:
    book = parse_faulty(MonthFault.TWENTY_INCHES)
    assert DailyRainfall(FAULT_DAY, 20.0, Quality.SUSPECT) in record_of(book, "1000").days
    fifteen = parse_pages(a_page({("1000", 27): "15.00"}))
    assert DailyRainfall(FAULT_DAY, 15.0) in record_of(fifteen, "1000").days


# --- gauges, totals, footnotes


def test_the_column_of_an_id_that_cannot_be_read_is_left_out() -> None:
    book = parse_faulty(MonthFault.TEXT_IN_ID)
    assert only_reject(book).reason == "unreadable_station_id"
    assert only_reject(book).detail == "pcp1119.pdf, page 1, column 1: '1OOO' is no gage id"
    assert [record.station_id for record in book.records] == ["1200", "59700", "60000", "60300"]
    assert days_of(book, "1200")[FAULT_DAY] == 0.04


def test_words_that_push_an_id_out_of_its_column_leave_its_values_under_no_id() -> None:
    book = parse_pages(a_page(ids=("1300", "", "", "29200 since 03/09/18")), WET)
    assert {reject.reason for reject in book.rejects} == {"misplaced_values"}
    assert [record.station_id for record in book.records if record.days] == list(IDS)
    assert any("'since 03/09/18'" in warning for warning in book.warnings)


def test_of_a_gauge_that_is_there_twice_nobody_knows_which_it_is() -> None:
    book = parse_faulty(MonthFault.GAUGE_TWICE)
    assert {reject.reason for reject in book.rejects} == {"duplicate_station_id"}
    assert "gage 1200: stands in 2 columns, on pages 1, 1" in book.rejects[0].detail
    assert [record.station_id for record in book.records] == ["59700", "60000", "60300"]
    assert {claim.station_id for claim in book.claims} == {"59700", "60000", "60300"}


def test_a_page_that_is_there_twice_is_believed_in_neither_place() -> None:
    book = parse_pages(WET, a_page(ids=("60000",)), WET)
    assert [record.station_id for record in book.records] == ["60000"]
    assert len(book.rejects) == 6


def test_a_total_is_claimed_as_it_stands() -> None:
    book = parse_faulty(MonthFault.WRONG_TOTAL)
    assert {claim.station_id: claim.total_inches for claim in book.claims}["1000"] == 1.0
    without = parse_faulty(MonthFault.NO_TOTALS)
    assert {claim.station_id for claim in without.claims} == {"60000", "60300"}
    assert without.warnings == ("pcp1119.pdf, page 1: has no TOTALS, so it may have been cut off",)
    assert len(without.records) == 5


def test_a_footnote_of_an_unknown_gauge_is_kept_as_text() -> None:
    book = parse_faulty(MonthFault.UNKNOWN_GAUGE_NOTE)
    (footnote,) = book.footnotes
    assert (footnote.place, footnote.station_id) == ("page 1, note 1", "99900")
    assert not footnote.understood
    assert any("page 1, note 1: speaks of gauge 99900" in warning for warning in book.warnings)
    assert all(record.gaps == () for record in book.records)


def with_date(text: str) -> MonthPage:
    rows = list(WET.rows)
    rows[FAULT_ROW] = type(rows[0])(date=text, cells=rows[FAULT_ROW].cells)
    return MonthPage(station_ids=WET.station_ids, rows=tuple(rows), totals=WET.totals)

"""The agency's PDF of November 2019: every page, against what was counted in it by other means."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import GapCause, Quality
from gaugehouse.sources.mcfcd.monthly_pdf import parse_monthly_pdf
from tests.real_files import MCFCD, requires_real_files
from tests.unit.sources.pdfs import day, record_of

pytestmark = requires_real_files
NOVEMBER = date(2019, 11, 1)


@pytest.fixture(scope="module")
def content() -> bytes:
    return (MCFCD / "pcp1119.pdf").read_bytes()


@pytest.fixture(scope="module")
def book(content: bytes) -> RainBook:
    return parse_monthly_pdf(content, month=date(2019, 11, 17), file_name="pcp1119.pdf")


@pytest.fixture(scope="module")
def texts(content: bytes) -> list[str]:
    """Every page as pdfium itself makes text of it, line by line, without a thought of positions."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_the_counts_and_sums_are_those_of_the_document(book: RainBook) -> None:
    days = [day for record in book.records for day in record.days]
    missing = [day for record in book.records for day in record.missing]
    assert (book.data_source, book.document_date) == ("pdf_1119", date(2019, 11, 30))
    assert len(book.records) == 356
    assert [record.station_id for record in book.records] == sorted({r.station_id for r in book.records})
    assert len(days) + len(missing) == 10_672
    assert sum(day.rainfall_inches > 0 for day in days) == 1_731
    assert round(math.fsum(day.rainfall_inches for day in days), 2) == 978.86
    assert len(missing) == 69
    assert max((day.rainfall_inches, day.reading_date) for day in days) == (4.37, date(2019, 11, 20))
    assert (record_of(book, "63000").days[19].rainfall_inches, book.rejects) == (4.37, ())
    assert all(day.quality is not Quality.SUSPECT for day in days)


def test_every_cell_is_what_plain_text_has_in_the_same_place_of_its_line(
    book: RainBook, texts: list[str]
) -> None:
    expected = dict(cells_of_plain_text(texts))
    read: dict[tuple[str, date], float | None] = {}
    for record in book.records:
        read |= {(record.station_id, day.reading_date): day.rainfall_inches for day in record.days}
        read |= {(record.station_id, day): None for day in record.missing}
    assert len(expected) == 10_672
    assert read == expected


def test_no_number_of_a_page_is_lost_or_made_up(book: RainBook, texts: list[str]) -> None:
    totals = {claim.station_id: (claim.place, claim.total_inches) for claim in book.claims}
    for number, text in enumerate(texts, 1):
        place = f"page {number} TOTALS"
        here = [record for record in book.records if totals[record.station_id][0] == place]
        values = [day.rainfall_inches for record in here for day in record.days]
        values += [total for there, total in totals.values() if there == place and total is not None]
        printed = Counter(float(found) for found in re.findall(r"(?<![\d.])\d+\.\d\d(?!\d)", text))
        assert Counter(values) == printed, place


def test_the_days_of_each_gauge_add_up_to_its_total(book: RainBook) -> None:
    assert len(book.claims) == 356
    for claim in book.claims:
        assert (claim.month, claim.tolerance_inches) == (NOVEMBER, 0.02)
        total = math.fsum(day.rainfall_inches for day in record_of(book, claim.station_id).days)
        assert abs(total - (claim.total_inches or 0.0)) <= 0.02 + 1e-9, claim
    assert [claim.station_id for claim in book.claims if claim.total_inches is None] == ["32500"]


def test_aztec_park(book: RainBook) -> None:
    record = record_of(book, "59700")
    wet = {day.reading_date.day: day.rainfall_inches for day in record.days if day.rainfall_inches}
    assert {number: wet[number] for number in (29, 21, 20, 19)} == {29: 0.83, 21: 0.31, 20: 1.06, 19: 0.16}
    (claim,) = (claim for claim in book.claims if claim.station_id == "59700")
    assert (claim.total_inches, claim.place, len(record.days)) == (2.36, "page 31 TOTALS", 30)


def test_page_40_says_nothing_of_the_third(book: RainBook) -> None:
    silent = {
        record.station_id
        for record in book.records
        if day(3) not in {*(row.reading_date for row in record.days), *record.missing}
    }
    assert silent == {"76300", "76500", "76700", "76900", "77000", "77100", "77300", "77500"}
    assert "pcp1119.pdf, page 40: has no usable row for 11/03 (1 days)" in book.warnings
    gaps = record_of(book, "77500").gaps
    third = datetime(2019, 11, 3, 19, tzinfo=UTC)
    assert not any(gap.gap_start <= third < (gap.gap_end or third) for gap in gaps)


def test_every_footnote_is_understood(book: RainBook) -> None:
    assert len(book.footnotes) == 17
    assert [footnote for footnote in book.footnotes if not footnote.understood] == []
    wrapped = next(footnote for footnote in book.footnotes if footnote.place == "page 5, note 1")
    assert wrapped.text == (
        "(1) Gage 9300 down from 11/27 12:00 (5) through 11/29 12:00 (?) due to plugged funnel; events "
        "missed, no estimate made, monthly & annual totals inaccurate."
    )


def test_the_mark_tells_whose_footnote_it_is_where_that_names_an_unknown_station(book: RainBook) -> None:
    (gap,) = record_of(book, "36500").gaps
    assert (gap.cause, gap.missing_days) == (GapCause.BEFORE_RECORD, 4)
    assert any("names 50365" in warning and "36500" in warning for warning in book.warnings)


MARKED = [("9300", 29, 0.0), ("42000", 19, 0.55), ("45700", 28, 0.31), ("81300", 19, 0.39)]
MARKED += [("83800", 29, 0.87), ("87000", 19, 0.12)]


@pytest.mark.parametrize(("station_id", "number", "inches"), MARKED)
def test_a_marked_number_has_the_quality_that_its_footnote_tells(
    book: RainBook, station_id: str, number: int, inches: float
) -> None:
    marked = next(row for row in record_of(book, station_id).days if row.reading_date == day(number))
    expected = Quality.INCOMPLETE if station_id == "9300" else Quality.ESTIMATED
    assert (marked.rainfall_inches, marked.quality) == (inches, expected)
    assert marked.note is not None and f"Gage {station_id} down from" in marked.note


@pytest.mark.parametrize(
    ("station_id", "numbers", "cause", "code"),
    [
        ("1300", (14, 15), "site construction", 1),
        ("16700", (19, 20), "tipping bucket failure", 2),
        ("77100", (7, 8, 9, 10, 11), "radio path problem", 1),
        ("77500", (2, 4), "unknown reason", 1),
    ],
)
def test_missing_days_are_gaps_with_the_cause_that_their_footnote_tells(
    book: RainBook, station_id: str, numbers: tuple[int, ...], cause: str, code: int
) -> None:
    record = record_of(book, station_id)
    assert record.missing == tuple(day(number) for number in numbers)
    assert {(gap.cause, gap.quality_code) for gap in record.gaps} == {(cause, code)}
    assert sum(gap.missing_days for gap in record.gaps) == len(numbers)


def cells_of_plain_text(texts: list[str]) -> Iterator[tuple[tuple[str, date], float | None]]:
    for text in texts:
        ids: list[str] = []
        for line in text.splitlines():
            first, *words = line.split() or [""]
            if first == "Gage":
                ids = words[1:]
            elif re.fullmatch(r"11/\d\d/19", first):
                values = [re.sub(r"\(\d+\)", "", word) for word in words]
                for station_id, value in zip(ids, values, strict=True):
                    inches = None if set(value) == {"_"} else float(value)
                    yield (station_id, day(int(first[3:5]))), inches

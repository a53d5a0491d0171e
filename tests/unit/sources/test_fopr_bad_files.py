"""Downloads that are no workbook, or a dangerous one: each ends in an error that says what to do."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.domain.rainfall import DailyRainfall
from gaugehouse.sources.mcfcd.fopr.record import EXTENT
from gaugehouse.sources.mcfcd.workbook import package
from tests.real_files import PROJECT_ROOT
from tests.unit.sources.workbooks import parse, saved, with_part, workbook, year_rows

SMALL = workbook(years={"2023": [(date(2022, 10, 1), 0.5), (date(2022, 10, 2), 0.0)]})
SHEET = "xl/worksheets/sheet4.xml"  # the year's


def edited(old: bytes, new: bytes, part: str = SHEET) -> bytes:
    """Return SMALL with one text in one part replaced."""

    def edit(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return with_part(SMALL, part, edit)


def member(name: str, content: bytes) -> bytes:
    """Return SMALL with one more zip member."""
    stream = io.BytesIO(SMALL)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"<!DOCTYPE html><html><title>Sorry</title>", "is a web page instead of data.*Sorry"),
        (b"\xef\xbb\xbf\n <html>", "is a web page instead of data"),
        (SMALL[: len(SMALL) // 2], "was cut off"),
        (SMALL[:-30], "was cut off"),
    ],
)
def test_what_may_be_better_next_time_is_retryable(content: bytes, message: str) -> None:
    with pytest.raises(SourceUnavailable, match=f"59700_FOPR.xlsx {message}") as raised:
        parse(content)
    assert raised.value.retryable


def zip_of(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_lying_size() -> bytes:
    """Return a workbook whose sheet expands to 100 MB, and says that it has 1,000 bytes."""
    bomb = edited(b"<sheetData>", b"<sheetData>" + b" " * 100_000_000)
    size = (zipfile.ZipFile(io.BytesIO(bomb)).getinfo(SHEET).file_size).to_bytes(4, "little")
    assert bomb.count(size) == 2, "in the local and in the central record"
    return bomb.replace(size, (1000).to_bytes(4, "little"))


def with_flipped_byte() -> bytes:
    info = zipfile.ZipFile(io.BytesIO(SMALL)).getinfo(SHEET)
    content = bytearray(SMALL)
    content[info.header_offset + 30 + len(SHEET) + info.compress_size // 2] ^= 0xFF
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(SMALL)
    at = content.index(b"PK\x01\x02")
    while at != -1:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    return bytes(content)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return member("xl/workbook.xml", b"<workbook/>")


def in_lzma() -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SMALL)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda: b"%PDF-1.5 " * 50, "is not a workbook", id="not a zip"),
        pytest.param(lambda: b"x" * (package.MAX_PACKAGE_BYTES + 1), "more than 20000000", id="too large"),
        pytest.param(lambda: zip_of(readme=b"hello"), "no xl/workbook.xml", id="another zip"),
        pytest.param(
            lambda: edited(b"<sheetData>", b"<sheetData>" + b" " * 100_000_000),
            "expands to more than 64000000",
            id="zip bomb",
        ),
        pytest.param(with_lying_size, "damaged|expands", id="zip bomb that lies about its size"),
        pytest.param(with_flipped_byte, "damaged", id="damaged member"),
        pytest.param(encrypted, "is encrypted", id="encrypted"),
        pytest.param(twice, "holds xl/workbook.xml twice", id="member twice"),
        pytest.param(in_lzma, "compressed in a way", id="other compression"),
        pytest.param(
            lambda: zip_of(**{f"m{number}": b"" for number in range(package.MAX_MEMBERS + 1)}),
            "more than 2000 zip members",
            id="too many members",
        ),
        pytest.param(
            lambda: workbook(years={str(year): [] for year in range(1850, 2051)}),
            "has 204 sheets, more than 200",
            id="too many sheets",
        ),
        pytest.param(lambda: with_part(SMALL, SHEET, lambda part: part[:-40]), "sheet 2023", id="broken XML"),
        pytest.param(lambda: edited(b"<sheetData>", b"\0<sheetData>"), "no UTF-8", id="other encoding"),
        pytest.param(lambda: workbook(without=["Meta_Stats"]), "has no sheet Meta_Stats", id="no Meta_Stats"),
        pytest.param(
            lambda: edited(b"Records Good", b"x" * 40_000, "xl/worksheets/sheet1.xml"),
            "sheet Meta_Stats, cell B18: holds 40000 characters",
            id="too long a cell",
        ),
        pytest.param(
            lambda: workbook(years={"2023": [(date(2022, 10, 1), *[0.0] * 51)] * 4_000}),
            "sheet 2023: spans 4000 rows and 52 columns",
            id="too many cells",
        ),
    ],
)
def test_what_stays_wrong_is_permanent(make: Callable[[], bytes], message: str) -> None:
    with pytest.raises(DocumentInvalid, match=f"(?s)^59700_FOPR.xlsx.*({message})") as raised:
        parse(make())
    assert not raised.value.retryable


# Each of these ends the process with an allocation failure, or nearly, if the reader gets to see it.
KILLERS = {
    "last row": (b'r="A2"', b'r="A1048576"', SHEET),
    "last column": (b'r="B2"', b'r="XFD2"', SHEET),
    "absurd column": (b'r="B2"', b'r="ZZZZZZ2"', SHEET),
    "absurd row": (b'r="B2"', b'r="B99999999999"', SHEET),
    "other quotes": (b'r="B2"', b"r='XFD2'", SHEET),
    "inside another attribute": (b'r="B2"', b"""x=' r="B2"' r="XFD2\"""", SHEET),
    "without a place": (b' r="B2"', b"", SHEET),
    "place twice": (b' r="B2"', b' r="B2" r="XFD1048576"', SHEET),
    "prefixed": (b"</sheetData>", b'<x:c r="XFD9"><v>1</v></x:c></sheetData>', SHEET),
    "claims a trillion styles": (b'<cellXfs count="', b'<cellXfs count="999999999', "xl/styles.xml"),
}


@pytest.mark.parametrize("name", [*KILLERS, "claims a trillion strings"])
def test_a_workbook_that_would_kill_the_reader_is_refused(name: str) -> None:
    strings = b'<sst count="1" uniqueCount="999999999999"><si><t>x</t></si></sst>'
    content = edited(*KILLERS[name]) if name in KILLERS else member("xl/sharedStrings.xml", strings)
    # In a process of its own: a failure here would take the test run with it.
    code = "import sys; from tests.unit.sources.workbooks import parse; parse(sys.stdin.buffer.read())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=content,
        capture_output=True,
        timeout=60,
        cwd=PROJECT_ROOT,
        check=False,
    )
    assert b"gaugehouse.domain.errors.DocumentInvalid: 59700_FOPR.xlsx" in run.stderr
    assert run.returncode == 1


def test_empty_cells_far_out_are_passed_over() -> None:
    content = edited(b'<c r="B2"', b'<c r="XFD2" s="1"/><c r="B1048576"/><c r="B2"')
    # In a sheet of its own order, as Excel writes formats of whole rows and columns.
    assert [day.rainfall_inches for day in parse(content).record.days] == [0.5, 0.0]


def test_cells_with_other_attributes_first_are_read() -> None:
    content = edited(b'<c r="B2"', b'<c x:y="1" r="B2"')
    assert len(parse(content).record.days) == 2


def test_images_and_other_members_are_never_expanded() -> None:
    assert len(parse(member("xl/media/image1.png", b"\0" * 200_000_000)).record.days) == 2


def test_the_reader_sees_the_same_cells_as_in_the_original() -> None:
    content = workbook(
        years={"2023": year_rows(2023, {date(2023, 7, 4): 1.33858, date(2023, 7, 5): "_____"})}
    )
    again = package.checked_package(content, "59700_FOPR.xlsx", EXTENT)
    first, second = (load_workbook(io.BytesIO(book), data_only=True) for book in (content, again))
    assert first.sheetnames == second.sheetnames
    for name in first.sheetnames:
        assert list(first[name].values) == list(second[name].values)


def test_cached_values_of_formulas_are_read() -> None:
    content = edited(b"<v>0.5</v>", b"<f>0.25+0.25</f><v>0.5</v>")
    assert parse(content).record.days[0] == DailyRainfall(date(2022, 10, 1), 0.5)


def test_a_formula_that_was_never_calculated_is_blank() -> None:
    record = parse(edited(b"<v>0.5</v>", b"<f>0.25+0.25</f><v></v>")).record
    assert record.missing == (date(2022, 10, 1),)


def test_a_chart_sheet_in_the_place_of_a_year_is_named() -> None:
    book = load_workbook(io.BytesIO(SMALL))
    book.remove(book["2023"])
    book.create_chartsheet("2023")
    with pytest.raises(DocumentInvalid, match="sheet 2023"):
        parse(saved(book))


def test_a_workbook_of_something_else() -> None:
    book = Workbook()
    with pytest.raises(GaugehouseError, match=re.escape("has no sheet Meta_Stats, only: Sheet")):
        parse(saved(book))

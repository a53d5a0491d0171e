"""Whatever happens to a workbook's bytes, parsing raises an error of ours or nothing."""

# ruff: noqa: DTZ001 - a workbook's times are naive: Arizona's, by the agency's word
import io
import json
import re
import zipfile
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.sources.mcfcd.fopr.downtime import read_downtime
from gaugehouse.sources.mcfcd.fopr.frequency import read_frequency
from gaugehouse.sources.mcfcd.fopr.meta_stats import read_meta_stats
from gaugehouse.sources.mcfcd.fopr.year_sheets import read_year_sheet
from gaugehouse.sources.mcfcd.workbook.cells import Cell
from tests.unit.sources.workbooks import MISSING, outage, parse, with_part, workbook

SMALL = workbook(
    years={
        "2023": [
            (date(2022, 10, 1), 0.5),
            (date(2022, 10, 2), MISSING),
            (date(2022, 10, 3), 0.0),
            ("", 0.5, 0),
        ]
    },
    downtime=[
        outage(datetime(2022, 10, 1, 12), datetime(2022, 10, 3, 12), "Battery", "Estimated 5mm for 10/1")
    ],
    frequency=[(2023, 0.28, date(2023, 8, 15), 0.35, "8/516")],
)
PARTS = sorted(
    name for name in zipfile.ZipFile(io.BytesIO(SMALL)).namelist() if re.match(r"xl/w.*\.xml|xl/st", name)
)
FLIPS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 255)), min_size=1, max_size=12)


def survives(content: bytes) -> None:
    try:
        full = parse(content)
    except GaugehouseError as error:
        message = str(error)
    else:
        message = "59700_FOPR.xlsx was read"
        check(full)
    assert "59700_FOPR.xlsx" in message


def check(full: FullRecord) -> None:
    """Assert what every record keeps to, however odd its document."""
    record = full.record
    dates = [day.reading_date for day in record.days]
    assert dates == sorted(set(dates)) and list(record.missing) == sorted(set(record.missing))
    assert not set(dates) & set(record.missing)
    assert all(0 <= day.rainfall_inches < 1000 for day in record.days)
    starts = [gap.gap_start for gap in record.gaps]
    assert starts == sorted(set(starts)) and all(start.tzinfo for start in starts)
    assert all(gap.gap_end is None or gap.gap_end > gap.gap_start for gap in record.gaps)
    text = json.dumps(full.metadata.details, allow_nan=False)
    assert "\\u0000" not in text
    assert all(
        len(reject.raw) <= reject.MAX_RAW_LENGTH and "\x00" not in reject.raw for reject in full.rejects
    )


@settings(deadline=None)
@given(flips=FLIPS)
def test_flipped_bytes_of_the_file(flips: list[tuple[int, int]]) -> None:
    content = bytearray(SMALL)
    for place, byte in flips:
        content[place % len(content)] = byte
    survives(bytes(content))


@settings(deadline=None)
@given(length=st.integers(0, len(SMALL)))
def test_truncations(length: int) -> None:
    survives(SMALL[:length])


@settings(deadline=None)
@given(part=st.sampled_from(PARTS), flips=FLIPS)
def test_flipped_bytes_inside_its_parts(part: str, flips: list[tuple[int, int]]) -> None:
    def flip(content: bytes) -> bytes:
        flipped = bytearray(content)
        for place, byte in flips:
            flipped[place % len(flipped)] = byte
        return bytes(flipped)

    survives(with_part(SMALL, part, flip))


@settings(deadline=None)
@given(part=st.sampled_from(PARTS), number=st.integers(0, 10**6), digits=st.integers(0, 10**20))
def test_changed_numbers_inside_its_parts(part: str, number: int, digits: int) -> None:
    def change(content: bytes) -> bytes:
        places = list(re.finditer(rb"\d+", content))
        place = places[number % len(places)]
        return content[: place.start()] + str(digits).encode() + content[place.end() :]

    survives(with_part(SMALL, part, change))


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.just(""),
    st.just(MISSING),
    st.floats(),
    st.integers(-(10**6), 10**6).map(float),
    st.text(max_size=30),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"\d{1,2}/\d{1,2}/\d{2,4}( \d{1,2}:?\d{2})?", fullmatch=True),
    st.sampled_from(
        ["Updated:", "Water Year", "Latitude:", "YEAR", "15 MIN", "Start Date", "End Date", "MAX"]
    ),
)


@settings(deadline=None)
@given(
    rows=st.integers(1, 12).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width)))
)
def test_sheets_of_any_cells(rows: list[list[Cell]]) -> None:
    year = read_year_sheet(rows, "2023", "x.xlsx")
    assert len(year.dates()) == len(set(year.dates()))
    json.dumps(read_downtime(rows, "x.xlsx").details, allow_nan=False)
    json.dumps(read_frequency(rows, "x.xlsx")[0], allow_nan=False)
    try:
        json.dumps(read_meta_stats(rows, "x.xlsx").details, allow_nan=False)
    except GaugehouseError:
        return

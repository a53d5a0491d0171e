"""The parsers that are fuzzed: their documents, and what of their results must be in the documents' cells."""

import html
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pypdfium2

from gaugehouse.domain.documents import FullRecord, GaugeList
from gaugehouse.domain.live_rain import IntervalReport, TipRecord
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse.sources.mcfcd.gauge_list import parse_gauge_list
from gaugehouse.sources.mcfcd.interval_report import parse_interval_report
from gaugehouse.sources.mcfcd.monthly_pdf import parse_monthly_pdf
from gaugehouse.sources.mcfcd.tips import parse_tips
from gaugehouse.sources.mcfcd.water_year import parse_water_year_workbook
from gaugehouse_local.simulator import (
    GAUGE_LIST,
    Climate,
    ClimateAgency,
    create_climate,
    fopr_path,
    monthly_pdf_path,
    water_year_path,
)
from gaugehouse_local.simulator.mcfcd.live_documents import write_interval_report, write_tips
from tests.real_files import MCFCD

_CELL_VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_TWO_DECIMALS = re.compile(r"\d*\.\d\d")
_TEXT_NUMBER = re.compile(r"-?\d*\.?\d+")


_MONTH = date(2019, 11, 1)
_STATION = "59700"  # which every climate has, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One parser. Everything in it is a function of a module, because a process of its own runs it.

    `readings` are the values that the product would store; `cells` are the numbers that a document holds,
    found in another way than the parser's.
    """

    name: str
    documents: Callable[[], list[bytes]]
    parse: Callable[[bytes], object]
    readings: Callable[[object], Iterable[float]]
    cells: Callable[[bytes], Iterable[float]]


def invented(target: Target, content: bytes, result: object) -> list[float]:
    """Return the readings of which the document does not hold as many."""
    return sorted((Counter(target.readings(result)) - Counter(target.cells(content))).elements())


@cache
def _climate(seed: int, first_water_year: int) -> Climate:
    return create_climate(seed=seed, gauges=4, first_water_year=first_water_year)


def _simulated(path: str, seed: int = 5, first_water_year: int = 2022) -> bytes:
    document = ClimateAgency(_climate(seed, first_water_year)).document(path)
    assert document
    return document.content


def _real(name: str) -> list[bytes]:
    file: Path = MCFCD / name
    return [file.read_bytes()] if file.is_file() else []


def _fopr_documents() -> list[bytes]:
    return [_simulated(fopr_path(_STATION)), *_real(f"{_STATION}_FOPR.xlsx")]


def _parse_fopr(content: bytes) -> FullRecord:
    return parse_fopr_workbook(content, station_id=_STATION, file_name="fuzzed_FOPR.xlsx")


def _record_readings(result: object) -> list[float]:
    assert isinstance(result, FullRecord)
    return [day.rainfall_inches for day in result.record.days]


def _list_documents() -> list[bytes]:
    return [_simulated(GAUGE_LIST), *_real("ev_rain.txt")]


def _list_readings(result: object) -> list[float]:
    assert isinstance(result, GaugeList)
    values = (
        value
        for row in result.entries
        for value in (row.rainfall_past_6h_inches, row.rainfall_past_24h_inches)
    )
    return [value for value in values if value is not None]


def _book_documents() -> list[bytes]:
    # The real one takes as long as twenty of the others, so it comes up less often.
    simulated = [_simulated(water_year_path(2023), seed) for seed in range(8)]
    return [*simulated, *_real("pcp_WY_2023.xlsx")]


def _parse_book(content: bytes) -> RainBook:
    return parse_water_year_workbook(
        content, water_year=2023, file_name="fuzzed_WY.xlsx", document_date=date(2023, 10, 12)
    )


def _book_readings(result: object) -> list[float]:
    assert isinstance(result, RainBook)
    return [day.rainfall_inches for record in result.records for day in record.days]


def _month_documents() -> list[bytes]:
    simulated = [_simulated(monthly_pdf_path(_MONTH), seed, 2019) for seed in (5, 6, 7)]
    return [*simulated, *_real("pcp1119.pdf")]


def _parse_month(content: bytes) -> RainBook:
    return parse_monthly_pdf(content, month=_MONTH, file_name="fuzzed.pdf")


def _report_documents() -> list[bytes]:
    climates = [_climate(seed, 2022) for seed in (5, 6)]
    return [write_interval_report(climate, climate.observed_at) for climate in climates]


def _report_readings(result: object) -> list[float]:
    assert isinstance(result, IntervalReport)
    return [total for entry in result.entries for total in entry.totals_inches if total is not None]


def _tips_documents() -> list[bytes]:
    climate = _climate(5, 2022)
    page = write_tips(climate.gauges[0], climate.record(_STATION), climate.observed_at, 200)
    return [page, *_real(f"showdata4_{_STATION}.html")]


def _parse_tips(content: bytes) -> TipRecord:
    return parse_tips(content, station_id=_STATION, not_after=datetime(2100, 1, 1, tzinfo=UTC))


def _tips_readings(result: object) -> list[float]:
    assert isinstance(result, TipRecord)
    return [tip.counter_inches for tip in result.tips]


def _pdf_cells(content: bytes) -> list[float]:
    document = pypdfium2.PdfDocument(content)
    found: list[float] = []
    try:
        for index in range(len(document)):
            with suppress(pypdfium2.PdfiumError):  # a page that cannot be loaded has none
                text = document[index].get_textpage().get_text_range()
                found += map(float, _TWO_DECIMALS.findall(text))
    finally:
        document.close()
    return found


def _workbook_cells(content: bytes) -> list[float]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/")]
    texts = (
        html.unescape(text)
        for sheet in sheets
        for text in _CELL_VALUE.findall(sheet.decode("utf-8", "replace"))
    )
    return [number for text in texts if (number := _number(text)) is not None]


def _text_cells(content: bytes) -> list[float]:
    return [float(text) for text in _TEXT_NUMBER.findall(content.decode("latin-1"))]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


TARGETS = (
    Target(
        name="fopr",
        documents=_fopr_documents,
        parse=_parse_fopr,
        readings=_record_readings,
        cells=_workbook_cells,
    ),
    Target(
        name="gauge_list",
        documents=_list_documents,
        parse=parse_gauge_list,
        readings=_list_readings,
        cells=_text_cells,
    ),
    Target(
        name="interval_report",
        documents=_report_documents,
        parse=parse_interval_report,
        readings=_report_readings,
        cells=_text_cells,
    ),
    Target(
        name="tips",
        documents=_tips_documents,
        parse=_parse_tips,
        readings=_tips_readings,
        cells=_text_cells,
    ),
    Target(
        name="water_year",
        documents=_book_documents,
        parse=_parse_book,
        readings=_book_readings,
        cells=_workbook_cells,
    ),
    Target(
        name="monthly_pdf",
        documents=_month_documents,
        parse=_parse_month,
        readings=_book_readings,
        cells=_pdf_cells,
    ),
)

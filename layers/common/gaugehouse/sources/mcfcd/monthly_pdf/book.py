"""A whole monthly PDF, from its bytes to the records of its gauges."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.sources.mcfcd.arizona_time import read_day
from gaugehouse.sources.mcfcd.footnotes import FootnoteReading, reported_footnotes
from gaugehouse.sources.mcfcd.monthly_pdf.gauge_months import GaugeMonth, read_gauges
from gaugehouse.sources.mcfcd.monthly_pdf.integrity import require_whole
from gaugehouse.sources.mcfcd.monthly_pdf.notes import read_notes, record_of
from gaugehouse.sources.mcfcd.monthly_pdf.page_table import PageTable, Trouble, read_page
from gaugehouse.sources.mcfcd.monthly_pdf.reading import read_pages

# Raise it with every change that reads something else out of the same bytes.
PARSER_VERSION = 1
SOURCE = "monthly_pdf"


def parse_monthly_pdf(content: bytes, *, month: date, file_name: str) -> RainBook:
    """Read everything that the PDF of a month says; `month` is any day of it, `file_name` for the messages.

    Values are inches of two decimals. A day of which a page has no row is in no list: the document says
    nothing of it. What cannot be used becomes a reject, and its day a gap. A row of which a value stands
    under no gauge, or a place is blank, is refused as a whole: its values may be another gauge's.
    Raises: SourceUnavailable (empty, a web page, cut off), DocumentInvalid (no PDF, encrypted, damaged, out
    of bounds, of another month, or without a page that can be understood).
    """
    month = month.replace(day=1)
    require_whole(content, file_name)
    tables = _join_continued_footnotes(read_page(page) for page in read_pages(content, file_name))
    _require_month(tables, month, file_name)
    pages = list(_each_gauge_once([_Sheet(table, read_gauges(table, month)) for table in tables]))
    _require_gauges(pages, file_name)
    known = {gauge.station_id for page in pages for gauge in page.gauges}
    notes = [read_notes(page.table, page.gauges, known, month) for page in pages]
    records = _records(pages, notes, month)
    footnotes, strangers = reported_footnotes(list(chain.from_iterable(notes)), known, file_name)
    return RainBook(
        data_source=f"pdf_{month:%m%y}",
        document_date=_last_day(month),
        records=tuple(sorted(records, key=lambda record: record.station_id)),
        claims=tuple(gauge.claim for page in pages for gauge in page.gauges if gauge.claim is not None),
        footnotes=footnotes,
        rejects=tuple(_reject(table, trouble, file_name) for table, _ in pages for trouble in table.troubles),
        warnings=(
            *(f"{file_name}, page {table.number}: {text}" for table, _ in pages for text in table.warnings),
            *strangers,
        ),
    )


class _Sheet(NamedTuple):
    """A page's table and the gauges that are read from it."""

    table: PageTable
    gauges: list[GaugeMonth]


def _join_continued_footnotes(tables: Iterator[PageTable]) -> list[PageTable]:
    """Add footnotes on a page of their own to the page before; any other page without gauges is trouble."""
    joined: list[PageTable] = []
    for table in tables:
        if table.station_ids or table.troubles:
            joined.append(table)
        elif joined and joined[-1].footnotes and table.footnotes:
            joined[-1].go_on_with(table.footnotes)
        else:
            said = " / ".join(note.text for note in table.footnotes)[:200]
            table.troubles.append(Trouble("page_not_understood", "", "has no 'Gage ID' line", said))
            joined.append(table)
    return joined


def _require_month(tables: Sequence[PageTable], month: date, file_name: str) -> None:
    days = (read_day(*row.date.split("/")) for table in tables for row in (*table.rows, *table.misplaced))
    months = Counter(day.replace(day=1) for day in days if day is not None)
    if months and month not in months:
        found, _ = months.most_common(1)[0]
        raise DocumentInvalid(f"{file_name} is the record of {found:%Y-%m}, but {month:%Y-%m} was asked for")


def _each_gauge_once(pages: Sequence[_Sheet]) -> Iterator[_Sheet]:
    """Keep each gauge of which a page says something. Of one that is there twice nobody knows which it is."""
    standing: dict[str, list[GaugeMonth]] = {}
    for page in pages:
        for gauge in page.gauges:
            standing.setdefault(gauge.station_id, []).append(gauge)
    for table, gauges in pages:
        kept = []
        for gauge in gauges:
            same = standing[gauge.station_id]
            if len(same) > 1:
                numbers = ", ".join(str(other.page) for other in same[:10])
                problem = f"stands in {len(same)} columns, on pages {numbers}; none of them is believed"
                where = f"gage {gauge.station_id}"
                table.troubles.append(Trouble("duplicate_station_id", where, problem, gauge.station_id))
            elif gauge.says_something:
                kept.append(gauge)
            else:
                table.warnings.append(f"says nothing of gage {gauge.station_id}")
        yield _Sheet(table, kept)


def _require_gauges(pages: Sequence[_Sheet], file_name: str) -> None:
    if any(page.gauges for page in pages):
        return
    first = next((_place(p.table, t) + t.problem for p in pages for t in p.table.troubles), "it has no row")
    raise DocumentInvalid(f"{file_name}: none of its {len(pages)} pages was understood; {first[:400]}")


def _records(
    pages: Sequence[_Sheet], notes: Sequence[Sequence[FootnoteReading]], month: date
) -> Iterator[RainRecord]:
    told: dict[str, list[FootnoteReading]] = {}
    for reading in chain.from_iterable(notes):
        for station_id in reading.station_ids:
            told.setdefault(station_id, []).append(reading)
    for page, readings in zip(pages, notes, strict=True):
        numbered = {
            note.number: reading
            for note, reading in zip(page.table.footnotes, readings, strict=True)
            if note.number is not None
        }
        for gauge in page.gauges:
            yield record_of(
                gauge,
                data_source=f"pdf_{month:%m%y}",
                document_date=_last_day(month),
                told=told.get(gauge.station_id, ()),
                notes_of_page=numbered,
            )


def _last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _reject(table: PageTable, trouble: Trouble, file_name: str) -> RejectedRecord:
    return RejectedRecord(
        source=SOURCE,
        reason=trouble.reason,
        raw=trouble.raw[: RejectedRecord.MAX_RAW_LENGTH],
        detail=f"{file_name}, {_place(table, trouble)}{trouble.problem}",
    )


def _place(table: PageTable, trouble: Trouble) -> str:
    """Return `page 40, row 11/04/19: ` or, of a whole page, `page 40 `."""
    return f"page {table.number}, {trouble.where}: " if trouble.where else f"page {table.number} "

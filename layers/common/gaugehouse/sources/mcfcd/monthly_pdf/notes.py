"""The footnotes of the pages, and what their marks say: of which gauge, and of which of its days."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from gaugehouse.domain.rainfall import DailyRainfall, Quality, RainRecord
from gaugehouse.sources.mcfcd.footnotes import FootnoteReading, read_footnote, with_footnotes
from gaugehouse.sources.mcfcd.monthly_pdf.gauge_months import GaugeMonth
from gaugehouse.sources.mcfcd.monthly_pdf.page_table import PageTable

_QUALITY_OF_CODE = {2: Quality.INCOMPLETE, 3: Quality.ESTIMATED}


def read_notes(
    table: PageTable, gauges: Sequence[GaugeMonth], known: AbstractSet[str], month: date
) -> list[FootnoteReading]:
    """Read a page's footnotes. `known` are the gauges of the whole document.

    A footnote that names none of them is about the gauges that bear its mark: the agency moved gauge 36500
    and called it `Station 50365` in its footnote.
    """
    readings = []
    for note in table.footnotes:
        place = f"page {table.number}, note {note.number or '?'}"
        marked = tuple(
            dict.fromkeys(g.station_id for g in gauges if any(mark == note.number for mark, _ in g.marks))
        )
        reading = read_footnote(note.text, place=place, month=month, marked=next(iter(marked), None))
        if marked and known.isdisjoint(reading.station_ids):
            table.warnings.append(
                f"note {note.number} names {', '.join(reading.station_ids)}, which the document does not "
                f"have; taken for {', '.join(marked)}, where its mark stands"
            )
            reading = replace(reading, station_ids=marked)
        readings.append(reading)
    return readings


def record_of(
    gauge: GaugeMonth,
    *,
    data_source: str,
    document_date: date,
    told: Sequence[FootnoteReading],
    notes_of_page: Mapping[int, FootnoteReading],
) -> RainRecord:
    """Return a gauge's record. `told` are the footnotes about it, `notes_of_page` those of its page."""
    record = RainRecord(
        station_id=gauge.station_id,
        data_source=data_source,
        document_date=document_date,
        days=tuple(sorted(gauge.days)),
        missing=tuple(sorted(gauge.missing)),
        gaps=(),
    )
    if told or gauge.missing or gauge.refused:
        record = with_footnotes(record, sorted(gauge.refused), told)
    if not gauge.marks:
        return record
    return replace(record, days=_with_marks(record.days, gauge.marks, notes_of_page))


def _with_marks(
    days: Iterable[DailyRainfall],
    marks: Iterable[tuple[int, date | None]],
    notes: Mapping[int, FootnoteReading],
) -> tuple[DailyRainfall, ...]:
    """Give the values that bear a mark the quality that its footnote tells, unless they have one already."""
    note_of = {day: notes[number] for number, day in marks if day is not None and number in notes}
    return tuple(_marked(day, note_of.get(day.reading_date)) for day in days)


def _marked(day: DailyRainfall, note: FootnoteReading | None) -> DailyRainfall:
    if note is None or day.note is not None:
        return day
    codes = {outage.code for outage in note.outages}
    told = next((quality for code, quality in _QUALITY_OF_CODE.items() if code in codes), day.quality)
    return day._replace(quality=told if day.quality is Quality.MEASURED else day.quality, note=note.text)

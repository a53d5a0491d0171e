"""What footnotes do to a document: gaps and qualities of its gauges, and a report of them all."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from gaugehouse.domain.rain_books import Footnote
from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.sources.mcfcd.footnotes.reading import FootnoteReading
from gaugehouse.sources.mcfcd.gaps import find_gaps
from gaugehouse.sources.mcfcd.qualities import with_qualities


def with_footnotes(
    record: RainRecord, refused: Sequence[date], readings: Sequence[FootnoteReading]
) -> RainRecord:
    """Return a gauge's record with its gaps, and its days with the qualities that the footnotes give them.

    `readings` are those of this gauge, from the whole document: an outage of April can explain what is
    missing in May. `refused` are the days whose value was no rainfall; they ascend. Missing days up to the
    day on which the gauge was installed are `before_record`.
    """
    if not (readings or record.missing or refused):
        return record
    # Two months' pages may tell of one outage in the same words.
    told = {
        (outage.start, outage.end, outage.cause, outage.code): outage
        for reading in readings
        for outage in reading.outages
    }
    outages = tuple(told.values())
    installed = max((reading.begins for reading in readings if reading.begins is not None), default=None)
    record_begins = date.min if installed is None else installed + timedelta(days=1)
    return replace(
        record,
        days=with_qualities(record.days, outages),
        gaps=find_gaps(record.missing, refused, outages, record_begins),
    )


def reported_footnotes(
    readings: Sequence[FootnoteReading], known: Collection[str], file_name: str
) -> tuple[tuple[Footnote, ...], tuple[str, ...]]:
    """Return every footnote, once for each gauge that it names, and warnings of gauges not `known`.

    A footnote of a gauge that the document does not have is not understood: nothing came of it.
    """
    footnotes = []
    warnings = []
    for reading in readings:
        for station_id in reading.station_ids or (None,):
            strange = station_id is not None and station_id not in known
            if strange:
                warnings.append(
                    f"{file_name}, {reading.place}: speaks of gauge {station_id}, which the document does "
                    f"not have: {reading.text[:300]!r}"
                )
            footnotes.append(
                Footnote(
                    place=reading.place,
                    text=reading.text,
                    station_id=station_id,
                    understood=reading.understood and not strange,
                )
            )
    return tuple(footnotes), tuple(warnings)

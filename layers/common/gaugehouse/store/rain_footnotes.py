"""Footnotes of documents about many gauges, kept in the agency's own words."""

from collections.abc import Sequence

from psycopg import Connection

from gaugehouse.domain.rain_books import Footnote

DELETE_GONE = """
DELETE FROM rain_footnotes WHERE data_source = %(data_source)s AND position > %(count)s
"""
UPSERT_DIFFERING = """
INSERT INTO rain_footnotes AS known (data_source, position, place, station_id, text, understood)
SELECT %(data_source)s, told.*
FROM unnest(%(positions)s::int[], %(places)s::text[], %(stations)s::text[], %(texts)s::text[],
            %(understood)s::boolean[]) AS told
ON CONFLICT (data_source, position) DO UPDATE
    SET place = excluded.place, station_id = excluded.station_id, text = excluded.text,
        understood = excluded.understood
    WHERE (known.place, known.station_id, known.text, known.understood)
        IS DISTINCT FROM (excluded.place, excluded.station_id, excluded.text, excluded.understood)
"""


def replace(conn: Connection, data_source: str, footnotes: Sequence[Footnote]) -> int:
    """Make the footnotes of a source those of its newest document. Return how many rows were touched."""
    gone = conn.execute(DELETE_GONE, {"data_source": data_source, "count": len(footnotes)}).rowcount
    told = {
        "data_source": data_source,
        "positions": list(range(1, len(footnotes) + 1)),
        "places": [footnote.place for footnote in footnotes],
        "stations": [footnote.station_id for footnote in footnotes],
        "texts": [footnote.text for footnote in footnotes],
        "understood": [footnote.understood for footnote in footnotes],
    }
    return gone + conn.execute(UPSERT_DIFFERING, told).rowcount

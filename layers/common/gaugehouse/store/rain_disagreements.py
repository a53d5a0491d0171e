"""Where the sources of daily rainfall contradict each other: a check on both, whoever wins."""

from dataclasses import dataclass
from datetime import date

from psycopg import Connection

# Two numbers, or a number and a missing day. A PDF's number agrees with what rounds to it.
SELECT_DISAGREEMENTS = """
WITH apart AS (
    SELECT differing.station_id, differing.reading_date, differing.said, differing.stored,
           differing.stored_source AS other_source
    FROM differing_days AS differing JOIN arriving_documents AS arriving USING (document)
    WHERE arriving.standing > 0 AND differing.stored_source NOT IN (arriving.data_source, 'live_scrape')
        AND abs(differing.said - differing.stored)
            > CASE WHEN arriving.standing = 1 OR starts_with(differing.stored_source, 'pdf_') THEN 0.005
                   ELSE 0 END
    UNION ALL
    SELECT arriving.station_id, said.reading_date, said.inches, NULL, known.data_source
    FROM arriving_documents AS arriving
    JOIN gauge_documents AS known ON known.station_id = arriving.station_id
        AND known.data_source <> arriving.data_source AND known.missing && arriving.told
    JOIN said_days AS said
        ON said.document = arriving.document AND known.missing * arriving.told @> said.reading_date
    WHERE arriving.standing > 0
    UNION ALL
    SELECT arriving.station_id, day::date, NULL, reading.rainfall_inches, known.data_source
    FROM arriving_documents AS arriving
    JOIN gauge_documents AS known ON known.station_id = arriving.station_id
        AND known.data_source <> arriving.data_source AND known.told && arriving.missing
    CROSS JOIN LATERAL unnest(known.told * arriving.missing) AS span
    CROSS JOIN LATERAL generate_series(lower(span), upper(span) - 1, interval '1 day') AS day
    LEFT JOIN rain_readings AS reading
        ON reading.station_id = arriving.station_id AND reading.reading_date = day::date
    WHERE arriving.standing > 0
)
SELECT station_id, reading_date, said::float8, stored::float8, other_source, count(*) OVER ()
FROM apart
ORDER BY station_id, reading_date, other_source
LIMIT %(limit)s
"""
LISTED = 100  # each is a line that a person reads; the count says how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A day of which two sources say different things, in inches; None is missing."""

    station_id: str
    reading_date: date
    said_inches: float | None
    other_inches: float | None
    other_source: str


def find_staged(conn: Connection) -> tuple[tuple[Disagreement, ...], int]:
    """Compare the staged documents with what other official sources said of the same days.

    Return the first disagreements, by gauge and day, and how many there are. Part of a merge: it reads the
    temporary tables, before anything is written.
    """
    rows = conn.execute(SELECT_DISAGREEMENTS, {"limit": LISTED}).fetchall()
    found = tuple(
        Disagreement(
            station_id=station_id,
            reading_date=day,
            said_inches=said,
            other_inches=other,
            other_source=source,
        )
        for station_id, day, said, other, source, _ in rows
    )
    return found, rows[0][5] if rows else 0

"""Which days the documents of each gauge speak of: what decides between two that speak of the same day.

Of one source a day stands with its newest document only, so that a gauge has few rows: a full record that
speaks of everything replaces the one before.
"""

from psycopg import Connection

# The three statements read the documents that `staged_rainfall.stage` has put into the temporary table. A
# live document is not remembered: it gives way to anything official, and its own row says how old it is.
TRIM_OLDER = """
UPDATE gauge_documents AS older
SET told = older.told - (arriving.told + arriving.missing),
    missing = older.missing - (arriving.told + arriving.missing)
FROM arriving_documents AS arriving
WHERE arriving.standing > 0 AND older.station_id = arriving.station_id
    AND older.data_source = arriving.data_source AND older.document_date < arriving.document_date
    AND (older.told + older.missing) && (arriving.told + arriving.missing)
    AND NOT (older.told + older.missing) <@ (arriving.told + arriving.missing)
"""
DELETE_REPLACED = """
DELETE FROM gauge_documents AS older
USING arriving_documents AS arriving
WHERE arriving.standing > 0 AND older.station_id = arriving.station_id
    AND older.data_source = arriving.data_source AND older.document_date < arriving.document_date
    AND (older.told + older.missing) <@ (arriving.told + arriving.missing)
"""
# What would not change is not written.
REMEMBER = """
WITH speaking AS (
    SELECT arriving.*, arriving.told + arriving.missing AS spoken, coalesce(newer.spoken, '{}') AS newer
    FROM arriving_documents AS arriving
    LEFT JOIN LATERAL (
        SELECT range_agg(known.told + known.missing) AS spoken
        FROM gauge_documents AS known
        WHERE known.station_id = arriving.station_id AND known.data_source = arriving.data_source
            AND known.document_date > arriving.document_date
    ) AS newer ON true
    WHERE arriving.standing > 0
), standing AS (
    SELECT speaking.station_id, speaking.data_source, speaking.document_date, speaking.standing,
           coalesce(known.told, '{}') - speaking.spoken + (speaking.told - speaking.newer) AS told,
           coalesce(known.missing, '{}') - speaking.spoken + (speaking.missing - speaking.newer) AS missing,
           known.told AS known_told, known.missing AS known_missing
    FROM speaking LEFT JOIN gauge_documents AS known USING (station_id, data_source, document_date)
)
INSERT INTO gauge_documents (station_id, data_source, document_date, standing, told, missing)
SELECT station_id, data_source, document_date, standing, told, missing
FROM standing
WHERE (told, missing) IS DISTINCT FROM (known_told, known_missing) AND NOT isempty(told + missing)
ON CONFLICT (station_id, data_source, document_date) DO UPDATE
    SET told = excluded.told, missing = excluded.missing
"""


def remember_staged(conn: Connection) -> None:
    """Remember the days that the staged documents speak of. Call it after what they say is merged."""
    conn.execute(DELETE_REPLACED)
    conn.execute(TRIM_OLDER)
    conn.execute(REMEMBER)

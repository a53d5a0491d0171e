"""Everything there is to show of one gauge, and its daily rainfall for an export."""

from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString, NamedTuple, TypeVar

from psycopg import Connection
from psycopg.rows import BaseRowFactory, args_row, class_row, dict_row

Row = TypeVar("Row")

SELECT_GAUGE = """
SELECT gauge.station_id, gauge.network, gauge.name, gauge.previous_ids, gauge.gauge_type, gauge.latitude,
       gauge.longitude, gauge.elevation_ft, gauge.city, gauge.county, gauge.location, gauge.data_begins,
       gauge.time_zone, gauge.metadata_source, gauge.remarks, gauge.workbook_available,
       gauge.fopr_metadata -> 'frequency' AS frequency,
       (gauge.fopr_metadata ->> 'average_annual_precipitation_inches')::float8 AS average_annual_inches,
       summary.rainfall_past_6h_inches::float8 AS past_6h_inches,
       summary.rainfall_past_24h_inches::float8 AS past_24h_inches,
       summary.observed_at AS summary_observed_at, summary.is_stale AS summary_is_stale,
       extent.first_day, extent.last_day,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(lower(span), upper(span) - 1)), '[]')
            FROM unnest(extent.missing_days) AS span) AS missing_days
FROM gauges AS gauge
LEFT JOIN gauge_summaries AS summary USING (station_id)
LEFT JOIN rain_extents AS extent USING (station_id)
WHERE gauge.station_id = %(station_id)s
"""
SELECT_METADATA = """
SELECT name, network, gauge_type, previous_ids, latitude, longitude, elevation_ft, city, county, state,
       location, data_begins, time_zone, remarks, metadata_source, workbook_available,
       fopr_metadata -> 'frequency' AS frequency, fopr_metadata - 'frequency' AS details
FROM gauges
WHERE station_id = %(station_id)s
"""
SELECT_DETAILS = """
SELECT gauge.previous_ids, gauge.location, gauge.data_begins, gauge.remarks, extent.first_day,
       extent.last_day, record.days, record.missing_days, record.total_inches,
       record.incomplete_days = 0 AND record.days = extent.last_day - extent.first_day + 1 AS is_complete
FROM gauges AS gauge
LEFT JOIN rain_extents AS extent USING (station_id)
CROSS JOIN LATERAL (
    SELECT sum(days_present)::int AS days, sum(days_missing)::int AS missing_days,
           sum(days_incomplete) AS incomplete_days, sum(total_inches)::float8 AS total_inches
    FROM water_year_rainfall AS year WHERE year.station_id = gauge.station_id
) AS record
WHERE gauge.station_id = %(station_id)s
"""
SELECT_PROOF = """
SELECT status, next_retry_at, last_completed_at, error_message,
       import_stats ->> 'document_date' AS document_date, (import_stats ->> 'claims')::int AS claims,
       coalesce(import_stats -> 'mismatches', '[]') AS mismatches,
       coalesce(import_stats -> 'warnings', '[]') AS warnings
FROM import_jobs
WHERE kind = 'fopr' AND subject = %(station_id)s
"""
SELECT_WATER_YEARS = """
SELECT water_year, total_inches::float8, monsoon_inches::float8, days_present, days_missing,
       days_before_record, days_untold, days_incomplete, is_complete, monsoon_is_complete, wet_days,
       max_day_inches::float8, max_day, coalesce(sources, '{}') AS sources
FROM water_year_rainfall
WHERE station_id = %(station_id)s
ORDER BY water_year
"""
SELECT_WETTEST = """
SELECT reading_date, rainfall_inches::float8 AS rainfall_inches, quality, data_source
FROM rain_readings
WHERE station_id = %(station_id)s AND rainfall_inches > 0
ORDER BY rain_readings.rainfall_inches DESC, reading_date
LIMIT %(limit)s
"""
SELECT_DAYS = """
SELECT reading_date, rainfall_inches::float8, quality, data_source, document_date,
       import_metadata ->> 'note' AS note
FROM rain_readings
WHERE station_id = %(station_id)s AND reading_date > coalesce(%(after)s::date, '-infinity')
ORDER BY reading_date
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeDetails:
    """What is known of a gauge besides its list item; the record is of daily rainfall, None without any."""

    previous_ids: list[str]
    location: str | None
    data_begins: date | None
    remarks: str | None
    first_day: date | None
    last_day: date | None
    days: int | None
    missing_days: int | None
    total_inches: float | None
    is_complete: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RainYear:
    """One water year of one gauge, in inches: a row of the view `water_year_rainfall`."""

    water_year: int
    total_inches: float | None
    monsoon_inches: float | None
    days_present: int
    days_missing: int
    days_before_record: int
    days_untold: int
    days_incomplete: int
    is_complete: bool
    monsoon_is_complete: bool
    wet_days: int
    max_day_inches: float | None
    max_day: date | None
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WetDay:
    """One of the wettest days of a gauge."""

    reading_date: date
    rainfall_inches: float
    quality: str
    data_source: str


class ExportedDay(NamedTuple):
    """One stored day. A tuple, since an answer holds thousands of them."""

    reading_date: date
    rainfall_inches: float
    quality: str
    data_source: str
    document_date: date
    note: str | None


def described(conn: Connection, station_id: str) -> dict[str, Any]:
    """Return what is known of the gauge: its row, its newest list entry, and from when to when it has rain.

    `missing_days` are the spans, first and last day, that a document calls missing.

    Raises: LookupError when there is no such gauge.
    """
    return _row_of(conn, station_id, SELECT_GAUGE, dict_row)


def details(conn: Connection, station_id: str) -> GaugeDetails:
    """Return what the list item does not tell. Raises: LookupError when there is no such gauge."""
    return _row_of(conn, station_id, SELECT_DETAILS, class_row(GaugeDetails))


def metadata(conn: Connection, station_id: str) -> dict[str, Any]:
    """Return what documents say of a gauge; `frequency` and `details` are the full record's own.

    Raises: LookupError when there is no such gauge.
    """
    return _row_of(conn, station_id, SELECT_METADATA, dict_row)


def proof_of(conn: Connection, station_id: str) -> dict[str, Any] | None:
    """Return how the import of the gauge's full record stands and what the last one proved, or None."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(SELECT_PROOF, {"station_id": station_id}).fetchone()


def water_years(conn: Connection, station_id: str) -> list[RainYear]:
    """Return the water years of a gauge, oldest first."""
    with conn.cursor(row_factory=class_row(RainYear)) as cursor:
        return cursor.execute(SELECT_WATER_YEARS, {"station_id": station_id}).fetchall()


def wettest_days(conn: Connection, station_id: str, *, limit: int) -> list[WetDay]:
    """Return the days with the most rain, the wettest first."""
    with conn.cursor(row_factory=class_row(WetDay)) as cursor:
        return cursor.execute(SELECT_WETTEST, {"station_id": station_id, "limit": limit}).fetchall()


def days_after(conn: Connection, station_id: str, *, after: date | None, limit: int) -> list[ExportedDay]:
    """Return a page of a gauge's stored days, oldest first, after the given one."""
    where = {"station_id": station_id, "after": after, "limit": limit}
    with conn.cursor(row_factory=args_row(ExportedDay)) as cursor:
        return cursor.execute(SELECT_DAYS, where).fetchall()


def _row_of(conn: Connection, station_id: str, statement: LiteralString, form: BaseRowFactory[Row]) -> Row:
    with conn.cursor(row_factory=form) as cursor:
        row = cursor.execute(statement, {"station_id": station_id}).fetchone()
    if row is None:
        raise LookupError(station_id)
    return row

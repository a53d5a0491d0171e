"""Every rain gauge with the extent of its record, as the report of the demo shows them."""

from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.gauges import MCFCD

# An outage that several documents tell of is one gap, and a day that they call missing is one day.
SELECT_RECORDS = """
SELECT gauge.station_id, gauge.name,
       CASE WHEN job.next_retry_at IS NULL THEN job.status ELSE 'waiting' END AS import_status,
       coalesce(rain.rows, 0) AS rows, rain.first_date, rain.last_date, rain.total_inches,
       coalesce(gap.gaps, 0) AS gaps, coalesce(year.missing_days, 0) AS missing_days,
       coalesce(before.days, 0) AS before_record_days,
       (job.import_stats ->> 'claims')::int AS claims,
       jsonb_array_length(job.import_stats -> 'mismatches') AS mismatches
FROM gauges AS gauge
LEFT JOIN import_jobs AS job ON job.kind = 'fopr' AND job.subject = gauge.station_id
LEFT JOIN (
    SELECT station_id, count(*) AS rows, min(reading_date) AS first_date, max(reading_date) AS last_date,
           sum(rainfall_inches)::float8 AS total_inches
    FROM rain_readings GROUP BY station_id
) AS rain USING (station_id)
LEFT JOIN (
    SELECT station_id, count(DISTINCT gap_start) AS gaps FROM data_gaps
    WHERE parameter_code = '00045' AND source <> 'mcfcd_tips'
    GROUP BY station_id
) AS gap USING (station_id)
LEFT JOIN (
    SELECT station_id, sum(days_missing)::int AS missing_days FROM water_year_rainfall GROUP BY station_id
) AS year USING (station_id)
LEFT JOIN LATERAL (
    SELECT sum(upper(span) - lower(span))::int AS days
    FROM (SELECT range_agg(missing) AS missing FROM gauge_documents AS document
          WHERE document.station_id = gauge.station_id) AS told,
         unnest(told.missing * datemultirange(daterange(NULL, rain.first_date))) AS span
) AS before ON true
WHERE gauge.network = %(network)s
ORDER BY gauge.station_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeRecord:
    """One gauge and how much of its record there is. Inches.

    `missing_days` lie within the record, `before_record_days` before its first number. `claims` counts the
    totals that its document states, `mismatches` those that do not hold; both are None before the first
    import.
    """

    station_id: str
    name: str
    import_status: str | None
    rows: int
    first_date: date | None
    last_date: date | None
    total_inches: float | None
    gaps: int
    missing_days: int
    before_record_days: int
    claims: int | None
    mismatches: int | None


def gauge_records(conn: Connection) -> list[GaugeRecord]:
    """Return every rain gauge with the extent of its record, by station id."""
    with conn.cursor(row_factory=class_row(GaugeRecord)) as cursor:
        return cursor.execute(SELECT_RECORDS, {"network": MCFCD}).fetchall()

"""How gauges are doing, in SQL, and the choice of those that do so.

It is told by a gauge's series that are polled: all of them active, all offline, else degraded. What a gauge
sends itself counts, also while its agency's list is stuck. Where nothing is polled the list tells: a gauge
that it has not shown for three hours is stale, any other active. Nothing known is unknown.
"""

from typing import Literal

GaugeStatus = Literal["active", "degraded", "offline", "stale", "unknown"]

# Of `summary`, a row of gauge_summaries or none, and `polled`, which counts a gauge's series that are polled.
STATUS = """
CASE WHEN polled.series > 0 AND polled.active = polled.series THEN 'active'
     WHEN polled.series > 0 AND polled.offline = polled.series THEN 'offline'
     WHEN polled.series > 0 THEN 'degraded'
     WHEN summary.is_stale THEN 'stale'
     WHEN summary.station_id IS NOT NULL THEN 'active'
     ELSE 'unknown' END
"""
# All series are counted at once: gauge by gauge it takes four times as long where few have the status.
WITH_COUNTS = """
, chosen AS (
    SELECT candidates.*
    FROM candidates
    LEFT JOIN gauge_summaries AS summary USING (station_id)
    LEFT JOIN (
        SELECT station_id, count(status) AS series, count(*) FILTER (WHERE status = 'active') AS active,
               count(*) FILTER (WHERE status = 'offline') AS offline
        FROM (
            SELECT site_code AS station_id, status FROM usgs_raw.monitoring_state
            UNION ALL
            SELECT station_id, status FROM live_rainfall
        ) AS one
        GROUP BY station_id
    ) AS polled USING (station_id)
    WHERE %(status)s =
"""
AS_A_PAGE = """
    ORDER BY distance_miles, station_id LIMIT %(limit)s
)
"""
# Both continue a statement whose `candidates` have a `distance_miles`, and choose a page of these.
OF_ANY_STATUS = """
, chosen AS (SELECT * FROM candidates ORDER BY distance_miles, station_id LIMIT %(limit)s)
"""
OF_ONE_STATUS = WITH_COUNTS + STATUS + AS_A_PAGE

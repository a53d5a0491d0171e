"""How gauges are doing, in SQL, and the choice of those that do so.

It is told by a gauge's series that are polled: all of them active, all offline, else degraded. What a gauge
sends itself counts, also while its agency's list is stuck. Where nothing is polled the list tells: a gauge
that it shows is active. What was told longer than `HEARD_WITHIN` ago says nothing of now: where there is no
more than that, the gauge is stale. Nothing known is unknown.
"""

from typing import Literal

GaugeStatus = Literal["active", "degraded", "offline", "stale", "unknown"]

# Of `summary`, a row of gauge_summaries or none, and `polled`: how many of a gauge's series are polled, how
# they do, and when one was asked for last.
STATUS = """
CASE WHEN polled.asked_at >= now() - %(heard_within)s::interval THEN
          CASE WHEN polled.active = polled.series THEN 'active'
               WHEN polled.offline = polled.series THEN 'offline'
               ELSE 'degraded' END
     WHEN summary.observed_at >= now() - %(heard_within)s::interval THEN 'active'
     WHEN polled.asked_at IS NOT NULL OR summary.station_id IS NOT NULL THEN 'stale'
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
               count(*) FILTER (WHERE status = 'offline') AS offline, max(last_poll_attempted) AS asked_at
        FROM (
            SELECT site_code AS station_id, status, last_poll_attempted FROM usgs_raw.monitoring_state
            UNION ALL
            SELECT station_id, status, last_poll_attempted FROM live_rainfall
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

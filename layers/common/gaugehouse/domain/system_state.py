"""The whole system in one row."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """One look at the view `system_state`. None where there is nothing to take a median or a share of.

    What ends in `_estimate` is the planner's; everything else is exact. Shares are between 0 and 1.
    `readings_estimate` counts daily rainfall. Of the offline series, `series_request_failed` are those whose
    agency did not answer. `poll_targets` are the active ones. What begins with `series_` is of stream gauges,
    with `rain_series_` of live rainfall; `watched_gauges` are the rain gauges whose tips are polled.
    """

    gauges: int
    gauges_by_network: Mapping[str, int]
    gauges_with_record: int
    gauges_without_record: int
    import_jobs_pending: int
    import_jobs_in_progress: int
    import_jobs_completed: int
    import_jobs_waiting: int
    import_jobs_failed: int
    oldest_due_seconds: float
    next_retry_seconds: float | None
    median_seconds_to_record: float | None
    share_succeeded_7d: float | None
    documents: int
    readings_estimate: int
    gaps: int
    rejects: int
    stale_summaries: int
    pauses: int
    runs_failed_24h: int
    series_active: int
    series_degraded: int
    series_offline: int
    series_request_failed: int
    poll_targets: int
    targets_never_polled: int
    newest_reading_seconds: float | None
    gauge_readings_estimate: int
    daily_values_estimate: int
    rain_series_active: int
    rain_series_degraded: int
    rain_series_offline: int
    rain_series_request_failed: int
    newest_rain_seconds: float | None
    watched_gauges: int
    watched_never_polled: int

    @property
    def rows_affected(self) -> int:
        """Looking changes nothing."""
        return 0

"""Report a gauge whose agency gives it another name than ours: a wrong id would go unseen for years."""

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.store.stream_gauges import Renamed


def another_name(gauge: Renamed, *, source: str) -> RejectedRecord:
    """Return what is kept of it. The text is the same each time, and so one record."""
    return RejectedRecord(
        source=source,
        reason="another_name",
        raw=gauge.their_name,
        detail=f"site {gauge.station_id} is {gauge.our_name!r} here and {gauge.their_name!r} to the agency; "
        "is it the gauge that is meant?",
    )

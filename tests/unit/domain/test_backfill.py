from datetime import UTC, datetime, timedelta

from gaugehouse.domain.backfill import BackfillWindow
from gaugehouse.domain.import_jobs import Kind


def test_a_window_is_final_forty_five_days_after_its_end() -> None:
    window = BackfillWindow(station_id="05568500", kind=Kind.USGS_CONTINUOUS, first_water_year=2024)
    then = datetime(2024, 11, 15, tzinfo=UTC)

    assert window.is_final(then)
    assert not window.is_final(then - timedelta(seconds=1))

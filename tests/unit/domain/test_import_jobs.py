from datetime import UTC, datetime

import pytest

from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.import_jobs import retry_delay_seconds, summary_from_json, summary_to_json

DELAYS = (300.0, 900.0, 2700.0)


@pytest.mark.parametrize(("attempt", "delay"), [(1, 300.0), (2, 900.0), (3, 2700.0), (4, None), (9, None)])
def test_three_retries_after_the_first_try(attempt: int, delay: float | None) -> None:
    assert retry_delay_seconds(attempt, DELAYS) == delay


def test_without_delays_the_first_failure_is_final() -> None:
    assert retry_delay_seconds(1, ()) is None


def test_a_summary_survives_the_ledger() -> None:
    summary = GaugeSummary(
        station_id="59700",
        gauge_name="Aztec Park",
        rainfall_past_24h_inches=None,
        observed_at=datetime(2025, 12, 31, 21, 18, tzinfo=UTC),
    )
    assert summary_from_json(summary_to_json(summary)) == summary
    assert summary_from_json(summary_to_json(None)) is None

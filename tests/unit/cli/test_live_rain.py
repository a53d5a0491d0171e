"""How the rain that is falling now is told: what is missing, stale or broken is never shown as rain."""

from typing import Any

import pytest

from gaugehouse_cli.live_rain import live_facts

NOW, BEFORE = "2025-08-07T21:15:00+00:00", "2025-08-07T21:00:00+00:00"


def counted(method: str, inches: float | None, at: str | None = NOW, reason: str | None = None) -> Any:
    status = "degraded" if reason else "active"
    return {
        "method": method,
        "inches": inches,
        "latest_reading_time": at,
        "status": status,
        "status_reason": reason,
    }


def test_a_total_that_the_newest_report_does_not_have_is_missing() -> None:
    live = [
        counted("past_15_min", 0.04),
        counted("past_1_h", 0.12, BEFORE, "no_data"),
        counted("past_3_h", None, None),
    ]

    told = live_facts(live, None)

    assert (
        told["Live rain"] == "0.04 in in 15 min, missing in 1 h, missing in 3 h before 2025-08-07 21:15 UTC"
    )
    assert (told["Counter"], told["Today"]) == (None, None)


@pytest.mark.parametrize("live", [[], [counted("past_15_min", None, None), counted("counter", None, None)]])
def test_what_was_never_told_is_not_there(live: list[Any]) -> None:
    assert set(live_facts(live, None).values()) == {None}


def test_a_series_that_is_not_active_says_why() -> None:
    told = live_facts(
        [counted("past_15_min", 0.0, reason="stale"), counted("counter", 1.85, reason="no_data")], None
    )

    assert told["Live rain"] == "0.00 in in 15 min before 2025-08-07 21:15 UTC, stale"
    assert told["Counter"] == "1.85 in since 1 October at 2025-08-07 21:15 UTC, no data"


@pytest.mark.parametrize(("unbroken", "end"), [(True, "UTC"), (False, "transmissions are lacking")])
def test_rain_of_today_says_whether_it_is_certain(unbroken: bool, end: str) -> None:
    today = {"reading_date": "2025-08-07", "inches": 0.2, "latest_reading_time": NOW, "is_unbroken": unbroken}

    told = live_facts([], today)["Today"]

    assert isinstance(told, str)
    assert told.startswith("0.20 in on 2025-08-07 until 2025-08-07 21:15 UTC") and told.endswith(end)

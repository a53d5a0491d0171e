"""What `gaugehouse gauge` says of the rain that is falling now."""

from collections.abc import Sequence
from typing import Any

from gaugehouse.domain.live_rain import COUNTER_METHOD
from gaugehouse_cli.screen import Cell, moment


def live_facts(live: Sequence[dict[str, Any]], today: dict[str, Any] | None) -> dict[str, Cell]:
    """Say the totals of the newest report, what the counter of a watched gauge says, and today's rain."""
    totals = [each for each in live if each["method"] != COUNTER_METHOD]
    counter = next((each for each in live if each["method"] == COUNTER_METHOD), None)
    return {
        "Live rain": _totals(totals) if any(_is_told(total) for total in totals) else None,
        "Counter": _counter(counter) if counter and _is_told(counter) else None,
        "Today": _today(today) if today else None,
    }


def _totals(totals: Sequence[dict[str, Any]]) -> str:
    """A total that the newest report does not have is missing: the one before is no longer true."""
    newest = max(total["latest_reading_time"] for total in totals if _is_told(total))
    said = ", ".join(
        f"{_inches(total) if total['latest_reading_time'] == newest else 'missing'} in {_span(total)}"
        for total in totals
    )
    current = next(total for total in totals if total["latest_reading_time"] == newest)
    return f"{said} before {moment(newest)} UTC{_state(current)}"


def _counter(counter: dict[str, Any]) -> str:
    at = moment(counter["latest_reading_time"])
    return f"{_inches(counter)} since 1 October at {at} UTC{_state(counter)}"


def _today(today: dict[str, Any]) -> str:
    until = moment(today["latest_reading_time"])
    broken = "" if today["is_unbroken"] else ", and perhaps more: transmissions are lacking"
    return f"{today['inches']:.2f} in on {today['reading_date']} until {until} UTC{broken}"


def _is_told(series: dict[str, Any]) -> bool:
    return series["latest_reading_time"] is not None


def _inches(total: dict[str, Any]) -> str:
    return f"{total['inches']:.2f} in"


def _span(total: dict[str, Any]) -> str:
    return str(total["method"]).removeprefix("past_").replace("_", " ")


def _state(series: dict[str, Any]) -> str:
    """Say why the series is not active, if it is not."""
    return f", {series['status_reason'].replace('_', ' ')}" if series["status_reason"] else ""

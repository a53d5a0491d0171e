from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.runtime.invocation import parse_event
from gaugehouse.runtime.maintenance_event import MaintenanceEvent
from gaugehouse.runtime.poller_event import PollerEvent


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({}, "source"),
        (None, "event"),
        ({"source": "mcfcd_gauge_list", "when": "now"}, "when"),
        ({"source": "mcfcd_gauge_list", "scheduled_time": "soon"}, "scheduled_time"),
        ({"source": "mcfcd_gauge_list", "reference_time": "2025-12-31T12:00:00"}, "reference_time"),
    ],
)
def test_a_bad_event_names_its_field(event: Any, field: str) -> None:
    with pytest.raises(EventInvalid, match=field):
        parse_event(PollerEvent, event)


def slot(**times: str) -> str:
    return parse_event(MaintenanceEvent, {"task": "requeue_imports", **times}).slot("request-1")


@time_machine.travel(datetime(2026, 6, 1, tzinfo=UTC))
def test_a_slot_is_the_scheduled_minute_else_the_reference_time_else_the_request() -> None:
    assert slot(scheduled_time="2026-01-01T12:15:00Z") == "2026-01-01T12:15Z"
    assert slot(scheduled_time="2026-01-01T05:15:31-07:00") == "2026-01-01T12:15Z"
    assert slot(reference_time="2025-12-31T00:00:00Z") == "2025-12-31T00:00:00+00:00"
    assert slot() == "request-1"


def test_the_quarter_hours_are_four_slots_whatever_the_jitter() -> None:
    """The delivery time was once floored to the period: 12:15:01 and 12:29:59 became one slot."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    slots = {slot(scheduled_time=(noon + timedelta(minutes=15 * n)).isoformat()) for n in range(4)}

    assert len(slots) == 4

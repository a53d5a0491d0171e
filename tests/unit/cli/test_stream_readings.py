"""The newest readings of a stream gauge in words: no digit of a flood is lost."""

from typing import Any

from gaugehouse_cli.stream_readings import reading_facts


def reading(code: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "parameter_code": code,
        "value": value,
        "unit": unit,
        "reading_time": "2026-03-10T12:00:00+00:00",
    }


def test_each_parameter_is_said_by_its_name_with_the_agencys_digits() -> None:
    told = reading_facts(
        [
            reading("00060", 1_210_000.0, "ft^3/s"),
            reading("00065", 10.5, "ft"),
            reading("00010", 7.3, "degC"),
            reading("72019", 12.25, "ft"),
            reading("00035", 4.0, "mph"),
            reading("62614", 1074.25, "ft"),
            reading("62615", 1076.5, "ft"),
        ]
    )

    assert told == {
        "Discharge": "1,210,000 ft^3/s at 2026-03-10 12:00 UTC",
        "Stage": "10.50 ft at 2026-03-10 12:00 UTC",
        "Water temperature": "7.3 degC at 2026-03-10 12:00 UTC",
        "Depth to water": "12.25 ft at 2026-03-10 12:00 UTC",
        "Parameter 00035": "4 mph at 2026-03-10 12:00 UTC",
        "Lake elevation": "1,074.25 ft at 2026-03-10 12:00 UTC",
        "Lake elevation (62615)": "1,076.5 ft at 2026-03-10 12:00 UTC",
    }

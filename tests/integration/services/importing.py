"""What tests of imports do again and again."""

from typing import Any

import psycopg

from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.services.import_outcome import ImportOutcome
from tests.integration.conftest import message


def readings(conn: psycopg.Connection, station_id: str) -> dict[Any, float]:
    rows = conn.execute(
        "SELECT reading_date, rainfall_inches::float8 FROM rain_readings WHERE station_id = %s", (station_id,)
    )
    return dict(rows.fetchall())


def outcome(run: Run, station_id: str) -> ImportOutcome:
    return import_message(message(station_id), run).outcome

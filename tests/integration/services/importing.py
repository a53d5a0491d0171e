"""What tests of imports do again and again."""

from typing import Any

import psycopg

from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.runtime.import_queue import ImportMessage
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from tests.integration.conftest import message


def readings(conn: psycopg.Connection, station_id: str) -> dict[Any, float]:
    rows = conn.execute(
        "SELECT reading_date, rainfall_inches::float8 FROM rain_readings WHERE station_id = %s", (station_id,)
    )
    return dict(rows.fetchall())


def outcome(run: Run, station_id: str) -> ImportOutcome:
    return import_message(message(station_id), run).outcome


def bring(kind: Kind, subject: str, run: Run) -> ImportSummary:
    """Import a document; asked for again, if it was imported before."""
    conn = run.wiring.connection()
    conn.execute("UPDATE import_jobs SET status = 'pending' WHERE subject = %s", (subject,))
    wish = ImportRequest(kind=kind, subject=subject)
    return import_message(ImportMessage.model_validate(wish, from_attributes=True).model_dump_json(), run)

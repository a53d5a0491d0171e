"""What a day in a house leaves behind: runs, imports, and one of everything else that the API tells of."""

from datetime import UTC, datetime, timedelta

import psycopg

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.store import claimed_imports, import_jobs, pauses, quotas, rejected_records
from tests.integration.store.history import add_run
from tests.integration.store.ledger import claimed

POLL = "poll:mcfcd_gauge_list"
NOW = datetime.now(UTC).replace(second=0, microsecond=0)
IMPORTED = ("20000", "20001", "20002", "20003", "20004")
FAILED = "20005"


def let_a_day_pass(conn: psycopg.Connection) -> None:
    """Polls that went well and one that did not, imports in three states, a pause, a quota and a reject."""
    for hours in range(5, 0, -1):
        _scheduled_run(conn, POLL, "succeeded", ago=timedelta(hours=hours))
    _scheduled_run(conn, POLL, "failed", ago=timedelta(minutes=20))
    _scheduled_run(conn, "cleanup_rejects", "succeeded", ago=timedelta(days=2))
    _scheduled_run(conn, "a_mistyped_name", "failed", ago=timedelta(days=3))
    wishes = [ImportRequest(kind=Kind.FOPR, subject=subject) for subject in IMPORTED]
    import_jobs.create_missing(
        conn, [*wishes, ImportRequest(kind=Kind.WATER_YEAR, subject="2023")], source="discovery"
    )
    job, lock = claimed(conn, FAILED)
    claimed_imports.fail(conn, job, lock, error="SourceUnavailable: no answer", delay_seconds=300)
    pauses.pause(conn, "source:mcfcd_gauge_list", reason="storm", resumes_at=None)
    quotas.hold(conn, "mcfcd", seconds=60)
    dropped = RejectedRecord(source="fopr", reason="no_date", detail="59700, row 7", raw="32 May")
    rejected_records.record(conn, [dropped])


def _scheduled_run(conn: psycopg.Connection, job: str, status: str, *, ago: timedelta) -> None:
    """A run of the slot of that minute."""
    add_run(conn, status, ago=str(ago), slot=f"{NOW - ago:%Y-%m-%dT%H:%MZ}", job=job)

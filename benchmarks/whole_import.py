"""One import from the downloaded bytes to the commit, as the importer does it but for the network.

Run as a program, it does one import and prints the peak memory of its process.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from psycopg import Connection

from gaugehouse.domain.documents import Download, FullRecord
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.import_jobs import FOPR, ImportRequest
from gaugehouse.services.document_kinds import DocumentKind
from gaugehouse.services.import_document import Worker, import_document
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse.services.store_record import record_stands, store_record
from gaugehouse.sources.mcfcd import fopr
from gaugehouse.store.connection import connect

DATABASE_URL = "BENCHMARK_DATABASE_URL"  # not an argument: everybody can see those, password and all
WORKER = Worker(id="benchmark", lock_ttl_seconds=60, retry_delays=())


class FolderArchive:
    """A document archive on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, download: Download, *, kind: str, subject: str, suffix: str) -> str:
        """Keep the bytes; return where."""
        file = self._folder / f"{kind}-{subject}-{download.sha256}{suffix}"
        file.write_bytes(download.content)
        return file.name


def import_workbook(
    conn: Connection, content: bytes, station_id: str, archive: FolderArchive
) -> ImportSummary:
    """Import a workbook into a database that does not know its gauge."""

    def fetch(subject: str, _etag: str | None, _take_turn: Callable[[], None]) -> Download:
        url = f"https://gauges.example.org/{subject}_FOPR.xlsx"
        return Download(url=url, content=content, etag=None, last_modified=None)

    def parse(document: Download, subject: str, _newest: date) -> FullRecord:
        return fopr.parse_fopr_workbook(document.content, station_id=subject, file_name="a workbook")

    summary = import_document(
        ImportRequest(
            kind=FOPR,
            subject=station_id,
            gauge_summary=GaugeSummary(
                station_id=station_id,
                gauge_name="Mesquite Park",
                observed_at=datetime(2025, 12, 31, tzinfo=UTC),
            ),
        ),
        conn=conn,
        kind=DocumentKind(
            name=FOPR,
            quota="mcfcd",
            interval_seconds=0,
            parser_version=fopr.PARSER_VERSION,
            suffix=".xlsx",
            fetch=fetch,
            parse=parse,
            store=store_record,
            stands=record_stands,
        ),
        archive=archive,
        worker=WORKER,
    )
    assert summary.outcome is ImportOutcome.IMPORTED, summary
    assert summary.inserted > 9_000, summary
    return summary


def main() -> None:
    """Import the workbook and the station of the command line; print the peak memory in bytes."""
    file, station_id = Path(sys.argv[1]), sys.argv[2]
    with (
        connect(os.environ[DATABASE_URL], application_name="benchmark") as conn,
        tempfile.TemporaryDirectory() as folder,
    ):
        import_workbook(conn, file.read_bytes(), station_id, FolderArchive(Path(folder)))
    print(_peak_memory_bytes())


def _peak_memory_bytes() -> int:
    """Return the peak of this process alone.

    Not `ru_maxrss`: on Linux that begins with the peak of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()

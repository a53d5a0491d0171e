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
from gaugehouse.domain.import_jobs import FOPR, ImportRequest, Kind
from gaugehouse.services.document_kinds import DocumentKind
from gaugehouse.services.import_document import Worker, import_document
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse.services.store_rain_book import rain_book_stands, store_rain_book
from gaugehouse.services.store_record import record_stands, store_record
from gaugehouse.services.water_year_workbook import parse_water_year
from gaugehouse.sources.mcfcd import fopr
from gaugehouse.sources.mcfcd import water_year as water_year_workbook
from gaugehouse.store.connection import connect

DATABASE_URL = "BENCHMARK_DATABASE_URL"  # not an argument: everybody can see those, password and all
WRITTEN = datetime(2023, 12, 1, tzinfo=UTC)
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

    def read(self, key: str) -> bytes:
        """Return what was kept."""
        return (self._folder / key).read_bytes()


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


def import_year(conn: Connection, content: bytes, water_year: int, archive: FolderArchive) -> ImportSummary:
    """Import the workbook of a water year, again if it was imported before."""

    def fetch(subject: str, _etag: str | None, _take_turn: Callable[[], None]) -> Download:
        url = f"https://gauges.example.org/pcp_WY_{subject}.xlsx"
        return Download(url=url, content=content, etag=None, last_modified=WRITTEN)

    conn.execute("UPDATE import_jobs SET status = 'pending' WHERE kind = 'water_year'")
    return import_document(
        ImportRequest(kind=Kind.WATER_YEAR, subject=f"{water_year}"),
        conn=conn,
        kind=DocumentKind(
            name=Kind.WATER_YEAR,
            quota="mcfcd",
            interval_seconds=0,
            parser_version=water_year_workbook.PARSER_VERSION,
            suffix=".xlsx",
            fetch=fetch,
            parse=parse_water_year,
            store=store_rain_book,
            stands=rain_book_stands,
        ),
        archive=archive,
        worker=WORKER,
    )


def main() -> None:
    """Import the file of the command line; print the peak memory in bytes.

    After a full record comes its station id. A folder has the workbooks of water years, `pcp_WY_2023.xlsx`,
    which are imported one after the other.
    """
    file = Path(sys.argv[1])
    with (
        connect(os.environ[DATABASE_URL], application_name="benchmark") as conn,
        tempfile.TemporaryDirectory() as folder,
    ):
        archive = FolderArchive(Path(folder))
        if file.is_dir():
            for book in sorted(file.glob("pcp_WY_*.xlsx")):
                summary = import_year(conn, book.read_bytes(), int(book.stem[-4:]), archive)
                assert summary.inserted > 0, summary
        else:
            import_workbook(conn, file.read_bytes(), sys.argv[2], archive)
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

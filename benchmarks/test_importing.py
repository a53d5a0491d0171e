"""The whole import of one workbook, from its bytes to the commit: time and memory."""

import os
import subprocess
import sys
from pathlib import Path

from psycopg import Connection
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import NewConnection, NewDatabase
from benchmarks.race import Contender, run_race
from benchmarks.readings import add_gauges, copy_directly
from benchmarks.scoreboard import Comparison, Scoreboard, at_most, milliseconds, named
from benchmarks.whole_import import DATABASE_URL, FolderArchive, import_workbook
from benchmarks.workbooks import Workbook, read_with_calamine
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from tests.real_files import PROJECT_ROOT

MEGABYTE = 1_000_000
EMPTY = """
TRUNCATE gauges, import_jobs, source_documents, rejected_records, rain_footnotes, upstream_quotas CASCADE
"""


def test_importing_a_workbook(
    benchmark: BenchmarkFixture,
    workbook: Workbook,
    new_connection: NewConnection,
    scoreboard: Scoreboard,
    tmp_path: Path,
) -> None:
    ours, limit = (new_connection() for _ in range(2))
    archive = FolderArchive(tmp_path)
    record = parse_fopr_workbook(
        workbook.content, station_id=workbook.station_id, file_name="a workbook"
    ).record

    def read_and_copy() -> None:
        read_with_calamine(workbook.content)
        copy_directly(limit, record)

    race = run_race(
        benchmark,
        Contender(
            "import",
            lambda: import_workbook(ours, workbook.content, workbook.station_id, archive),
            lambda: ours.execute(EMPTY),
        ),
        Contender("limit", read_and_copy, lambda: _only_gauge(limit, workbook.station_id)),
        rounds=15,
    )

    scoreboard.judge(
        Comparison(
            what=f"import a workbook, {workbook.name}",
            ours=milliseconds(race.median_of("import")),
            limit=named("calamine + COPY", race.median_of("limit")),
            ratio=race.ratio("import", "limit"),
            bar=at_most(3),
        )
    )


def test_memory_of_an_import(
    workbook: Workbook, new_database: NewDatabase, scoreboard: Scoreboard, tmp_path: Path
) -> None:
    file = tmp_path / "workbook.xlsx"
    file.write_bytes(workbook.content)

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.whole_import", str(file), workbook.station_id],
        cwd=PROJECT_ROOT,
        env={**os.environ, DATABASE_URL: new_database()},
        stdout=subprocess.PIPE,
        check=True,
    )

    megabytes = int(done.stdout) / MEGABYTE
    scoreboard.judge(
        Comparison(
            what=f"import a workbook, {workbook.name}: peak memory",
            ours=f"{megabytes:.0f} MB",
            limit="200 MB",
            ratio=megabytes / 200,
            bar=at_most(1),
        )
    )


def _only_gauge(conn: Connection, station_id: str) -> None:
    conn.execute(EMPTY)
    add_gauges(conn, station_id)

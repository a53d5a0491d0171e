"""The whole import of a water year of all gauges, from its bytes to the commit: time, memory, and again."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import NewConnection, NewDatabase
from benchmarks.race import Contender, run_race
from benchmarks.readings import add_gauges, copy_directly
from benchmarks.scoreboard import Comparison, Scoreboard, at_least, at_most, milliseconds, named
from benchmarks.test_importing import EMPTY, MEGABYTE
from benchmarks.whole_import import DATABASE_URL, FolderArchive, import_year
from benchmarks.workbooks import read_with_calamine
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.sources.mcfcd.water_year import parse_water_year_workbook
from gaugehouse_local.simulator import ClimateAgency, create_climate, water_year_path
from tests.real_files import MCFCD, PROJECT_ROOT, requires_real_files

YEAR = 2023
YEARS = range(2011, 2026)  # fifteen
GAUGES = 100  # as many as can be simulated in a minute; what must not grow is the peak from year to year


@pytest.mark.timeout(900)
@requires_real_files
def test_importing_a_water_year(
    benchmark: BenchmarkFixture, new_connection: NewConnection, scoreboard: Scoreboard, tmp_path: Path
) -> None:
    ours, limit, standing = (new_connection() for _ in range(3))
    archive = FolderArchive(tmp_path)
    content = (MCFCD / f"pcp_WY_{YEAR}.xlsx").read_bytes()
    book = parse_water_year_workbook(
        content, water_year=YEAR, file_name="a workbook", document_date=date(2023, 12, 1)
    )
    add_gauges(limit, *(record.station_id for record in book.records))
    import_year(standing, content, YEAR, archive)

    def read_and_copy() -> None:
        read_with_calamine(content)
        copy_directly(limit, *book.records)

    def import_again() -> None:
        assert import_year(standing, content, YEAR, archive).outcome is ImportOutcome.UNCHANGED

    race = run_race(
        benchmark,
        Contender("import", lambda: import_year(ours, content, YEAR, archive), lambda: ours.execute(EMPTY)),
        Contender("limit", read_and_copy, lambda: limit.execute("TRUNCATE rain_readings")),
        Contender("again", import_again),
        Contender("read", lambda: read_with_calamine(content)),
        rounds=5,
    )

    days = sum(len(record.days) for record in book.records)
    scoreboard.judge(
        Comparison(
            what=f"import a water year, {days:,} days",
            ours=milliseconds(race.median_of("import")),
            limit=named("calamine + COPY", race.median_of("limit")),
            ratio=race.ratio("import", "limit"),
            bar=at_most(3),
        ),
        Comparison(
            what="import it again, unchanged",
            ours=milliseconds(race.median_of("again")),
            limit=named("calamine", race.median_of("read")),
            ratio=race.ratio("again", "read"),
            bar=at_most(2),
        ),
    )


@pytest.mark.timeout(900)
def test_memory_of_fifteen_water_years(
    new_database: NewDatabase, scoreboard: Scoreboard, tmp_path: Path
) -> None:
    """A command for fifteen years must not need more than one for a single year."""
    climate = create_climate(gauges=GAUGES, first_water_year=YEARS[0])
    agency = ClimateAgency(climate)
    folders = {"one": YEARS[:1], "all": YEARS}
    peaks = {}
    for name, years in folders.items():
        folder = tmp_path / name
        folder.mkdir()
        for year in years:
            document = agency.document(water_year_path(year))
            assert document is not None
            (folder / f"pcp_WY_{year}.xlsx").write_bytes(document.content)
        peaks[name] = _peak_of(folder, new_database()) / MEGABYTE

    scoreboard.judge(
        Comparison(
            what="import 15 water years: peak memory",
            ours=f"{peaks['all']:.0f} MB",
            limit="300 MB",
            ratio=peaks["all"] / 300,
            bar=at_most(1),
        ),
        Comparison(
            what="import 15 water years: memory",
            ours=f"{peaks['all']:.0f} MB",
            peer=f"one year {peaks['one']:.0f} MB",
            ratio=peaks["one"] / peaks["all"],
            bar=at_least(0.7),
        ),
    )


def _peak_of(folder: Path, database_url: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.whole_import", str(folder)],
        cwd=PROJECT_ROOT,
        env={**os.environ, DATABASE_URL: database_url},
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(done.stdout)

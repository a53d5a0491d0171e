"""Reading a full-record workbook: our parser, openpyxl, calamine alone, inflating alone."""

from datetime import date

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.race import Contender, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, at_least, milliseconds, named
from benchmarks.workbooks import Workbook, inflate, read_with_calamine, read_with_openpyxl
from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse.sources.mcfcd.water_year import parse_water_year_workbook
from tests.real_files import MCFCD, requires_real_files


def test_reading_a_workbook(benchmark: BenchmarkFixture, workbook: Workbook, scoreboard: Scoreboard) -> None:
    def parse() -> FullRecord:
        return parse_fopr_workbook(workbook.content, station_id=workbook.station_id, file_name="a workbook")

    assert len(parse().record.days) > 9_000, "a workbook of real size"

    race = run_race(
        benchmark,
        Contender("parse", parse),
        Contender("openpyxl", lambda: read_with_openpyxl(workbook.content)),
        Contender("calamine", lambda: read_with_calamine(workbook.content)),
        Contender("inflate", lambda: inflate(workbook.content)),
        rounds=11,
    )

    what, ours = f"read a workbook, {workbook.name}", milliseconds(race.median_of("parse"))
    scoreboard.judge(
        Comparison(
            what=what,
            ours=ours,
            peer=named("openpyxl", race.median_of("openpyxl")),
            ratio=race.ratio("openpyxl", "parse"),
            bar=at_least(10),
        ),
        Comparison(
            what=what,
            ours=ours,
            limit=named("calamine alone", race.median_of("calamine")),
            ratio=race.ratio("calamine", "parse"),
        ),
        Comparison(
            what=what,
            ours=ours,
            limit=named("inflating alone", race.median_of("inflate")),
            ratio=race.ratio("inflate", "parse"),
        ),
    )


@requires_real_files
def test_reading_a_water_year(benchmark: BenchmarkFixture, scoreboard: Scoreboard) -> None:
    content = (MCFCD / "pcp_WY_2023.xlsx").read_bytes()

    def parse() -> RainBook:
        return parse_water_year_workbook(
            content, water_year=2023, file_name="a workbook", document_date=date(2023, 10, 12)
        )

    race = run_race(
        benchmark,
        Contender("parse", parse),
        Contender("calamine", lambda: read_with_calamine(content)),
        rounds=7,
    )

    scoreboard.judge(
        Comparison(
            what="read the water year 2023, 131,268 days",
            ours=milliseconds(race.median_of("parse")),
            limit=named("calamine alone", race.median_of("calamine")),
            ratio=race.ratio("calamine", "parse"),
        )
    )

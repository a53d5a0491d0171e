"""The simulator's own speed: the demo and most tests wait for what it makes."""

from datetime import datetime

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.race import Contender, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, at_most, milliseconds, named
from benchmarks.slowness import COUNTING_SECONDS, count_to_a_million
from gaugehouse_local.simulator import create_climate
from gaugehouse_local.simulator.mcfcd.fopr_content import fopr_content
from gaugehouse_local.simulator.mcfcd.fopr_workbook import write_fopr_workbook

UPDATED = datetime(2025, 12, 19, 10, 30)  # noqa: DTZ001 - the agency's stamps are naive local time
WORKBOOK_SECONDS = 0.3
CLIMATE_SECONDS = 2.0


def test_writing_a_workbook_of_real_size(benchmark: BenchmarkFixture, scoreboard: Scoreboard) -> None:
    content = fopr_content(create_climate().record("59700"), updated=UPDATED)
    race = run_race(
        benchmark,
        Contender("write", lambda: write_fopr_workbook(content)),
        Contender("count", count_to_a_million),
        rounds=7,
    )
    scoreboard.judge(
        Comparison(
            what=f"write a workbook of 27 years, of {WORKBOOK_SECONDS} s",
            ours=milliseconds(race.median_of("write")),
            limit=named("counting to a million", race.median_of("count")),
            ratio=race.ratio("write", "count"),
            bar=at_most(WORKBOOK_SECONDS / COUNTING_SECONDS),
        )
    )


def test_making_twelve_gauges_of_27_years(benchmark: BenchmarkFixture, scoreboard: Scoreboard) -> None:
    def make() -> None:
        climate = create_climate(seed=5)
        for gauge in climate.gauges:
            climate.record(gauge.station_id)

    race = run_race(benchmark, Contender("make", make), Contender("count", count_to_a_million), rounds=5)
    scoreboard.judge(
        Comparison(
            what=f"make twelve gauges of 27 years, of {CLIMATE_SECONDS} s",
            ours=milliseconds(race.median_of("make")),
            limit=named("counting to a million", race.median_of("count")),
            ratio=race.ratio("make", "count"),
            bar=at_most(CLIMATE_SECONDS / COUNTING_SECONDS),
        )
    )

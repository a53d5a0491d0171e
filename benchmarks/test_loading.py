"""Loading new daily readings: the importer's merge, a transaction a row, COPY into the table itself."""

from dataclasses import replace

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import NewConnection
from benchmarks.race import Contender, run_race
from benchmarks.readings import (
    add_gauges,
    copy_directly,
    insert_one_by_one,
    load,
    long_record,
    of_station,
)
from benchmarks.scoreboard import Comparison, Scoreboard, at_least, milliseconds, named

AGAINST_ROW_BY_ROW = at_least(10)
OF_DIRECT_COPY = at_least(0.7)
STATIONS = 100  # of 10,000 days each: a million rows


def test_loading_ten_thousand_rows(
    benchmark: BenchmarkFixture,
    new_connection: NewConnection,
    scoreboard: Scoreboard,
) -> None:
    conn = new_connection()
    record = long_record("10000")
    sample = replace(record, days=record.days[:500])
    add_gauges(conn, "10000")

    def empty() -> None:
        conn.execute("TRUNCATE rain_readings")

    race = run_race(
        benchmark,
        Contender("merge", lambda: load(conn, record), empty),
        Contender("row by row", lambda: insert_one_by_one(conn, sample), empty),
        Contender("COPY", lambda: copy_directly(conn, record), empty),
        rounds=15,
    )

    what, ours = "load 10,000 rows", milliseconds(race.median_of("merge"))
    times = len(record.days) / len(sample.days)
    scoreboard.judge(
        Comparison(
            what=what,
            ours=ours,
            peer=f"{named('transaction a row', race.median_of('row by row') * times)} (estimate)",
            ratio=race.ratio("row by row", "merge") * times,
            bar=AGAINST_ROW_BY_ROW,
        ),
        Comparison(
            what=what,
            ours=ours,
            limit=named("direct COPY", race.median_of("COPY")),
            ratio=race.ratio("COPY", "merge"),
            bar=OF_DIRECT_COPY,
        ),
    )


def test_loading_a_million_rows(
    benchmark: BenchmarkFixture,
    new_connection: NewConnection,
    scoreboard: Scoreboard,
) -> None:
    """Each round is one gauge, so that the two tables grow side by side.

    The peer would take minutes: it loads a sample into the table of the COPY, and its time for a million
    rows is estimated from that.
    """
    ours_conn, copy_conn = (new_connection() for _ in range(2))
    record = long_record("none")
    sample = replace(record, days=record.days[:20])
    merged, copied, row_by_row = (_stations(way) for way in ("merged", "copied", "row"))
    add_gauges(ours_conn, *merged)
    add_gauges(copy_conn, *copied, *row_by_row)

    race = run_race(
        benchmark,
        Contender("merge", lambda: load(ours_conn, of_station(record, merged.pop()))),
        Contender("row by row", lambda: insert_one_by_one(copy_conn, of_station(sample, row_by_row.pop()))),
        Contender("COPY", lambda: copy_directly(copy_conn, of_station(record, copied.pop()))),
        rounds=STATIONS,
    )

    what, ours = "load 1,000,000 rows", race.total_of("merge")
    estimate = race.total_of("row by row") * len(record.days) / len(sample.days)
    scoreboard.judge(
        Comparison(
            what=what,
            ours=milliseconds(ours),
            peer=f"{named('transaction a row', estimate)} (estimate)",
            ratio=estimate / ours,
            bar=AGAINST_ROW_BY_ROW,
        ),
        Comparison(
            what=what,
            ours=milliseconds(ours),
            limit=named("direct COPY", race.total_of("COPY")),
            ratio=race.ratio("COPY", "merge"),
            bar=OF_DIRECT_COPY,
        ),
    )


def _stations(way: str) -> list[str]:
    """Name a gauge for each round, and one for the round that does not count."""
    return [f"{way}{number}" for number in range(STATIONS + 1)]

"""Publishing due imports: a long history of finished jobs must cost nothing."""

from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import NewConnection
from benchmarks.race import Contender, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, at_least, milliseconds, named
from gaugehouse.store.publication import take_due

COMPLETED = 20_000
DUE = 200
TAKEN_AT_ONCE = 10

ADD_COMPLETED = """
INSERT INTO import_jobs (kind, subject, status, source, import_stats, completed_at, last_completed_at)
SELECT 'fopr', 'done' || number, 'completed', 'discovery', %(stats)s, now(), now()
FROM generate_series(1, %(count)s) AS number
"""
ADD_DUE = """
INSERT INTO import_jobs (kind, subject, source)
SELECT 'fopr', 'due' || number, 'discovery' FROM generate_series(1, %(count)s) AS number
"""
MAKE_DUE_AGAIN = "UPDATE import_jobs SET published_at = NULL WHERE status = 'pending'"


def test_publishing_with_a_long_history(
    benchmark: BenchmarkFixture,
    new_connection: NewConnection,
    scoreboard: Scoreboard,
) -> None:
    young = _ledger(new_connection(), completed=0)
    old = _ledger(new_connection(), completed=COMPLETED)

    race = run_race(
        benchmark,
        Contender("old", lambda: _take_all(old), lambda: _make_due_again(old)),
        Contender("young", lambda: _take_all(young), lambda: _make_due_again(young)),
        rounds=25,
    )

    scoreboard.judge(
        Comparison(
            what=f"publish {DUE} jobs, {COMPLETED:,} completed",
            ours=milliseconds(race.median_of("old")),
            limit=named("empty ledger", race.median_of("young")),
            ratio=race.ratio("young", "old"),
            bar=at_least(0.8),
        )
    )


def _ledger(conn: Connection, *, completed: int) -> Connection:
    """Fill the ledger; return its connection."""
    conn.execute(ADD_COMPLETED, {"count": completed, "stats": Jsonb(_stats())})
    conn.execute(ADD_DUE, {"count": DUE})
    conn.execute("VACUUM ANALYZE import_jobs")
    return conn


def _stats() -> dict[str, Any]:
    """Return statistics as long as those of a real import."""
    years = [
        {"water_year": year, "rows": 365, "missing_days": 0, "total_inches": 7.5, "monsoon_inches": 2.5}
        for year in range(1999, 2026)
    ]
    return {"rows_imported": 9_855, "total_rows": 9_855, "water_years": years, "mismatches": []}


def _take_all(conn: Connection) -> None:
    """Take all that is due, some at a time, as publishers do while importers finish."""
    for in_flight in range(TAKEN_AT_ONCE, DUE + 1, TAKEN_AT_ONCE):
        assert len(take_due(conn, max_in_flight=in_flight)) == TAKEN_AT_ONCE


def _make_due_again(conn: Connection) -> None:
    conn.execute(MAKE_DUE_AGAIN)
    conn.execute("VACUUM import_jobs")

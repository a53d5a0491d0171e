"""Importing an unchanged record again: nothing may be written, however many days it has."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from psycopg import Connection
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import NewConnection
from benchmarks.race import Contender, run_race
from benchmarks.readings import DAYS, add_gauges, load, long_record
from benchmarks.scoreboard import Comparison, Scoreboard, at_most, milliseconds, named
from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.store import rain_readings
from gaugehouse.store.connection import only_row

UPSERT_EVERY_ROW = """
INSERT INTO rain_readings
    (station_id, reading_date, rainfall_inches, quality, data_source, document_date)
SELECT %(station_id)s, days.reading_date, days.inches::numeric(8, 5), days.quality, %(data_source)s,
       %(document_date)s
FROM unnest(%(dates)b::date[], %(inches)b::float8[], %(qualities)b::text[])
    AS days (reading_date, inches, quality)
ON CONFLICT (station_id, reading_date) DO UPDATE
    SET rainfall_inches = excluded.rainfall_inches, quality = excluded.quality,
        data_source = excluded.data_source, document_date = excluded.document_date
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement left behind: bytes of write-ahead log, and rows for vacuum to clear away."""

    wal_bytes: float
    dead_rows: int


def test_reimporting_an_unchanged_record(
    benchmark: BenchmarkFixture,
    new_connection: NewConnection,
    scoreboard: Scoreboard,
) -> None:
    record = long_record("10000")
    # One database each: whoever reads a page next clears away the dead rows that the other left there.
    ours, peers = (_imported(new_connection(), record) for _ in range(2))

    merge, upsert = (lambda: _merge(ours, record)), (lambda: _upsert_every_row(peers, record))
    counted = [(_written(ours, merge), _written(peers, upsert)) for _ in range(5)]
    race = run_race(benchmark, Contender("merge", merge), Contender("upsert", upsert), rounds=15)

    merge_wal, upsert_wal = (median(pair[way].wal_bytes for pair in counted) for way in (0, 1))
    merge_dead, upsert_dead = (max(pair[way].dead_rows for pair in counted) for way in (0, 1))
    assert upsert_dead == DAYS, "the count sees dead rows where there are some"
    what = "re-import 10,000 unchanged rows"
    scoreboard.judge(
        Comparison(
            what=f"{what}: WAL",
            ours=_kilobytes(merge_wal),
            peer=f"DO UPDATE {_kilobytes(upsert_wal)}",
            ratio=merge_wal / upsert_wal,
            bar=at_most(1 / 20),
        ),
        Comparison(
            what=f"{what}: dead rows",
            ours=str(merge_dead),
            peer=f"DO UPDATE {upsert_dead}",
            ratio=merge_dead / upsert_dead,
            bar=at_most(0),
        ),
        Comparison(
            what=f"{what}: time",
            ours=milliseconds(race.median_of("merge")),
            peer=named("DO UPDATE", race.median_of("upsert")),
            ratio=race.ratio("upsert", "merge"),
        ),
    )


def _imported(conn: Connection, record: RainRecord) -> Connection:
    add_gauges(conn, record.station_id)
    load(conn, record)
    conn.execute("ALTER TABLE rain_readings SET (autovacuum_enabled = off)")  # it would clear what we count
    conn.execute("VACUUM ANALYZE rain_readings")
    return conn


def _merge(conn: Connection, record: RainRecord) -> None:
    with conn.transaction():
        counts = rain_readings.merge(conn, [record]).counts
    assert counts.unchanged == len(record.days)


def _upsert_every_row(conn: Connection, record: RainRecord) -> None:
    conn.execute(
        UPSERT_EVERY_ROW,
        {
            "station_id": record.station_id,
            "data_source": record.data_source,
            "document_date": record.document_date,
            "dates": [day.reading_date for day in record.days],
            "inches": [day.rainfall_inches for day in record.days],
            "qualities": [day.quality.value for day in record.days],
        },
    )


def _written(conn: Connection, work: Callable[[], None]) -> Written:
    wal, dead = _wal_position(conn), _dead_rows(conn)
    work()
    return Written(_wal_position(conn) - wal, _dead_rows(conn) - dead)


def _wal_position(conn: Connection) -> float:
    return float(only_row(conn.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))[0])


def _dead_rows(conn: Connection) -> int:
    # A session reports what it did once in a while; this makes it report now.
    conn.execute("SELECT pg_stat_force_next_flush()")
    return int(only_row(conn.execute("SELECT pg_stat_get_dead_tuples('rain_readings'::regclass)"))[0])


def _kilobytes(count: float) -> str:
    return f"{count / 1000:,.1f} kB"

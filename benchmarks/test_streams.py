"""Polling a whole network, and reading and storing large answers."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import NewConnection, NewDatabase
from benchmarks.race import Contender, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, at_least, at_most, milliseconds, named
from benchmarks.streams import peak_memory_bytes, poll, polling_stack, served_network
from gaugehouse.domain.measurements import MeasuredSeries, Measurements
from gaugehouse.domain.series import INSTANTANEOUS, STAGE, Series, StreamGauge
from gaugehouse.sources.usgs import waterdata
from gaugehouse.store import gauge_readings, partitions, series, stream_gauges

POLL_SECONDS, POLL_BYTES = at_most(60), at_most(512)
LINEAR = at_most(1.5)
OF_PEERS_PARSE, OF_THE_FLOOR = at_least(6), at_most(4)
OF_DIRECT_COPY = at_least(0.35)
QUARTER_HOUR = timedelta(minutes=15)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.timeout(900)
def test_polling_the_whole_network(new_database: NewDatabase, scoreboard: Scoreboard, tmp_path: Path) -> None:
    """Through the handler, in the state of every day: all sites known, looked at, and polled before."""
    seconds_per_series: dict[int, float] = {}
    for sites, count in ((1_200, 3_000), (4_000, 10_000), (12_000, 30_000)):
        url = new_database()
        with (
            served_network(sites, count) as network,
            polling_stack(network, url, tmp_path / str(count)) as stack,
            psycopg.connect(url, autocommit=True) as conn,
        ):
            poll(stack, network, "usgs_sites")
            # Its first look back over a week would be the poll of a network that was just added.
            conn.execute("UPDATE poll_targets SET recent_swept_at = %(now)s, deep_swept_at = %(now)s",
                         {"now": network.now})  # fmt: skip
            first = _timed(partial(poll, stack, network))
            rounds = []
            for _ in range(3):
                network.advance(15)
                rounds.append(_timed(partial(poll, stack, network)))
            usual = min(rounds)
            (polled,) = conn.execute("SELECT count(*) FROM monitoring_state").fetchone() or (0,)
            (pid,) = stack.worker_pids("PollerFunction")
            memory = peak_memory_bytes(pid) if sys.platform == "linux" else 0
        seconds_per_series[count] = usual / polled
        what = f"poll {count:,} series through the handler"
        scoreboard.judge(
            Comparison(what=what, ours=f"{usual:.1f} s, first {first:.1f} s", limit="60 s",
                       ratio=max(usual, first), bar=POLL_SECONDS),
            Comparison(what=what, ours=f"{memory / 1e6:.0f} MB", limit="512 MB", ratio=memory / 1e6,
                       bar=POLL_BYTES),
        )  # fmt: skip
    scoreboard.judge(
        Comparison(
            what="a series of 30,000 against one of 3,000",
            ours=f"{seconds_per_series[30_000] * 1e6:.0f} µs",
            peer=f"{seconds_per_series[3_000] * 1e6:.0f} µs",
            ratio=seconds_per_series[30_000] / seconds_per_series[3_000],
            bar=LINEAR,
        )
    )


def test_reading_a_large_answer(benchmark: BenchmarkFixture, scoreboard: Scoreboard) -> None:
    """134,400 values of the modern API, to columns; the peer makes its data frame of the same bytes."""
    shaping = pytest.importorskip("dataretrieval.ogc.shaping", reason="make bench installs the peer")
    pandas = pytest.importorskip("pandas")
    page = _page(series_count=200, hours=7 * 24)

    def peer() -> object:
        frame = shaping._get_resp_data(_Answer(page), geopd=False, include_geometry=False)
        frame["time"] = pandas.to_datetime(frame["time"], errors="coerce")  # as its own typing does
        frame["value"] = pandas.to_numeric(frame["value"], errors="coerce").astype("float64")
        return frame

    race = run_race(
        benchmark,
        Contender("parse", lambda: waterdata.parse_continuous([page], not_after=BEGIN + timedelta(days=99))),
        Contender("dataretrieval", peer),
        Contender("json and loop", lambda: _loop(page)),
        rounds=5,
    )
    what, ours = f"read {len(page) / 1e6:.0f} MB of JSON", milliseconds(race.median_of("parse"))
    scoreboard.judge(
        Comparison(what=what, ours=ours, peer=named("dataretrieval", race.median_of("dataretrieval")),
                   ratio=race.ratio("dataretrieval", "parse"), bar=OF_PEERS_PARSE),
        Comparison(what=what, ours=ours, peer=named("json and loop", race.median_of("json and loop")),
                   ratio=race.ratio("json and loop", "parse"), bar=at_least(3)),
    )  # fmt: skip


def test_reading_and_storing_a_large_answer(
    benchmark: BenchmarkFixture, new_connection: NewConnection, scoreboard: Scoreboard
) -> None:
    conn = new_connection()
    page = _page(series_count=200, hours=7 * 24)
    _add_series(conn, 200)
    partitions.ensure(conn, [BEGIN.date()])

    def whole() -> None:
        response = waterdata.parse_continuous([page], not_after=BEGIN + timedelta(days=99))
        with conn.transaction():
            gauge_readings.merge(conn, response.measurements)

    def floor() -> None:
        json.loads(page)
        _copy_directly(conn, rows)

    rows = _copy_rows(_measurements(200, 7 * 24 * 4))

    def empty() -> None:
        conn.execute("TRUNCATE gauge_readings")

    race = run_race(benchmark, Contender("whole", whole, empty), Contender("floor", floor, empty), rounds=5)
    scoreboard.judge(
        Comparison(
            what="read and store 134,400 values",
            ours=milliseconds(race.median_of("whole")),
            limit=named("decoding and COPY", race.median_of("floor")),
            ratio=race.ratio("whole", "floor"),
            bar=OF_THE_FLOOR,
        )
    )


@pytest.mark.timeout(900)
def test_loading_a_year_of_two_hundred_series(new_connection: NewConnection, scoreboard: Scoreboard) -> None:
    """Seven million rows, ten series at a time, ours and COPY in turns on databases of their own."""
    ours, direct = new_connection(), new_connection()
    months = [BEGIN.replace(month=month).date() for month in range(1, 13)]
    for conn in (ours, direct):
        _add_series(conn, 200)
        partitions.ensure(conn, months)
    seconds = {"merge": 0.0, "COPY": 0.0}
    for first in range(0, 200, 10):
        batch = _measurements(10, 365 * 96, first=first)
        rows = _copy_rows(batch)
        seconds["COPY"] += _timed(partial(_copy_directly, direct, rows))
        seconds["merge"] += _timed(partial(_merge, ours, batch))
    scoreboard.judge(
        Comparison(
            what="load 7,008,000 readings",
            ours=milliseconds(seconds["merge"]),
            limit=named("direct COPY", seconds["COPY"]),
            ratio=seconds["COPY"] / seconds["merge"],
            bar=OF_DIRECT_COPY,
        )
    )


def test_polling_again_without_a_change(
    benchmark: BenchmarkFixture, new_connection: NewConnection, scoreboard: Scoreboard
) -> None:
    conn, upserted = new_connection(), new_connection()
    readings = _measurements(2_000, 8)
    for each in (conn, upserted):
        _add_series(each, 2_000)
        partitions.ensure(each, [BEGIN.date()])
        _merge(each, readings)
        each.execute("VACUUM ANALYZE gauge_readings")
    rows = _copy_rows(readings)
    wal = {"merge": _wal(conn, lambda: _merge(conn, readings)),
           "DO UPDATE": _wal(upserted, lambda: _upsert(upserted, rows))}  # fmt: skip
    run_race(benchmark, Contender("merge", lambda: _merge(conn, readings)), rounds=5)
    scoreboard.judge(
        Comparison(
            what="poll 16,000 known readings again: WAL",
            ours=f"{wal['merge'] / 1e3:.1f} kB",
            peer=f"ON CONFLICT DO UPDATE {wal['DO UPDATE'] / 1e3:.0f} kB",
            ratio=wal["merge"] / wal["DO UPDATE"],
            bar=at_most(1 / 20),
        )
    )


class _Answer:
    """What the peer wants of an HTTP answer."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def json(self) -> object:
        """Decode as it does."""
        return json.loads(self.content)


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _site(index: int) -> str:
    return f"{10_000_000 + index}"


def _upstream_id(index: int) -> str:
    return f"{index:032x}"


def _add_series(conn: psycopg.Connection, count: int) -> None:
    stream_gauges.upsert(
        conn,
        [
            StreamGauge(station_id=_site(i), name="a", agency_code="USGS", time_zone="UTC")
            for i in range(count)
        ],
    )
    series.upsert(
        conn,
        [
            Series(station_id=_site(i), parameter_code=STAGE, statistic=INSTANTANEOUS, unit="ft",
                   upstream_series_id=_upstream_id(i))
            for i in range(count)
        ],
    )  # fmt: skip


def _measurements(series_count: int, readings: int, *, first: int = 0) -> Measurements[datetime]:
    moments = [BEGIN + number * QUARTER_HOUR for number in range(readings)]
    total = series_count * readings
    return Measurements(
        series=tuple(
            MeasuredSeries(_site(i), STAGE, INSTANTANEOUS, "ft", upstream_series_id=_upstream_id(i))
            for i in range(first, first + series_count)
        ),
        series_index=[index for index in range(series_count) for _ in moments],
        moments=moments * series_count,
        values=[round(1 + number % 997 / 100, 2) for number in range(total)],
        qualifiers=[None] * total,
        approved=[False] * total,
        modified=[BEGIN] * total,
    )


def _merge(conn: psycopg.Connection, measurements: Measurements[datetime]) -> None:
    with conn.transaction():
        gauge_readings.merge(conn, measurements)


COPY_DIRECTLY = """
COPY gauge_readings (series_id, approved, reading_time, value, modified_at) FROM STDIN (FORMAT BINARY)
"""
Row = tuple[int, bool, datetime, float, datetime]


def _copy_rows(measurements: Measurements[datetime]) -> list[Row]:
    """The same rows for COPY. The ids of series begin with 1 in a new database, in their order."""
    ids = [int(each.station_id) - 10_000_000 + 1 for each in measurements.series]
    return [
        (ids[index], False, moment, value, BEGIN)
        for index, moment, value in zip(
            measurements.series_index, measurements.moments, measurements.values, strict=True
        )
    ]


def _copy_directly(conn: psycopg.Connection, rows: list[Row]) -> None:
    with conn.transaction(), conn.cursor() as cursor, cursor.copy(COPY_DIRECTLY) as copy:
        copy.set_types(["int4", "bool", "timestamptz", "float8", "timestamptz"])
        for row in rows:
            copy.write_row(row)


def _upsert(conn: psycopg.Connection, rows: list[Row]) -> None:
    with conn.transaction(), conn.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE said (LIKE gauge_readings INCLUDING DEFAULTS) ON COMMIT DROP")
        with cursor.copy(
            "COPY said (series_id, approved, reading_time, value, modified_at) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO gauge_readings (series_id, approved, reading_time, value, modified_at) "
            "SELECT series_id, approved, reading_time, value, modified_at FROM said "
            "ON CONFLICT (series_id, reading_time) DO UPDATE SET value = excluded.value"
        )


def _wal(conn: psycopg.Connection, run: Callable[[], object]) -> float:
    (before,) = conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ("",)
    run()
    (written,) = conn.execute(
        "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s::pg_lsn)::float8", (before,)
    ).fetchone() or (0.0,)
    return float(written)


def _page(*, series_count: int, hours: int) -> bytes:
    """A page in the agency's format, larger than it would give: pages are read one after the other."""
    readings = _measurements(series_count, hours * 4)
    features = [
        f'{{"type":"Feature","id":"{number:032x}","geometry":null,"properties":{{"time_series_id":'
        f'"{_upstream_id(index)}","monitoring_location_id":"USGS-{_site(index)}","parameter_code":"00065",'
        f'"statistic_id":"00011","time":"{moment.isoformat()}","value":"{value}","unit_of_measure":"ft",'
        '"approval_status":"Provisional","qualifier":null,'
        '"last_modified":"2025-01-08T18:55:07.672769+00:00"}}'
        for number, (index, moment, value) in enumerate(
            zip(readings.series_index, readings.moments, readings.values, strict=True)
        )
    ]
    told = f'"numberReturned":{len(features)},"links":[]'
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}],{told}}}'.encode()


def _loop(page: bytes) -> list[tuple[str, datetime, float]]:
    return [
        (
            feature["properties"]["time_series_id"],
            datetime.fromisoformat(feature["properties"]["time"]),
            float(feature["properties"]["value"]),
        )
        for feature in json.loads(page)["features"]
        if feature["properties"]["value"] is not None
    ]

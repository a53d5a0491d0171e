"""The API's handler against the statements that it runs, bare: what an answer costs besides its data."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from awslambdaric.lambda_context import LambdaContext  # type: ignore[import-untyped]
from psycopg.conninfo import make_conninfo
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import api_house
from benchmarks.api_house import RAIN, RIVER
from benchmarks.race import Contender, Race, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, at_most, milliseconds, named
from benchmarks.slowness import COUNTING_SECONDS, count_to_a_million
from gaugehouse.domain.polling import Window
from gaugehouse.runtime.database import Database
from gaugehouse.store import (
    gauge_items,
    gauge_record,
    gauge_series,
    live_rainfall,
    named_gauges,
    rain_spans,
    stream_readings,
)
from gaugehouse.store.connection import connect
from gaugehouse_local.http_event import HttpRequest, http_event
from gaugehouse_local.postgres import LocalPostgres

BARE_TIMES, BARE_AND = 2, 0.003  # an answer may take twice the bare statements, and three milliseconds
YEAR_SECONDS = 0.150
YEAR = Window(datetime(2024, 10, 1, tzinfo=UTC), datetime(2025, 10, 1, tzinfo=UTC))
ALL_OF_IT = Window(api_house.FIRST_READING, datetime(2026, 10, 1, tzinfo=UTC))
NOBODY = gauge_items.GaugeFilter()

Bare = Callable[[psycopg.Connection], object]
Ask = Callable[..., dict[str, Any]]  # of a path, and the encodings that the caller takes


def one_gauge(conn: psycopg.Connection) -> None:
    """Run what tells of a gauge."""
    named_gauges.gauges_named(conn, RAIN)
    gauge_items.one(conn, RAIN)
    gauge_record.details(conn, RAIN)
    gauge_series.series_of(conn, RAIN)


def latest(conn: psycopg.Connection) -> None:
    """Run what tells of the newest."""
    named_gauges.gauges_named(conn, RIVER)
    stream_readings.latest_readings(conn, RIVER)
    live_rainfall.live_rain(conn, RIVER)
    live_rainfall.rain_today(conn, RIVER)
    rain_spans.latest_day(conn, RIVER)


def readings(window: Window, points: int | None) -> tuple[str, Bare]:
    """Return path and statement of a span of readings."""
    span = {"from": window.start.isoformat(), "to": window.end.isoformat()}
    query = urlencode({"parameter": "00060", **span, **({"points": points} if points else {})})

    def run(conn: psycopg.Connection) -> None:
        [(series_id,)] = conn.execute(
            "SELECT series_id FROM series WHERE station_id = %s AND parameter_code = '00060'", (RIVER,)
        )
        wanted = gauge_series.Wanted(series_id=series_id, window=window, limit=40_001, points=points)
        gauge_series.readings_as_json(conn, wanted)

    return f"/gauges/{RIVER}/readings?{query}", run


CALLS: dict[str, tuple[str, Bare]] = {
    "100 gauges of 13,200": ("/gauges?limit=100", lambda conn: gauge_items.page(conn, NOBODY, limit=101)),
    "one gauge with 27 years": (f"/gauges/{RAIN}", one_gauge),
    "one water year by day": (
        f"/gauges/{RAIN}/rainfall?from=2023-10-01&to=2024-09-30",
        lambda conn: rain_spans.days(
            conn, RAIN, rain_spans.DaySpan(first=date(2023, 10, 1), last=date(2024, 9, 30)), limit=40_001
        ),
    ),
    "the latest of a gauge": (f"/readings/{RIVER}/latest", latest),
    "2,000 points of 105,120 readings": readings(ALL_OF_IT, 2000),
}


class Known:
    """A way in that asks nobody."""

    def __init__(self, url: str) -> None:
        self._url = url

    def known(self) -> str:
        """Return it."""
        return self._url

    ask = known


@pytest.fixture(scope="module")
def bare(postgres: LocalPostgres, migrated_template: str) -> Iterator[psycopg.Connection]:
    """A connection to the furnished house."""
    name = f"benchmark_{uuid4().hex[:12]}"
    with connect(postgres.create_database(name, template=migrated_template), application_name="bare") as conn:
        api_house.furnish(conn)
        yield conn
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def ask(bare: psycopg.Connection) -> Iterator[Ask]:
    """Asks the handler of functions/api for a path."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "POWERTOOLS_SERVICE_NAME": "api",
            "AWS_LAMBDA_FUNCTION_NAME": "api",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "MAINTENANCE_FUNCTION": "maintenance",
            "IMPORT_DEAD_LETTER_QUEUE_URL": "http://127.0.0.1:1/letters",
            "FAILED_EVENTS_QUEUE_URL": "http://127.0.0.1:1/events",
            "DATABASE_SECRET_ARN": "known",
            "PUBLIC_READ": "true",
        }.items():
            patch.setenv(name, value)
        from functions.api import app

        url = make_conninfo(bare.info.dsn, password=bare.info.password)
        app.wiring.database = Database(Known(url), application_name="api")
        context = LambdaContext("1", None, None, int(time.time() * 1000) + 3_600_000, "arn:aws:lambda:test")

        def request(path: str, accept_encoding: str = "identity") -> dict[str, Any]:
            target, _, query = path.partition("?")
            asked = HttpRequest(
                method="GET",
                path=f"/api/v1{target}",
                query=query,
                headers={"accept-encoding": accept_encoding},
                body=b"",
                source_ip="192.0.2.1",
            )
            answer: dict[str, Any] = app.lambda_handler(
                http_event(asked, route_key="ANY /api/{proxy+}"), context
            )
            assert answer["statusCode"] == 200, answer
            return answer

        yield request
        app.wiring.connection().close()


@pytest.mark.parametrize("what", CALLS)
def test_common_calls(
    benchmark: BenchmarkFixture, bare: psycopg.Connection, ask: Ask, scoreboard: Scoreboard, what: str
) -> None:
    path, statements = CALLS[what]

    race = run_race(
        benchmark,
        Contender("handler", lambda: ask(path)),
        Contender("bare", lambda: statements(bare)),
        Contender("counting", count_to_a_million),
        rounds=25,
    )

    pairs = zip(race.seconds["handler"], race.seconds["bare"], strict=True)
    seconds, allowance = race.median_of("handler"), BARE_AND * _slowness(race)
    scoreboard.judge(
        Comparison(
            what=f"answer {what}, less {milliseconds(allowance)}",
            ours=f"{milliseconds(seconds)}, {1 / seconds:.0f}/s",
            limit=named("bare statements", race.median_of("bare")),
            ratio=median((handler - allowance) / statement for handler, statement in pairs),
            bar=at_most(BARE_TIMES),
        )
    )


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_year_at_every_quarter_of_an_hour(
    benchmark: BenchmarkFixture, bare: psycopg.Connection, ask: Ask, scoreboard: Scoreboard, encoding: str
) -> None:
    path, statement = readings(YEAR, None)
    assert json.loads(ask(path)["body"])["items"][35_039]["reading_time"] == "2025-09-30T23:45:00Z"

    race = run_race(
        benchmark,
        Contender("handler", lambda: ask(path, encoding)),
        Contender("bare", lambda: statement(bare)),
        Contender("counting", count_to_a_million),
        rounds=15,
    )

    scoreboard.judge(
        Comparison(
            what=f"35,040 readings, {encoding}, of 150 ms",
            ours=milliseconds(race.median_of("handler")),
            limit=f"{named('bare', race.median_of('bare'))}; {named('counting', race.median_of('counting'))}",
            ratio=race.median_of("handler") / (YEAR_SECONDS * _slowness(race)),
            bar=at_most(1),
        )
    )


def _slowness(race: Race) -> float:
    return max(1.0, race.median_of("counting") / COUNTING_SECONDS)

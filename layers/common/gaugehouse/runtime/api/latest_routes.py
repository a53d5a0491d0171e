"""The newest of everything that a gauge measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from gaugehouse.domain.rainfall import RAINFALL
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.parameters import StationId
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.tables import csv_answer
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import live_rainfall, rain_spans, stream_readings
from gaugehouse.store.live_rainfall import LiveRain, RainToday
from gaugehouse.store.rain_spans import RainDay
from gaugehouse.store.stream_readings import StreamReading

router = new_router()
MAX_AGE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest reading of each parameter (`items`), and of rainfall what is live, today's, and stored.

    `rain_today` is None where no transmission tells of today, `latest_day` without daily rainfall.
    """

    station_id: str
    time_zone: str
    items: Sequence[StreamReading]
    live_rain: Sequence[LiveRain]
    rain_today: RainToday | None
    latest_day: RainDay | None


HEADER = ("parameter_code", "method", "unit", "reading_time_utc", "value", "approved", "qualifiers")


@router.get(
    "/readings/<station_id>/latest",
    tags=["readings"],
    responses=described(Latest, "The newest of everything", other=(CSV,)),
)
def get_latest(station_id: StationId) -> Response[str]:
    """Give the newest reading of each parameter of a gauge, and its rain: now, today, of the last stored day.

    As CSV there are the readings of its parameters, and of a rain gauge its live rainfall by each way of
    counting.
    """
    form = wanted_form(router, JSON, CSV)
    conn = connection_of(router)
    gauge = known_gauge(conn, station_id)
    items = stream_readings.latest_readings(conn, gauge.station_id)
    live = live_rainfall.live_rain(conn, gauge.station_id)
    if form == CSV:
        return csv_answer(HEADER, _rows(items, live), max_age=MAX_AGE_SECONDS)
    answer = Latest(
        station_id=gauge.station_id,
        time_zone=gauge.time_zone,
        items=items,
        live_rain=live,
        rain_today=live_rainfall.rain_today(conn, gauge.station_id),
        latest_day=rain_spans.latest_day(conn, gauge.station_id),
    )
    return json_answer(answer, max_age=MAX_AGE_SECONDS)


def _rows(items: Sequence[StreamReading], live: Sequence[LiveRain]) -> Iterator[tuple[object, ...]]:
    for each in items:
        yield (
            each.parameter_code, None, each.unit, each.reading_time, each.value, each.approved,
            each.qualifiers,
        )  # fmt: skip
    for rain in live:
        if rain.latest_reading_time is not None:
            yield RAINFALL, rain.method, "in", rain.latest_reading_time, rain.inches, None, None

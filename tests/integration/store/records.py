"""Small records for tests of the store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import psycopg

from gaugehouse.domain.rainfall import DailyRainfall, Gap, Quality, RainRecord

STATION = "59700"
DAY = date(2024, 1, 1)


def days(inches: Mapping[int, float], quality: Quality = Quality.MEASURED) -> tuple[DailyRainfall, ...]:
    """Days of January 2024 with these inches."""
    return tuple(DailyRainfall(date(2024, 1, day), value, quality) for day, value in sorted(inches.items()))


def gap(first: int, last: int, cause: str = "Battery", **more: object) -> Gap:
    """A gap from day `first` of January 2024 to before day `last`."""
    return Gap(
        gap_start=datetime(2024, 1, first, 7, tzinfo=UTC),
        gap_end=datetime(2024, 1, last, 7, tzinfo=UTC),
        cause=cause,
        missing_days=last - first,
        **more,  # type: ignore[arg-type]
    )


def rain_record(
    values: Mapping[int, float] | Sequence[DailyRainfall],
    *,
    missing: Sequence[int] = (),
    source: str = "fopr",
    written: date = date(2024, 2, 1),
    gaps: Sequence[Gap] = (),
) -> RainRecord:
    """What one document says of January 2024."""
    return RainRecord(
        station_id=STATION,
        data_source=source,
        document_date=written,
        days=days(values) if isinstance(values, Mapping) else tuple(values),
        missing=tuple(date(2024, 1, day) for day in missing),
        gaps=tuple(gaps),
    )


def add_gauge(conn: psycopg.Connection, station_id: str = STATION) -> None:
    """A gauge, since readings and gaps need one."""
    conn.execute(
        "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source) "
        "VALUES (%s, 'mcfcd', 'Aztec Park', 'America/Phoenix', 'gauge_list')",
        (station_id,),
    )

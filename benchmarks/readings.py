"""Daily readings, and the plain ways to load them."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from psycopg import Connection

from gaugehouse.domain.rainfall import DailyRainfall, RainRecord
from gaugehouse.store import rain_readings

COLUMNS = "station_id, reading_date, rainfall_inches, quality, data_source, document_date"
COPY = f"COPY rain_readings ({COLUMNS}) FROM STDIN"
INSERT = f"INSERT INTO rain_readings ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)"
DAYS = 10_000  # 27 years


def long_record(station_id: str) -> RainRecord:
    """Return a record of 10,000 days, one in ten of them wet, as a full-record document tells it."""
    chance = Random(1908)
    first = date(1998, 10, 1)
    inches = (chance.randint(1, 60) * 0.03937007874 if chance.random() < 0.1 else 0.0 for _ in range(DAYS))
    return RainRecord(
        station_id=station_id,
        data_source="fopr",
        document_date=date(2026, 12, 19),
        days=tuple(DailyRainfall(first + timedelta(days=day), rain) for day, rain in enumerate(inches)),
        missing=(),
        gaps=(),
    )


def of_station(record: RainRecord, station_id: str) -> RainRecord:
    """Return the same days of another gauge."""
    return replace(record, station_id=station_id)


def add_gauges(conn: Connection, *station_ids: str) -> None:
    """Add gauges, since readings need one."""
    conn.execute(
        "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source) "
        "SELECT unnest(%s::text[]), 'mcfcd', 'Mesquite Park', 'America/Phoenix', 'gauge_list'",
        (list(station_ids),),
    )


def load(conn: Connection, *records: RainRecord) -> None:
    """Load as the importer does."""
    with conn.transaction():
        counts = rain_readings.merge(conn, records).counts
    assert counts.inserted == sum(len(record.days) for record in records)


def copy_directly(conn: Connection, *records: RainRecord) -> None:
    """Load with COPY into the table itself: no way past its constraints is faster, but it cannot merge."""
    with conn.transaction(), conn.cursor() as cursor, cursor.copy(COPY) as copy:
        for record in records:
            for day in record.days:
                copy.write_row(_row(record, day))


def insert_one_by_one(conn: Connection, record: RainRecord) -> None:
    """Load with a transaction for each row."""
    for day in record.days:
        conn.execute(INSERT, _row(record, day))


def _row(record: RainRecord, day: DailyRainfall) -> tuple[object, ...]:
    return (
        record.station_id,
        day.reading_date,
        day.rainfall_inches,
        day.quality,
        record.data_source,
        record.document_date,
    )

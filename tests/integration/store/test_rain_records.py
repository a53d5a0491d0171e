"""What an operator sees of a record that several documents tell of: each day counts once."""

from datetime import date

import psycopg

from gaugehouse.domain.rainfall import GapCause
from gaugehouse.store import data_gaps, rain_readings, rain_records
from tests.integration.store.records import add_gauge, gap, rain_record


def test_a_day_that_two_documents_call_missing_is_one(conn: psycopg.Connection) -> None:
    add_gauge(conn)
    before = gap(1, 3, GapCause.BEFORE_RECORD)
    documents = [
        rain_record({3: 0.1, 6: 0.2}, missing=(1, 2, 4, 5), gaps=(before, gap(4, 6))),
        rain_record({3: 0.1, 5: 0.4}, missing=(2, 4), gaps=(gap(4, 5),), source="excel_WY_2024"),
        rain_record(
            {3: 0.1}, missing=(4, 6), gaps=(gap(4, 5),), source="pdf_0124", written=date(2024, 1, 31)
        ),
    ]
    for document in documents:
        rain_readings.merge(conn, [document])
        data_gaps.replace(conn, [document])

    [record] = rain_records.gauge_records(conn)

    assert (record.rows, record.first_date, record.last_date) == (2, date(2024, 1, 3), date(2024, 1, 6))
    assert (record.missing_days, record.before_record_days) == (2, 2), "4 and 5; 1 and 2"
    assert record.gaps == 2, "the outage that begins on the 4th, and the days before the record"


def test_a_gauge_without_a_record_has_no_gaps_in_it(conn: psycopg.Connection) -> None:
    add_gauge(conn)

    [record] = rain_records.gauge_records(conn)

    assert (record.rows, record.gaps, record.missing_days, record.before_record_days) == (0, 0, 0, 0)

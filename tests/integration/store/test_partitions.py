import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import psycopg
import pytest

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.store import gauge_readings, partitions
from tests.conftest import Connect
from tests.integration.store.streams import NOON, add_stream_gauge, measurements, one, stage

PARTITIONS = """
SELECT child.relname, pg_get_expr(child.relpartbound, child.oid) FROM pg_inherits
JOIN pg_class AS child ON child.oid = inhrelid AND child.relkind = 'r'
WHERE inhparent = 'gauge_readings'::regclass ORDER BY 1
"""


def test_a_month_is_made_once_and_ends_where_the_next_begins(conn: psycopg.Connection) -> None:
    conn.execute("SET timezone = 'America/Phoenix'")  # the cuts are in UTC all the same

    assert partitions.ensure(conn, [date(2024, 12, 31), date(2024, 12, 1), date(1939, 10, 1)]) == 2
    assert partitions.ensure(conn, [date(2024, 12, 1)]) == 0

    conn.execute("SET timezone = 'UTC'")
    assert conn.execute(PARTITIONS).fetchall() == [
        (
            "gauge_readings_1939_10",
            "FOR VALUES FROM ('1939-10-01 00:00:00+00') TO ('1939-11-01 00:00:00+00')",
        ),
        (
            "gauge_readings_2024_12",
            "FOR VALUES FROM ('2024-12-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')",
        ),
    ]


def test_a_partition_has_the_key_and_the_checks_of_its_table(conn: psycopg.Connection) -> None:
    partitions.ensure(conn, [date(2026, 8, 1)])

    constraints = conn.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'gauge_readings_2026_08'::regclass AND contype <> 'n' ORDER BY contype"
    ).fetchall()
    assert [text for (text,) in constraints] == [
        (
            "CHECK (((value > ('-999000'::integer)::double precision) "
            "AND (value < 'Infinity'::double precision)))"
        ),
        "PRIMARY KEY (series_id, reading_time)",
    ]


@pytest.mark.parametrize("month", [date(1899, 12, 31), date(99, 1, 1), date(9999, 12, 1)])
def test_no_month_that_a_reading_cannot_be_of(month: date, conn: psycopg.Connection) -> None:
    with pytest.raises(DocumentInvalid, match="readings are from 1900 to a year from now"):
        partitions.ensure(conn, [month])

    assert conn.execute(PARTITIONS).fetchall() == []


def test_the_bounds_themselves_are_allowed(conn: psycopg.Connection) -> None:
    next_year = one(conn, "SELECT (clock_timestamp() + interval '1 year')::date")

    assert partitions.ensure(conn, [date(1900, 1, 1), next_year]) == 2


def test_this_month_and_those_ahead(conn: psycopg.Connection) -> None:
    assert partitions.ensure_ahead(conn, datetime(2025, 11, 30, 23, 59, tzinfo=UTC), months=3) == 4

    assert [name for name, _ in conn.execute(PARTITIONS)] == [
        "gauge_readings_2025_11",
        "gauge_readings_2025_12",
        "gauge_readings_2026_01",
        "gauge_readings_2026_02",
    ]


def test_months_of_moments() -> None:
    first, last = datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)

    assert partitions.months_of([last, first, last]) == [date(2025, 12, 1), date(2026, 2, 1)]
    assert partitions.months_of([]) == []


def test_many_callers_at_once_make_each_month_once(open_connection: Connect) -> None:
    connections = [open_connection() for _ in range(6)]
    start = threading.Barrier(len(connections))
    months = [date(2025, month, 1) for month in range(1, 13)]

    def ensure(conn: psycopg.Connection) -> int:
        start.wait()
        return partitions.ensure(conn, months)

    with ThreadPoolExecutor(len(connections)) as pool:
        made = list(pool.map(ensure, connections))

    assert sum(made) == 12
    assert len(connections[0].execute(PARTITIONS).fetchall()) == 12


@pytest.mark.parametrize("writing", [False, True])
def test_it_waits_for_no_open_transaction_that_uses_the_table(
    writing: bool, open_connection: Connect
) -> None:
    """PARTITION OF would wait here, and every later poll behind it."""
    conn, other = open_connection(), open_connection()
    add_stream_gauge(conn)
    partitions.ensure(conn, [NOON.date()])
    with other.transaction():
        if writing:
            gauge_readings.merge(other, measurements(stage(0, 1.5)))
        other.execute("SELECT count(*) FROM gauge_readings")

        conn.execute("SET lock_timeout = '500ms'")
        assert partitions.ensure(conn, [date(2026, 9, 1)]) == 1
        assert one(conn, "SELECT count(*) FROM gauge_readings") == 0

    assert one(conn, "SELECT count(*) FROM gauge_readings") == int(writing)


def test_a_role_that_owns_nothing_makes_partitions_only_where_it_is_allowed(conn: psycopg.Connection) -> None:
    conn.execute("CREATE ROLE stranger")
    conn.execute("CREATE ROLE polling")
    conn.execute("GRANT EXECUTE ON FUNCTION ensure_partition TO polling")
    try:
        conn.execute("SET ROLE stranger")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            partitions.ensure(conn, [date(2026, 8, 1)])

        conn.execute("RESET ROLE")
        conn.execute("SET ROLE polling")
        # What the caller puts on the path, the owner's function must not trip over.
        conn.execute("CREATE TEMPORARY TABLE gauge_readings (trap int)")
        conn.execute("SET search_path = pg_temp, public")
        assert partitions.ensure(conn, [date(2026, 8, 1)]) == 1
    finally:
        conn.execute("RESET ROLE")
        conn.execute("RESET search_path")
        conn.execute("DROP OWNED BY polling")
        conn.execute("DROP ROLE polling")
        conn.execute("DROP ROLE stranger")
    assert conn.execute(PARTITIONS.replace("'gauge_readings'", "'public.gauge_readings'").encode()).fetchall()


def test_a_reading_of_a_month_without_a_partition_is_refused(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)

    with pytest.raises(psycopg.errors.CheckViolation, match="no partition"):
        gauge_readings.merge(conn, measurements(stage(0, 1.5)))

"""Whatever the responses, and in whichever order and batches they come: the same table, written once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaugehouse.domain.measurements import Measurements
from gaugehouse.store import daily_values, gauge_readings, series
from gaugehouse.store.merge_counts import MergeCounts
from tests.integration.store.streams import (
    DAILY_ID,
    FLOW_ID,
    NOON,
    STAGE_ID,
    Told,
    add_stream_gauge,
    described_series,
    make_partitions,
    measurements,
)


class Table(NamedTuple):
    """One of the two tables of measurements."""

    merge: Callable[[psycopg.Connection, Measurements[Any]], MergeCounts]
    moment: Callable[[int], Any]
    upstream_ids: Mapping[str, str]
    rows: str
    versions: str
    clear: str


READINGS = Table(
    gauge_readings.merge,
    lambda step: NOON + timedelta(minutes=step),
    {"a": STAGE_ID, "b": FLOW_ID, "not primary": "other-reading", "unknown": DAILY_ID},
    "SELECT series_id, reading_time, value, modified_at, qualifiers, approved "
    "FROM gauge_readings ORDER BY 1, 2",
    "SELECT ctid::text, xmin::text FROM gauge_readings ORDER BY 1",
    "DELETE FROM gauge_readings",
)
DAILY = Table(
    daily_values.merge,
    lambda step: NOON.date() + timedelta(days=step),
    {"a": DAILY_ID, "b": "other-parameter", "not primary": "other-daily", "unknown": STAGE_ID},
    "SELECT series_id, reading_date, value, modified_at, qualifiers, approved "
    "FROM daily_values ORDER BY 1, 2",
    "SELECT ctid::text, xmin::text FROM daily_values ORDER BY 1",
    "DELETE FROM daily_values",
)


class Row(NamedTuple):
    """A measurement of a small world, in which the same moments come again and again."""

    whose: str
    step: int
    value: float
    modified: datetime
    qualifiers: str | None
    approved: bool


rows = st.builds(
    Row,
    st.sampled_from(["a", "b", "not primary", "unknown"]),
    st.integers(0, 4),
    st.sampled_from([0.0, 1.0, -2.5, 1e300]),
    st.integers(0, 2).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.sampled_from([None, "ICE", "ICE,e", "e"]),
    st.booleans(),
)
# In every response a series and moment occur once.
responses = st.lists(
    st.lists(rows, max_size=8, unique_by=lambda row: (row.whose, row.step)), min_size=1, max_size=5
)


@pytest.fixture(autouse=True)
def site(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)
    series.upsert(
        conn,
        [
            described_series("other-parameter", "00010", statistic="00001"),
            described_series("other-reading", method="x", is_primary=False),
            described_series("other-daily", method="x", is_primary=False, statistic="00003"),
        ],
    )
    make_partitions(conn)


@pytest.mark.parametrize("table", [READINGS, DAILY], ids=["gauge_readings", "daily_values"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), told=responses)
def test_order_batches_and_repetition_do_not_matter(
    table: Table, data: st.DataObject, told: list[list[Row]], conn: psycopg.Connection
) -> None:
    conn.execute(table.clear.encode())
    for response in told:
        counts = table.merge(conn, measurements_of_rows(table, response))
        known = counts.inserted + counts.revised + counts.unchanged
        assert known + counts.skipped_not_primary + counts.unknown_series == len(response)
    expected = conn.execute(table.rows.encode()).fetchall()
    versions = conn.execute(table.versions.encode()).fetchall()

    for response in told:
        again = table.merge(conn, measurements_of_rows(table, response))
        assert (again.inserted, again.revised) == (0, 0)
    assert conn.execute(table.versions.encode()).fetchall() == versions

    conn.execute(table.clear.encode())
    for response in data.draw(st.permutations(told)):
        shuffled = data.draw(st.permutations(response))
        cut = data.draw(st.integers(0, len(response)))
        for part in (shuffled[:cut], shuffled[cut:]):
            table.merge(conn, measurements_of_rows(table, part))
    assert conn.execute(table.rows.encode()).fetchall() == expected


def measurements_of_rows(table: Table, response: Sequence[Row]) -> Measurements[Any]:
    """The response as the store gets it."""
    return measurements(
        *(
            Told(
                table.upstream_ids[row.whose],
                table.moment(row.step),
                row.value,
                row.modified,
                row.qualifiers,
                approved=row.approved,
            )
            for row in response
        )
    )

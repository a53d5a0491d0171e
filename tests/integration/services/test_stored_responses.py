"""From an agency's answer to the table, whatever the answers: only what was measured, once, in any order."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaugehouse.domain.series import Series as DescribedSeries
from gaugehouse.domain.series import StreamGauge
from gaugehouse.services.store_measurements import prepare_partitions, store_readings
from gaugehouse.sources.usgs.waterdata import parse_continuous
from gaugehouse.store import series, stream_gauges
from tests.unit.sources.usgs.features import NOON, NOT_AFTER, OTHER_SERIES, SERIES, Feature, feature, page

SITE = "06904500"
NUMBERS = ["1.59", "-0.25", "0", "-998999.5"]
NOT_MEASURED: list[object] = [
    None, "-999999", "-999999.00", "-1000000", "Ice", "", "nan", "inf", "-inf", "1e999", True, []
]  # fmt: skip

answers = st.lists(
    st.lists(
        st.builds(
            lambda value, quarters, hour, **properties: feature(
                value,
                (NOON + timedelta(minutes=15 * quarters)).isoformat(),
                last_modified=f"2026-08-07T1{hour}:00:00+00:00",
                **properties,
            ),
            st.sampled_from(NUMBERS) | st.sampled_from(NOT_MEASURED),
            st.integers(0, 3) | st.just(40),  # ten hours later is in the future
            st.integers(0, 2),
            time_series_id=st.sampled_from([SERIES, OTHER_SERIES, "unknown"]),
            approval_status=st.sampled_from(["Approved", "Provisional"]),
            qualifier=st.sampled_from([None, ["ICE"], ["e"]]),
        ),
        max_size=8,
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(autouse=True)
def site(conn: psycopg.Connection) -> None:
    """A stage of which there are two sensors; the other one's values are not kept."""
    stream_gauges.upsert(
        conn, [StreamGauge(station_id=SITE, name="R", agency_code="USGS", time_zone="America/Chicago")]
    )
    series.upsert(
        conn,
        [
            DescribedSeries(
                station_id=SITE,
                parameter_code="00065",
                statistic="00011",
                unit="ft",
                upstream_series_id=upstream_id,
                method=method,
                is_primary=not method,
            )
            for upstream_id, method in ((SERIES, ""), (OTHER_SERIES, "second"))
        ],
    )


def store(conn: psycopg.Connection, answers: Sequence[Sequence[Feature]]) -> list[tuple[Any, ...]]:
    """Read and store these answers; return the table with the version of each of its rows."""
    for answer in answers:
        response = parse_continuous([page(*answer)], not_after=NOT_AFTER)
        prepare_partitions(response, conn=conn)
        with conn.transaction():
            counts = store_readings(response, conn=conn)
        told = counts.inserted + counts.revised + counts.unchanged + counts.skipped + counts.unknown_series
        assert told + counts.missing + counts.duplicates + sum(counts.rejected.values()) == len(answer)
    return conn.execute(
        "SELECT reading_time, value, modified_at, qualifiers, approved, upstream_series_id, "
        "gauge_readings.ctid::text, gauge_readings.xmin::text "
        "FROM gauge_readings JOIN series USING (series_id) ORDER BY reading_time"
    ).fetchall()


def surely_measured(answer: Sequence[Feature]) -> set[datetime]:
    """The moments whose newest version in an answer is a number: an older one may have been withdrawn."""
    said: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for properties in (each["properties"] for each in answer):
        if properties["time_series_id"] == SERIES:
            said[properties["time"]].append((properties["last_modified"], properties["value"] in NUMBERS))
    return {
        moment
        for moment, versions in ((datetime.fromisoformat(time), said[time]) for time in said)
        if moment <= NOT_AFTER
        and all(is_number for modified, is_number in versions if modified == max(versions)[0])
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=answers, data=st.data())
def test_only_what_was_measured_is_stored_once_and_in_any_order(
    told: list[list[Feature]], data: st.DataObject, conn: psycopg.Connection
) -> None:
    conn.execute("DELETE FROM gauge_readings")
    measured = {
        (NOON + timedelta(minutes=15 * quarters), float(number))
        for quarters in range(4)
        for number in NUMBERS
        for answer in told
        for properties in (each["properties"] for each in answer)
        if properties["value"] == number
        and properties["time_series_id"] == SERIES
        and properties["time"] == (NOON + timedelta(minutes=15 * quarters)).isoformat()
    }

    held = store(conn, told)

    assert {row[:2] for row in held} <= measured
    assert {row[0] for row in held} >= {moment for answer in told for moment in surely_measured(answer)}
    assert {row[5] for row in held} <= {SERIES}
    assert store(conn, told) == held, "written twice is not written"

    conn.execute("DELETE FROM gauge_readings")
    shuffled = data.draw(st.permutations(told))
    assert [row[:6] for row in store(conn, shuffled)] == [row[:6] for row in held]

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gaugehouse.domain.measurements import MeasuredSeries
from gaugehouse.domain.series import DAILY_MEAN, DISCHARGE, INSTANTANEOUS, STAGE
from gaugehouse.store import gauge_readings, known_series, series, stream_gauges
from tests.integration.store.streams import (
    DAILY_ID,
    FLOW_ID,
    OTHER_SITE,
    SITE,
    STAGE_ID,
    add_stream_gauge,
    described_series,
    gauge,
    make_partitions,
    measured_series,
    measurements,
    stage,
)

ROWS = (
    "SELECT method, upstream_series_id, is_primary FROM series WHERE parameter_code = '00065' ORDER BY method"
)
BEGINS = datetime(1939, 10, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def known_gauge(conn: psycopg.Connection) -> None:
    stream_gauges.upsert(conn, [gauge()])


def test_series_are_stored_once_and_written_only_where_they_differ(conn: psycopg.Connection) -> None:
    described = [described_series(), described_series(FLOW_ID, DISCHARGE, begins=BEGINS)]

    assert series.upsert(conn, described).inserted == 2
    before = conn.execute("SELECT xmin, ctid FROM series ORDER BY 2").fetchall()
    counts = series.upsert(conn, described)
    assert (counts.inserted, counts.revised, counts.unchanged) == (0, 0, 2)
    assert conn.execute("SELECT xmin, ctid FROM series ORDER BY 2").fetchall() == before

    counts = series.upsert(conn, [described[0], described_series(FLOW_ID, DISCHARGE, unit="ft^3/s")])
    assert (counts.inserted, counts.revised, counts.unchanged) == (0, 1, 1)
    rows = conn.execute("SELECT unit, begins FROM series WHERE parameter_code = '00060'").fetchall()
    assert rows == [("ft^3/s", BEGINS)], "what the agency leaves blank does not erase what is known"


def test_the_operators_threshold_stays(conn: psycopg.Connection) -> None:
    series.upsert(conn, [described_series()])
    conn.execute("UPDATE series SET staleness_minutes = 400")

    series.upsert(conn, [described_series(unit="m")])

    both = [SITE, OTHER_SITE]
    assert known_series.staleness_minutes(conn, both, parameter_codes=[STAGE]) == {SITE: 400}
    assert known_series.staleness_minutes(conn, both, parameter_codes=[DISCHARGE]) == {}
    assert known_series.staleness_minutes(conn, [OTHER_SITE], parameter_codes=[STAGE]) == {}


def test_other_sensors_are_known_by_what_the_agency_says_of_them(conn: psycopg.Connection) -> None:
    told = [
        described_series(),
        described_series("a1", method="Auxiliary", is_primary=False),
        described_series("b2", method="b2", is_primary=False),
        described_series("c3", method="Old pier", is_primary=False, ends=BEGINS),
    ]
    series.upsert(conn, told)

    since = BEGINS + timedelta(days=1)
    assert known_series.other_sensors(conn, [SITE, OTHER_SITE], since=since) == {
        (SITE, STAGE, INSTANTANEOUS): {"Auxiliary": "Auxiliary", "": "b2"}
    }
    assert "Old pier" in known_series.other_sensors(conn, [SITE], since=BEGINS)[SITE, STAGE, INSTANTANEOUS]
    assert known_series.other_sensors(conn, [OTHER_SITE], since=since) == {}


def test_a_replaced_sensor_goes_on_with_the_series_of_the_old_one(conn: psycopg.Connection) -> None:
    series.upsert(conn, [described_series("old")])
    make_partitions(conn)
    gauge_readings.merge(conn, measurements(stage(0, 1.5)._replace(upstream_id="old")))

    counts = series.upsert(
        conn, [described_series("new"), described_series("old", method="retired", is_primary=False)]
    )

    assert (counts.inserted, counts.revised) == (1, 1)
    assert conn.execute(ROWS).fetchall() == [("", "new", True), ("retired", "old", False)]
    gauge_readings.merge(conn, measurements(stage(15, 1.6)._replace(upstream_id="new")))
    assert conn.execute(
        "SELECT DISTINCT upstream_series_id FROM gauge_readings JOIN series USING (series_id)"
    ).fetchall() == [("new",)]


def test_two_series_can_swap_their_ids_in_one_batch(conn: psycopg.Connection) -> None:
    series.upsert(conn, [described_series("a"), described_series("b", method="b", is_primary=False)])

    series.upsert(conn, [described_series("b"), described_series("a", method="b", is_primary=False)])

    assert conn.execute(ROWS).fetchall() == [("", "b", True), ("b", "a", False)]


def test_an_id_that_moved_to_another_site_leaves_the_old_one(conn: psycopg.Connection) -> None:
    stream_gauges.upsert(conn, [gauge(OTHER_SITE)])
    series.upsert(conn, [described_series("a")])

    series.upsert(conn, [described_series("a", station_id=OTHER_SITE)])

    rows = conn.execute("SELECT station_id, upstream_series_id FROM series ORDER BY 1").fetchall()
    assert rows == [(OTHER_SITE, "a"), (SITE, None)]
    assert series.find(conn, [MeasuredSeries(SITE, STAGE, INSTANTANEOUS, "ft", upstream_series_id="a")])


def test_a_batch_that_names_a_series_or_an_id_twice(conn: psycopg.Connection) -> None:
    ended = datetime(1990, 1, 1, tzinfo=UTC)
    counts = series.upsert(
        conn,
        [
            described_series("ended", ends=ended),
            described_series("current"),
            described_series("current", DISCHARGE, is_primary=False),
            described_series("demoted", is_primary=False),
        ],
    )

    assert (counts.inserted, counts.doubled) == (1, 3)
    assert conn.execute(ROWS).fetchall() == [("", "current", True)]


def test_a_series_of_an_unknown_gauge_does_not_roll_back_the_others(conn: psycopg.Connection) -> None:
    counts = series.upsert(conn, [described_series(), described_series("b", station_id=OTHER_SITE)])

    assert (counts.inserted, counts.without_gauge, counts.unchanged) == (1, 1, 0)
    assert (known_series.is_known(conn, SITE), known_series.is_known(conn, OTHER_SITE)) == (True, False)


def test_a_response_names_series_by_their_id_or_by_what_they_measure(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)
    series.upsert(conn, [described_series("second", method="downstream", is_primary=False)])
    named = [
        measured_series(STAGE_ID),
        measured_series("nobody"),
        measured_series("second"),
        measured_series(DAILY_ID),
        MeasuredSeries(SITE, STAGE, INSTANTANEOUS, "ft"),
        MeasuredSeries(SITE, STAGE, INSTANTANEOUS, "ft", "downstream"),
        MeasuredSeries(SITE, STAGE, INSTANTANEOUS, "ft", "upstream"),
        MeasuredSeries(SITE, DISCHARGE, DAILY_MEAN, "ft^3/s"),
        # The id alone counts where there is one: this one is not ours.
        MeasuredSeries(SITE, STAGE, INSTANTANEOUS, "ft", upstream_series_id="nobody"),
    ]

    found = series.find(conn, named)

    assert [each and (each.is_primary, each.statistic) for each in found] == [
        (True, INSTANTANEOUS),
        None,
        (False, INSTANTANEOUS),
        (True, DAILY_MEAN),
        (True, INSTANTANEOUS),
        (False, INSTANTANEOUS),
        None,
        (True, DAILY_MEAN),
        None,
    ]
    assert found[0] == found[4] and found[2] == found[5] and found[3] == found[7]

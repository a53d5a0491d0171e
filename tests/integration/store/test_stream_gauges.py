import psycopg

from gaugehouse.domain.series import StreamGauge
from gaugehouse.store import stream_gauges
from tests.integration.store.records import add_gauge
from tests.integration.store.streams import OTHER_SITE, SITE, gauge

ROW = "SELECT name, state, latitude, elevation_ft, agency_code FROM gauges WHERE station_id = %s"


def test_a_new_gauge_and_then_only_what_differs(conn: psycopg.Connection) -> None:
    said = [gauge(latitude=40.5, state="Illinois"), gauge(OTHER_SITE)]
    assert stream_gauges.upsert(conn, said).inserted == 2
    before = conn.execute("SELECT xmin, ctid FROM gauges ORDER BY 2").fetchall()

    counts = stream_gauges.upsert(conn, said)
    assert (counts.inserted, counts.revised, counts.unchanged) == (0, 0, 2)
    assert conn.execute("SELECT xmin, ctid FROM gauges ORDER BY 2").fetchall() == before

    counts = stream_gauges.upsert(conn, [gauge(elevation_ft=428.4)])
    assert (counts.inserted, counts.revised, counts.unchanged) == (0, 1, 0)
    assert conn.execute(ROW, (SITE,)).fetchone() == (gauge().name, "Illinois", 40.5, 428.4, "USGS")


def test_another_name_is_reported_and_ours_stays(conn: psycopg.Connection) -> None:
    stream_gauges.upsert(conn, [gauge(), gauge(OTHER_SITE)])

    counts = stream_gauges.upsert(conn, [gauge(name="POTOMAC RIVER", state="Maryland"), gauge(OTHER_SITE)])

    assert counts.renamed == ((SITE, gauge().name, "POTOMAC RIVER"),)
    assert counts.revised == 1, "the other columns are stored all the same"
    assert conn.execute(ROW, (SITE,)).fetchone() == (gauge().name, "Maryland", None, None, "USGS")


def test_a_gauge_of_another_network_is_left_alone(conn: psycopg.Connection) -> None:
    add_gauge(conn, "59700")

    counts = stream_gauges.upsert(
        conn, [StreamGauge(station_id="59700", name="x", agency_code="Y", time_zone="UTC")]
    )

    assert (counts.inserted, counts.unchanged, counts.foreign) == (0, 0, ("59700",))
    assert conn.execute("SELECT network, name, time_zone FROM gauges").fetchall() == [
        ("mcfcd", "Aztec Park", "America/Phoenix")
    ]


def test_a_gauge_that_comes_twice_counts_once(conn: psycopg.Connection) -> None:
    counts = stream_gauges.upsert(conn, [gauge(name="first"), gauge(name="last")])

    assert (counts.inserted, counts.unchanged) == (1, 0)
    assert conn.execute("SELECT name FROM gauges").fetchall() == [("last",)]

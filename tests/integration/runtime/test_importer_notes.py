"""What the importer learns besides the record: whether there is a workbook, and when it last asked."""

import psycopg

from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import due_now, message
from tests.integration.runtime.conftest import Handle


def workbook(conn: psycopg.Connection, station_id: str) -> tuple[object, ...] | None:
    """Whether it is available, and whether that was seen within the last minute."""
    return conn.execute(
        "SELECT workbook_available, workbook_checked_at > now() - interval '1 minute' FROM gauges "
        "WHERE station_id = %s",
        (station_id,),
    ).fetchone()


def test_a_gauge_is_known_to_have_a_workbook_or_not_from_the_first_answer_on(
    poller: Handle, run: Run, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    poller({"source": "mcfcd_gauge_list"})
    assert workbook(conn, station) == (None, None)

    agency.order(f"{station}_FOPR.xlsx", Fault.status(404))
    import_message(message(station), run)
    assert workbook(conn, station) == (False, True)

    due_now(conn)
    import_message(message(station), run)
    assert workbook(conn, station) == (True, True)


def test_an_agency_that_is_down_says_nothing_about_its_workbooks(
    poller: Handle, run: Run, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    poller({"source": "mcfcd_gauge_list"})
    agency.order(f"{station}_FOPR.xlsx", Fault.status(503))

    import_message(message(station), run)

    assert workbook(conn, station) == (None, None)


def test_asking_again_for_the_same_document_counts_as_asking(
    poller: Handle, run: Run, conn: psycopg.Connection, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    import_message(message(station), run)
    conn.execute("UPDATE gauges SET workbook_checked_at = now() - interval '40 days'")
    conn.execute("UPDATE import_jobs SET status = 'pending'")

    import_message(message(station), run)

    assert workbook(conn, station) == (True, True)

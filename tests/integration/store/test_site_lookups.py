from datetime import timedelta

import psycopg

from gaugehouse.store import poll_targets, site_lookups
from tests.integration.store.records import add_gauge
from tests.integration.store.streams import NOON, SITE, add_stream_gauge, one

SITES = ["01", "02", "03", "04"]
CODES = ["00060", "00065"]
DAY = timedelta(days=1)


def due(conn: psycopg.Connection, codes: list[str] = CODES) -> list[str]:
    return site_lookups.due(conn, parameter_codes=codes)


def test_sites_wait_for_their_series(conn: psycopg.Connection) -> None:
    poll_targets.add(conn, SITES)
    assert poll_targets.due(conn, polled_at=NOON) == []
    assert (due(conn), site_lookups.count_unknown(conn)) == (SITES, 4)

    site_lookups.mark(conn, ["02", "03"], parameter_codes=CODES)
    poll_targets.remove(conn, ["04"])

    assert (due(conn), site_lookups.count_unknown(conn)) == (["01"], 1)
    now = one(conn, "SELECT clock_timestamp()")
    assert site_lookups.due(conn, parameter_codes=CODES, not_since=now) == ["01", "02", "03"]
    assert site_lookups.due(conn, parameter_codes=CODES, not_since=now - DAY) == ["01"]
    assert poll_targets.due(conn, polled_at=NOON) == ["02", "03"]


def test_other_parameters_have_the_gauges_looked_up_again(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)
    poll_targets.add(conn, ["without-series"])
    site_lookups.mark(conn, ["without-series"], parameter_codes=CODES)
    assert (due(conn), due(conn, ["00065", "00060"])) == ([], [])

    assert due(conn, [*CODES, "00045"]) == [SITE]
    site_lookups.mark(conn, [SITE], parameter_codes=[*CODES, "00045"])

    assert due(conn, ["00045", *CODES]) == []
    assert due(conn, ["00045"]) == [SITE]
    assert site_lookups.parameters_of(conn, SITE) == ["00045", "00060", "00065"]
    assert site_lookups.parameters_of(conn, "nobody") == []


def test_an_id_that_is_another_networks_gauge_is_not_looked_up_for_ever(conn: psycopg.Connection) -> None:
    add_gauge(conn, "59700")
    poll_targets.add(conn, ["59700"])
    site_lookups.mark(conn, ["59700"], parameter_codes=CODES)

    assert due(conn, ["00045"]) == []


def test_a_wish_is_met_once_and_comes_back_only_after_hours(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)
    site_lookups.want(conn, [SITE, "nobody"])
    assert due(conn) == [SITE]

    site_lookups.mark(conn, [SITE], parameter_codes=CODES)
    site_lookups.want(conn, [SITE])
    assert due(conn) == [], "a series that the agency does not list is no reason to ask at every poll"

    conn.execute("UPDATE poll_targets SET wish_met_at = wish_met_at - interval '6 hours'")
    site_lookups.want(conn, [SITE])
    assert due(conn) == [SITE]


def test_a_site_is_freshly_looked_up_for_just_these_parameters(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)

    def is_fresh(codes: list[str]) -> bool:
        return site_lookups.is_fresh(conn, SITE, parameter_codes=codes, within=DAY)

    assert (is_fresh(["00065", "00060"]), is_fresh([*CODES, "00045"])) == (True, False)
    conn.execute("UPDATE gauges SET series_looked_up_at = now() - interval '25 hours'")
    assert not is_fresh(CODES)

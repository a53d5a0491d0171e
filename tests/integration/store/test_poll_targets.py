from datetime import timedelta

import psycopg
import pytest

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.polling import DEEP, RECENT, Window
from gaugehouse.store import poll_targets, site_lookups, site_pasts, stream_reports
from tests.integration.store.streams import NOON, one

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
SITES = ["01", "02", "03", "04"]
CODES = ["00060", "00065"]


def nameless(*station_ids: str) -> dict[str, str | None]:
    return dict.fromkeys(station_ids)


def active(conn: psycopg.Connection) -> list[str]:
    return [target.station_id for target in stream_reports.target_states(conn) if target.active]


@pytest.fixture
def discovered(conn: psycopg.Connection) -> None:
    """Four sites whose series are known."""
    poll_targets.add(conn, SITES)
    site_lookups.mark(conn, SITES, parameter_codes=CODES)


def test_the_settings_decide_about_their_own_sites(conn: psycopg.Connection) -> None:
    assert poll_targets.sync_from_settings(conn, nameless("01", "02")) == 2
    assert poll_targets.sync_from_settings(conn, nameless("01", "02")) == 0
    assert poll_targets.sync_from_settings(conn, nameless("02", "03")) == 2
    assert active(conn) == ["02", "03"]
    assert poll_targets.sync_from_settings(conn, nameless("01", "02", "03")) == 1
    assert active(conn) == ["01", "02", "03"]


def test_what_the_operator_decided_the_settings_never_overrule(conn: psycopg.Connection) -> None:
    poll_targets.sync_from_settings(conn, nameless("01", "02"))

    assert poll_targets.remove(conn, ["01", "nobody"]) == 1
    assert poll_targets.add(conn, ["02", "09"]) == 2
    assert poll_targets.add(conn, ["02", "09"]) == 0
    poll_targets.sync_from_settings(conn, nameless("01"))

    assert active(conn) == ["02", "09"]
    assert {target.station_id: target.origin for target in stream_reports.target_states(conn)} == {
        "01": "operator",
        "02": "operator",
        "09": "operator",
    }


@pytest.mark.parametrize("bad", ["", "USGS 01", "x" * 41, "-1", "é", "01\n"])
def test_an_id_that_cannot_be_one_is_refused_and_nothing_changes(bad: str, conn: psycopg.Connection) -> None:
    with pytest.raises(OperationRefused, match="is no station id"):
        poll_targets.add(conn, ["01", bad])
    with pytest.raises(OperationRefused, match="is no station id"):
        poll_targets.sync_from_settings(conn, nameless("01", bad))

    assert stream_reports.target_states(conn) == []


def test_of_an_area_that_is_not_known_no_site_is_dropped(conn: psycopg.Connection) -> None:
    poll_targets.sync_from_settings(conn, nameless("01", "02"))

    assert poll_targets.sync_from_settings(conn, nameless("03"), complete=False) == 1

    assert active(conn) == ["01", "02", "03"]


def test_a_name_that_is_given_is_kept_and_has_the_site_looked_up(conn: psycopg.Connection) -> None:
    def names() -> dict[str, str]:
        return site_lookups.names(conn, SITES)

    def to_look_up() -> list[str]:
        return site_lookups.due(conn, parameter_codes=CODES)

    poll_targets.sync_from_settings(conn, {"01": "Illinois River", "02": None})
    site_lookups.mark(conn, SITES, parameter_codes=CODES)
    assert (names(), to_look_up()) == ({"01": "Illinois River"}, [])

    assert poll_targets.add(conn, ["02"], name="Potomac") == 1
    assert poll_targets.add(conn, ["02"]) == 0, "no name does not erase one"
    assert poll_targets.sync_from_settings(conn, {"01": "Fox River"}) == 1
    assert poll_targets.sync_from_settings(conn, {"01": "Fox River", "02": "another"}) == 0

    assert names() == {"01": "Fox River", "02": "Potomac"}
    assert to_look_up() == ["01", "02"]


@pytest.mark.usefixtures("discovered")
def test_the_longest_unpolled_comes_first_and_never_before_all(conn: psycopg.Connection) -> None:
    poll_targets.mark_polled(conn, ["01"], at=NOON - QUARTER)
    poll_targets.mark_polled(conn, ["02"], at=NOON - 3 * QUARTER)
    poll_targets.mark_polled(conn, ["03"], at=NOON - 2 * QUARTER, error="timed out")

    assert poll_targets.due(conn, polled_at=NOON) == ["04", "02", "03", "01"]


@pytest.mark.usefixtures("discovered")
def test_a_second_try_takes_those_without_an_answer(conn: psycopg.Connection) -> None:
    poll_targets.mark_polled(conn, ["01"], at=NOON)
    poll_targets.mark_polled(conn, ["02"], at=NOON, error="timed out")
    poll_targets.mark_polled(conn, ["03"], at=NOON + QUARTER)

    assert poll_targets.due(conn, polled_at=NOON) == ["04", "02"]


@pytest.mark.usefixtures("discovered")
def test_a_mark_never_moves_backwards(conn: psycopg.Connection) -> None:
    def mark() -> tuple[object, ...]:
        [target] = [each for each in stream_reports.target_states(conn) if each.station_id == "01"]
        return target.last_polled_at, target.last_poll_failed, target.last_poll_error

    poll_targets.mark_polled(conn, ["01"], at=NOON, error="x" * 5000)
    assert mark() == (NOON, True, "x" * 1000)
    poll_targets.mark_polled(conn, ["01"], at=NOON - QUARTER)
    assert mark() == (NOON, True, "x" * 1000)
    poll_targets.mark_polled(conn, ["01"], at=NOON)
    assert mark() == (NOON, False, None)
    poll_targets.mark_polled(conn, ["01"], at=NOON, error="of an older try")
    assert mark() == (NOON, False, None)


@pytest.mark.usefixtures("discovered")
def test_looks_come_round_when_it_is_time_and_a_deep_one_sees_what_a_recent_one_would(
    conn: psycopg.Connection,
) -> None:
    assert site_pasts.sweep_due(conn, RECENT, swept_at=NOON) == dict.fromkeys(SITES, NOON - RECENT.span)
    assert DEEP.daily_span is not None
    assert site_pasts.sweep_due(conn, DEEP, swept_at=NOON) == dict.fromkeys(SITES, NOON - DEEP.daily_span)

    site_pasts.mark_swept(conn, ["01", "02"], DEEP, at=NOON)
    site_pasts.mark_swept(conn, ["02"], RECENT, at=NOON + QUARTER)
    site_pasts.mark_swept(conn, ["02"], RECENT, at=NOON)  # late
    poll_targets.remove(conn, ["03", "04"])

    hour = timedelta(hours=1)
    assert site_pasts.sweep_due(conn, RECENT, swept_at=NOON + hour - QUARTER) == {}
    assert site_pasts.sweep_due(conn, RECENT, swept_at=NOON + hour) == {"01": NOON}
    assert site_pasts.sweep_due(conn, RECENT, swept_at=NOON + hour + QUARTER) == {
        "01": NOON,
        "02": NOON + QUARTER,
    }
    assert site_pasts.sweep_due(conn, DEEP, swept_at=NOON + DAY) == {"01": NOON, "02": NOON}


def candidates(conn: psycopg.Connection, window: Window, limit: int | None = None, **only: bool) -> list[str]:
    options = {"only_failed": False, "again": False, **only}
    return site_pasts.backfill_candidates(conn, window, limit=limit, **options)


@pytest.mark.usefixtures("discovered")
def test_a_repeated_limited_backfill_advances_until_nothing_is_left(conn: psycopg.Connection) -> None:
    window = Window(NOON - 2 * DAY, NOON)
    poll_targets.mark_polled(conn, ["01"], at=NOON)
    asked = []
    while group := candidates(conn, window, limit=3):
        site_pasts.mark_backfilled(conn, group, window)
        asked.append(group)

    assert asked == [["02", "03", "04"], ["01"]]
    assert candidates(conn, Window(NOON - DAY, NOON)) == [], "a part of what was asked for"
    assert candidates(conn, Window(NOON - 3 * DAY, NOON)) == ["02", "03", "04", "01"]


@pytest.mark.usefixtures("discovered")
def test_asking_all_of_them_again_goes_round(conn: psycopg.Connection) -> None:
    window = Window(NOON - 2 * DAY, NOON)
    site_pasts.mark_backfilled(conn, SITES, window)
    asked = []
    for _ in range(4):
        group = candidates(conn, window, limit=3, again=True)
        site_pasts.mark_backfilled(conn, group, window)
        asked.append(sorted(group))

    assert sorted({site for group in asked[:2] for site in group}) == SITES
    assert asked[0] != asked[1] != asked[2]


@pytest.mark.usefixtures("discovered")
def test_a_backfill_whose_window_moves_on_advances_all_the_same(conn: psycopg.Connection) -> None:
    asked = []
    for call in range(4):
        end = NOON + call * timedelta(minutes=1)
        window = Window(end - 2 * DAY, end)
        [site] = candidates(conn, window, limit=1)
        site_pasts.mark_backfilled(conn, [site], window)
        asked.append(site)

    assert sorted(asked) == SITES


@pytest.mark.usefixtures("discovered")
def test_windows_that_touch_become_one(conn: psycopg.Connection) -> None:
    for start, end in [(0, 1), (2, 3), (1, 2)]:
        site_pasts.mark_backfilled(conn, ["01"], Window(NOON + start * DAY, NOON + end * DAY))

    assert one(conn, "SELECT count(*) FROM poll_targets, unnest(backfilled) WHERE station_id = '01'") == 1
    assert candidates(conn, Window(NOON, NOON + 3 * DAY)) == ["02", "03", "04"]


@pytest.mark.usefixtures("discovered")
def test_only_sites_whose_last_poll_failed(conn: psycopg.Connection) -> None:
    window = Window(NOON - DAY, NOON)
    poll_targets.mark_polled(conn, ["01", "02"], at=NOON, error="timed out")
    poll_targets.mark_polled(conn, ["03"], at=NOON)

    assert candidates(conn, window, only_failed=True) == ["01", "02"]
    site_pasts.mark_backfilled(conn, ["01"], window)

    assert candidates(conn, window, only_failed=True) == ["02"]
    assert poll_targets.due(conn, polled_at=NOON) == ["04", "01", "02"], "the past is no live poll"


def test_watched_rain_gauges_are_none_of_the_usgs_s_business(
    conn: psycopg.Connection, discovered: None
) -> None:
    assert poll_targets.add(conn, ["59700"], source="mcfcd_tips") == 1
    poll_targets.mark_discovered(conn, "59700")
    window = Window(NOON - DAY, NOON)

    assert poll_targets.sync_from_settings(conn, {}) == 0
    assert poll_targets.due(conn, polled_at=NOON) == SITES
    looked_up = site_lookups.due(conn, parameter_codes=["00060"], not_since=NOON + 10_000 * DAY)
    assert looked_up == SITES
    for look in (RECENT, DEEP):
        assert sorted(site_pasts.sweep_due(conn, look, swept_at=NOON)) == SITES
    asked = site_pasts.backfill_candidates(conn, window, limit=None, only_failed=False, again=True)
    assert sorted(asked) == SITES
    assert poll_targets.due(conn, polled_at=NOON, source="mcfcd_tips") == ["59700"]


def test_a_rain_gauge_is_asked_before_it_is_discovered(conn: psycopg.Connection) -> None:
    poll_targets.add(conn, ["59700"], source="mcfcd_tips")
    poll_targets.add(conn, ["01"])

    assert poll_targets.due(conn, polled_at=NOON, source="mcfcd_tips") == ["59700"]
    assert poll_targets.due(conn, polled_at=NOON) == []


def test_a_target_stays_with_the_source_that_has_it(conn: psycopg.Connection) -> None:
    poll_targets.add(conn, ["59700"], source="mcfcd_tips")

    assert poll_targets.add(conn, ["59700"]) == 0
    assert poll_targets.sync_from_settings(conn, {"59700": None}) == 0
    assert [target.source for target in stream_reports.target_states(conn)] == ["mcfcd_tips"]
    assert poll_targets.remove(conn, ["59700"]) == 1
    assert poll_targets.add(conn, ["59700"], source="mcfcd_tips") == 1

"""The simulated network: the same values of every moment, and what the agency knows of them when."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from gaugehouse_local.simulator import Network, SimulatedReading, create_network
from gaugehouse_local.simulator.usgs.series import SimulatedSeries
from gaugehouse_local.simulator.usgs.sites import DEAD, EVERY_FIVE_MINUTES, FIRST_SITE, HOURLY, NEGATIVE_STAGE
from gaugehouse_local.simulator.usgs.values import LONGEST_CHANGE

NOW = datetime(2026, 3, 10, 12, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def network(*, seed: int = 5, sites: int = 40, now: datetime = NOW, calm: bool = False) -> Network:
    return create_network(seed=seed, sites=sites, now=now, calm=calm)


def week(living: Network, series: SimulatedSeries) -> list[SimulatedReading]:
    return living.readings(series, living.now - timedelta(days=7), living.now)


def first_series(living: Network, index: int) -> SimulatedSeries:
    return living.series_of(living.sites[index].site_id)[0]


def test_the_same_seed_gives_the_same_world_and_another_seed_another_one() -> None:
    one, same, other = network(), network(), network(seed=6)
    assert one.sites == same.sites
    assert one.series == same.series
    assert [week(one, series) for series in one.series] == [week(same, series) for series in same.series]
    assert week(one, one.series[0]) != week(other, other.series[0])


def test_more_sites_leave_the_first_ones_and_their_values_as_they_are() -> None:
    small, large = network(sites=12), network(sites=60)
    assert large.sites[:12] == small.sites
    for series in small.series:
        assert week(large, large.series[series.index]) == week(small, series)


def test_a_span_read_in_parts_has_the_values_of_the_span_read_at_once() -> None:
    living = network()
    start = NOW - timedelta(days=2)
    for series in living.series[:20]:
        whole = living.readings(series, start, NOW)
        cut = start + timedelta(hours=31, minutes=7, seconds=3)
        parts = living.readings(series, start, cut - timedelta(seconds=1)) + living.readings(series, cut, NOW)
        assert parts == whole


def test_sites_are_unique_and_of_every_kind() -> None:
    living = create_network(sites=3000, series=7500, now=NOW)
    assert (len(living.sites), len(living.series)) == (3000, 7500)
    assert len({site.site_id for site in living.sites}) == len({site.number for site in living.sites}) == 3000
    ids = {one.series_id for one in living.series} | {one.series_id for one in living.daily_series}
    assert len(ids) == len(living.series) + len(living.daily_series)
    assert {len(site.number) for site in living.sites} == {8, 15}
    assert any(site.site_id.startswith("MD007-") for site in living.sites)
    assert any(site.altitude_ft is None for site in living.sites)
    assert len({site.state for site in living.sites}) == 20
    measured = Counter((one.parameter.code, one.primary) for one in living.series)
    assert {code for code, _ in measured} == {"00060", "00065", "00045", "00010"}
    assert measured["00065", False] > 100  # a second method of a parameter
    assert living.sites[0].site_id == FIRST_SITE


def test_the_network_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="12800 sites, not 0"):
        create_network(sites=0, now=NOW)
    with pytest.raises(ValueError, match="2 to 16 series, not 17"):
        create_network(sites=2, series=17, now=NOW)
    with pytest.raises(ValueError, match="no time zone"):
        create_network(now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_value_is_there_once_it_has_arrived_and_never_changes_its_moment() -> None:
    living = network(sites=12)
    known: dict[tuple[int, datetime | date], SimulatedReading] = {}
    for _ in range(12):
        living.advance(20)
        for series in living.series:
            readings = living.readings(series, NOW - HOUR, living.now)
            assert all(reading.modified < living.now for reading in readings)
            for reading in readings:
                before = known.get((series.index, reading.moment), reading)
                assert reading == before or reading.modified > before.modified
            fresh = {(series.index, reading.moment): reading for reading in readings}
            lost = {key for key in known if key[0] == series.index} - set(fresh)
            assert not lost
            known |= fresh
    assert len(known) > 300


def test_gauges_report_each_quarter_each_five_minutes_or_together_once_an_hour() -> None:
    living = network(calm=True)
    usual, often, hourly = (
        living.readings(first_series(living, index), NOW - timedelta(hours=6), NOW)
        for index in (0, EVERY_FIVE_MINUTES, HOURLY)
    )
    assert (steps(usual), steps(often)) == ({HOUR / 4}, {HOUR / 12})
    transmissions = Counter(reading.modified for reading in hourly)
    assert set(list(transmissions.values())[1:-1]) == {4}
    assert {b - a for a, b in pairwise(transmissions)} == {HOUR}
    assert max(lateness(reading) for reading in hourly) > timedelta(minutes=45)
    assert max(lateness(reading) for reading in usual) < timedelta(minutes=13)


def moment(reading: SimulatedReading) -> datetime:
    assert isinstance(reading.moment, datetime)
    return reading.moment


def steps(readings: list[SimulatedReading]) -> set[timedelta]:
    return {moment(after) - moment(before) for before, after in pairwise(readings)}


def lateness(reading: SimulatedReading) -> timedelta:
    return reading.modified - moment(reading)


def test_some_values_arrive_hours_late_and_up_to_eight() -> None:
    """Seen as it happens: each hour the network is asked what it did not know an hour ago."""
    living = network()
    start = NOW
    arrived: dict[tuple[int, object], timedelta] = {}
    for _ in range(36):
        living.advance(60)
        for series in living.series:
            for reading in living.readings(series, max(start, living.now - 10 * HOUR), living.now):
                arrived.setdefault((series.index, reading.moment), living.now - moment(reading))
    slowest = max(arrived.values())
    assert 3 * HOUR < slowest <= 9 * HOUR  # 8, and the hour between two looks
    assert sum(delay > 3 * HOUR for delay in arrived.values()) < len(arrived) / 10


def test_revisions_come_with_a_newer_date_and_within_a_week() -> None:
    living = network()
    start, end = NOW - timedelta(days=1), NOW
    before = {one.index: living.readings(one, start, end) for one in living.series}
    living.advance(7 * 24 * 60)
    after = {one.index: living.readings(one, start, end) for one in living.series}
    newer = {index: {one.moment: one for one in readings} for index, readings in after.items()}
    pairs = [(old, newer[index][old.moment]) for index, readings in before.items() for old in readings]
    revised = [(old, new) for old, new in pairs if old.text != new.text]
    assert len(revised) > 50
    assert all(old.modified < new.modified for old, new in revised)
    assert all(lateness(new) < timedelta(seconds=LONGEST_CHANGE) < timedelta(days=7) for _, new in revised)
    assert len(pairs) > 20 * len(revised)


def test_old_values_are_approved_and_new_ones_are_not() -> None:
    living = network(sites=12)
    series = living.series[0]
    old = living.readings(series, NOW - timedelta(days=400), NOW - timedelta(days=399))
    assert old and all(reading.approved for reading in old)
    assert not any(reading.approved for reading in week(living, series))
    assert {reading.modified for reading in old} == {old[0].modified}
    assert old[0].modified > NOW - timedelta(days=300)


def test_missing_numbers_say_why_and_a_calm_network_has_none() -> None:
    living, calm = network(), network(calm=True)
    readings = [
        one for series in living.series for one in living.readings(series, NOW - timedelta(days=16), NOW)
    ]
    why = Counter(reading.qualifiers for reading in readings if reading.text is None)
    assert set(why) == {("ICE",), ("EQUIP",)}
    assert any(reading.qualifiers == ("ESTIMATED",) for reading in readings if reading.text is not None)
    quiet = [one for series in calm.series for one in week(calm, series)]
    assert all(reading.text is not None and not reading.qualifiers for reading in quiet)
    assert len(quiet) > 7 * 90 * len(calm.series)


def test_the_first_site_has_no_troubles_and_the_dead_one_no_values() -> None:
    living = network()
    healthy = week(living, first_series(living, 0))
    assert steps(healthy) == {HOUR / 4}
    assert len(healthy) >= 7 * 96 - 2
    dead = first_series(living, DEAD)
    assert week(living, dead) == []
    died = living.end_of(dead)
    assert died is not None
    assert living.readings(dead, datetime.fromtimestamp(died - 86400, UTC), NOW)
    latest = living.latest(dead, living.present)
    assert latest is not None and died - 86400 < latest.time < died


def test_texts_have_the_agencys_precision() -> None:
    living = create_network(sites=300, now=NOW)
    for series in living.series:
        for reading in living.readings(series, NOW - timedelta(hours=6), NOW):
            if reading.text is None:
                continue
            digits = reading.text.lstrip("-").replace(".", "").lstrip("0")
            decimals = len(reading.text.partition(".")[2])
            match series.parameter.code:
                case "00060":
                    assert len(digits.rstrip("0")) <= 3 and decimals <= 2, reading.text
                case "00010":
                    assert decimals == 1, reading.text
                case _:
                    assert decimals == 2, reading.text
    stage = first_series(living, NEGATIVE_STAGE)
    assert any(float(one.text) < 0 for one in week(living, stage) if one.text is not None)


def test_a_stream_rises_and_recedes_as_real_ones_do_and_one_stage_has_one_flow() -> None:
    living = network(sites=12)
    stages, flows = (
        [float(one.text or "nan") for one in living.readings(series, NOW - timedelta(days=90), NOW)]
        for series in living.series_of(FIRST_SITE)[:2]
    )
    assert min(stages) > 0 and max(stages) < 40, "feet"
    assert 2 < max(flows) / min(flows) < 200, "between low water and flood"
    rises = [later - earlier for earlier, later in pairwise(stages)]
    assert sum(rise > 0 for rise in rises) < sum(rise < 0 for rise in rises), "it falls longer than it rises"
    assert max(map(abs, rises)) < 1, "feet in a quarter of an hour"
    rating = sorted(zip(stages, flows, strict=True))
    assert all(lower <= higher * 1.02 for (_, lower), (_, higher) in pairwise(rating))


def test_daily_values_reach_back_for_decades_and_follow_the_stream() -> None:
    living = network(sites=12)
    series = living.series_of(FIRST_SITE)[0]
    daily = living.daily_of(series)
    assert daily is not None and daily.series_id != series.series_id
    days = living.daily_readings(daily, date(1900, 1, 1), NOW.date())
    assert days[0].moment == date(1939, 10, 1)
    assert days[-1].moment == NOW.date() - timedelta(days=1)
    assert len(days) == (NOW.date() - date(1939, 10, 1)).days
    midnight = datetime(2026, 3, 1, 6, tzinfo=UTC)  # in Illinois
    within = living.readings(series, midnight, midnight + timedelta(days=1, seconds=-1))
    values = [float(one.text) for one in within if one.text is not None]
    (mean,) = (float(one.text or "nan") for one in days if one.moment == date(2026, 3, 1))
    assert min(values) - 0.1 <= mean <= max(values) + 0.1


def test_daily_values_have_gaps_of_a_year_and_are_revised_and_approved() -> None:
    living = network()
    gaps = 0
    for daily in living.daily_series[:20]:
        years = Counter(
            one.moment.year for one in living.daily_readings(daily, date(2010, 1, 1), date(2014, 12, 31))
        )
        assert set(years.values()) <= {365, 366}  # a gap is a whole year
        gaps += 5 - len(years)
    assert 0 < gaps < 20
    last = NOW.date()
    recent = NOW.date() - timedelta(days=20)
    before = {one.series_id: living.daily_readings(one, recent, last) for one in living.daily_series}
    living.advance(5 * 24 * 60)
    changed = sum(
        old.text != new.text and new.modified > old.modified
        for one in living.daily_series
        for old, new in zip(before[one.series_id], living.daily_readings(one, recent, last), strict=False)
    )
    assert changed > 5


def test_a_silenced_series_stops_and_goes_on_where_it_would_have() -> None:
    living = network(sites=12, calm=True)
    series, other = living.series[0], living.series[1]
    living.silence(series, since=NOW - HOUR)
    living.advance(240)
    assert moment(week(living, series)[-1]) < NOW - HOUR
    assert moment(week(living, other)[-1]) > NOW
    living.restore([series])
    assert moment(week(living, series)[-1]) > NOW
    assert steps(week(living, series)) == {HOUR / 4}
    living.silence(*living.series)
    living.advance(120)
    assert all(living.readings(one, NOW + 4 * HOUR, living.now) == [] for one in living.series)
    living.restore()
    assert moment(week(living, series)[-1]) > NOW + 4 * HOUR


def test_the_clock_is_moved_by_tests_only_where_it_is_not_the_real_one() -> None:
    living = network(sites=12)
    assert living.advance(15) == NOW + timedelta(minutes=15) == living.now
    living.move_to(NOW)
    assert living.now == NOW
    real = create_network(sites=2)
    assert abs(real.now - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(RuntimeError, match="real clock"):
        real.advance(1)
    with pytest.raises(KeyError):
        living.rename("USGS-99999999", "NOWHERE")

"""The simulated climate: the same everywhere, plausible for central Arizona, and at peace with itself."""
# ruff: noqa: DTZ001 - the agency's stamps are naive local time

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse_local.simulator import Climate, create_climate
from gaugehouse_local.simulator.record import GaugeRecord, inches

SEEDS = st.integers(min_value=0, max_value=10_000)


def published_days(record: GaugeRecord) -> list[date]:
    start, end = water_year_start(record.first_water_year), water_year_end(record.last_water_year)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def records(climate: Climate) -> list[GaugeRecord]:
    return [climate.record(gauge.station_id) for gauge in climate.gauges]


def test_the_default_world_is_the_same_on_every_machine_and_python() -> None:
    climate = create_climate()
    first = climate.record("59700")
    assert [gauge.station_id for gauge in climate.gauges[:4]] == ["59700", "80500", "11000", "4800"]
    assert first.tips[:2] == (datetime(1999, 2, 4, 4, 15, 19), datetime(1999, 2, 4, 4, 17, 11))
    assert len(first.tips) == 5112


def test_a_tip_is_a_millimetre_written_with_five_decimals() -> None:
    assert [inches(tips) for tips in (0, 1, 11, 67)] == [0.0, 0.03937, 0.43307, 2.63779]


def test_a_record_reaches_over_27_years() -> None:
    assert len(records(create_climate(seed=5))[0].water_years) == 27


def test_rain_is_as_frequent_and_as_deep_as_in_central_arizona() -> None:
    days = [
        record.inches_on(day)
        for seed in range(4)
        for record in records(create_climate(seed=seed))
        for day in published_days(record)
    ]
    counted = [depth for depth in days if depth is not None]
    assert 0.06 < sum(depth > 0 for depth in counted) / len(counted) < 0.10
    assert 6 < 365.25 * sum(counted) / len(counted) < 10
    assert 2 < max(counted) < 10


def test_winter_and_monsoon_are_wet_and_early_summer_is_dry() -> None:
    wet = [0] * 13
    for record in records(create_climate(seed=8)):
        for day in published_days(record):
            wet[day.month] += bool(record.tips_on(day))
    assert min(wet[1], wet[2], wet[7], wet[8]) > 2 * max(wet[5], wet[6])


def test_a_later_day_and_more_gauges_leave_the_history_as_it_was() -> None:
    early = create_climate(seed=3, gauges=3, first_water_year=2015, as_of=date(2022, 12, 1))
    late = create_climate(seed=3, gauges=9, first_water_year=2015, as_of=date(2024, 12, 1))
    assert late.gauges[0] == early.gauges[0]
    before, after = early.record(early.gauges[0].station_id), late.record(late.gauges[0].station_id)
    days = published_days(before)
    assert [before.tips_on(day) for day in days] == [after.tips_on(day) for day in days]
    assert after.last_water_year == before.last_water_year + 2


def test_gauges_come_with_the_names_and_ids_that_trouble_parsers() -> None:
    gauges = create_climate().gauges
    assert {33, 34} <= {len(gauge.name) for gauge in gauges}
    assert {"None", "Lwr. Salt River Lakes"} <= {gauge.zone for gauge in gauges}
    assert {4, 5} == {len(gauge.station_id) for gauge in gauges}
    assert any(" " in gauge.city for gauge in gauges)
    assert sum(gauge.silent for gauge in gauges) == 1


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_ids_and_names_are_unique(seed: int) -> None:
    gauges = create_climate(seed=seed, gauges=332, first_water_year=2024).gauges
    assert len({gauge.station_id for gauge in gauges}) == len({gauge.name for gauge in gauges}) == 332


@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_every_missing_day_lies_in_an_outage_or_before_the_record(seed: int) -> None:
    for record in records(create_climate(seed=seed, gauges=4, first_water_year=2010)):
        for day in published_days(record):
            explained = day < record.gauge.first_reading or any(
                outage.start.date() < day < outage.end.date() for outage in record.outages
            )
            assert explained or record.tips_on(day) is not None


@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_the_counter_of_an_outage_agrees_with_the_tips(seed: int) -> None:
    for record in records(create_climate(seed=seed, gauges=4, first_water_year=2010)):
        counted: dict[int, int] = {}
        for outage in record.outages:
            water_year = next(
                year for year in record.water_years if water_year_end(year) >= outage.start.date()
            )
            earlier = record.tips_within(
                outage.start - datetime.combine(water_year_start(water_year), datetime.min.time()),
                outage.start,
            )
            assert outage.start_count == earlier + counted.get(water_year, 0)
            assert outage.end_count - outage.start_count in {0, outage.restored_tips}
            counted[water_year] = counted.get(water_year, 0) + outage.end_count - outage.start_count


def test_outages_are_of_every_kind() -> None:
    outages = [outage for record in records(create_climate()) for outage in record.outages]
    assert {outage.quality_code for outage in outages} == {1, 2, 3}
    starts = {outage.notes.split()[0] for outage in outages}
    assert starts == {"No", "Assigned", "Estimated"}
    assert any(not outage.missing_days for outage in outages)


def test_an_unknown_station_and_impossible_worlds_are_refused() -> None:
    with pytest.raises(KeyError):
        create_climate().record("99900")
    with pytest.raises(ValueError, match="1 to 31 water years, not 36"):
        create_climate(first_water_year=1990)
    with pytest.raises(ValueError, match="1 to 332 gauges, not 0"):
        create_climate(gauges=0)

"""Our parsers read the simulator's documents back to the climate's truth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.documents import FullRecord, GaugeList
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.rainfall import Gap, GapCause, Quality, TotalsClaim
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse.sources.mcfcd.gauge_list import parse_gauge_list
from gaugehouse_local.simulator import (
    GAUGE_LIST,
    Climate,
    ClimateAgency,
    create_climate,
    demo_world,
    fopr_path,
)
from gaugehouse_local.simulator.mcfcd.fopr_content import FoprContent, fopr_content
from gaugehouse_local.simulator.mcfcd.gauge_list import TYPO_NAME
from gaugehouse_local.simulator.record import ONE_DAY, GaugeRecord, Outage

SEEDS = st.integers(min_value=0, max_value=100_000)
QUALITY_OF_WORD = {"Assigned": Quality.ASSIGNED, "Estimated": Quality.ESTIMATED}


@given(seed=SEEDS, first_water_year=st.integers(2017, 2025))
@settings(max_examples=12, deadline=None)
def test_every_day_gap_and_claim_of_a_workbook_comes_back_exactly(seed: int, first_water_year: int) -> None:
    climate = create_climate(seed=seed, gauges=4, first_water_year=first_water_year)
    for gauge in climate.gauges:
        record, parsed = climate.record(gauge.station_id), parse(climate, gauge.station_id)
        assert_days_are_those_of(record, parsed)
        assert set(parsed.record.gaps) == set(expected_gaps(record))
        assert sorted(parsed.record.claims, key=repr) == sorted(expected_claims(content_of(record)), key=repr)
        assert (parsed.rejects, parsed.stale_sheets, parsed.warnings, parsed.metadata.warnings) == ((),) * 4


def test_every_record_of_the_demo_world_comes_back_exactly() -> None:
    climate = demo_world().climate
    for gauge in climate.gauges:
        parsed = parse(climate, gauge.station_id)
        assert_days_are_those_of(climate.record(gauge.station_id), parsed)
        assert set(parsed.record.gaps) == set(expected_gaps(climate.record(gauge.station_id)))
        assert (parsed.rejects, parsed.warnings, parsed.metadata.warnings) == ((), (), ())


@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_a_gauge_is_described_as_the_climate_made_it(seed: int) -> None:
    climate = create_climate(seed=seed, gauges=6, first_water_year=2022)
    for gauge in climate.gauges:
        parsed = parse(climate, gauge.station_id)
        metadata = parsed.metadata
        assert parsed.record.document_date == date(2025, 12, 19)
        assert (metadata.station_id, metadata.name) == (gauge.station_id, gauge.name)
        assert metadata.previous_ids == ((gauge.previous_id[:4],) if gauge.previous_id else ())
        assert (metadata.gauge_type, metadata.elevation_ft) == (gauge.gauge_type, gauge.elevation_ft)
        assert (metadata.latitude, metadata.longitude) == (gauge.latitude, gauge.longitude)
        assert (metadata.city, metadata.county) == (gauge.city, "Maricopa")
        assert (metadata.location, metadata.data_begins) == (gauge.location, gauge.data_begins)


@given(seed=SEEDS, gauges=st.integers(1, 60))
@settings(max_examples=15, deadline=None)
def test_every_row_of_the_list_comes_back(seed: int, gauges: int) -> None:
    climate = create_climate(seed=seed, gauges=gauges, first_water_year=2025)
    parsed = parse_list(climate)
    assert parsed.rejects == ()
    assert parsed.observed_at == datetime(2025, 12, 31, 21, 18, tzinfo=UTC)  # 14:18 in Arizona
    assert set(parsed.entries) == set(expected_entries(climate))
    assert len(parsed.entries) == gauges


def test_the_duplicated_id_comes_back_as_a_row_of_its_own() -> None:
    climate = create_climate(first_water_year=2025)
    usual, doubled = parse_list(climate), parse_list(climate, duplicate_id=True)
    (typo,) = set(doubled.entries) - set(usual.entries)
    assert len(doubled.entries) == 13
    assert (typo.gauge_name, typo.station_id) == (TYPO_NAME, usual.entries[0].station_id)


def parse(climate: Climate, station_id: str) -> FullRecord:
    document = ClimateAgency(climate).document(fopr_path(station_id))
    assert document
    return parse_fopr_workbook(document.content, station_id=station_id, file_name="simulated.xlsx")


def parse_list(climate: Climate, *, duplicate_id: bool = False) -> GaugeList:
    document = ClimateAgency(climate, duplicate_id=duplicate_id).document(GAUGE_LIST)
    assert document
    return parse_gauge_list(document.content)


def content_of(record: GaugeRecord) -> FoprContent:
    return fopr_content(record, updated=date(2025, 12, 19))


def assert_days_are_those_of(record: GaugeRecord, parsed: FullRecord) -> None:
    values, missing = {}, []
    for day in published_days(record):
        depth = record.inches_on(day)
        if depth is None:
            missing.append(day)
        else:
            values[day] = (depth, quality_on(record, day))
    read = {row.reading_date: (row.rainfall_inches, row.quality) for row in parsed.record.days}
    assert read == values
    assert len(parsed.record.days) == len(values)
    assert list(parsed.record.missing) == missing


def published_days(record: GaugeRecord) -> Iterator[date]:
    day = water_year_start(record.first_water_year)
    while day <= water_year_end(record.last_water_year):
        yield day
        day += ONE_DAY


def quality_on(record: GaugeRecord, day: date) -> Quality:
    for outage in record.outages:
        if day == outage.restored_day:
            return QUALITY_OF_WORD[outage.notes.split()[0]]
        if outage.quality_code == 2 and outage.start.date() <= day <= outage.end.date():
            return Quality.INCOMPLETE
    return Quality.MEASURED


def expected_gaps(record: GaugeRecord) -> Iterator[Gap]:
    begun = water_year_start(record.first_water_year)
    first = record.gauge.first_reading
    if first > begun:
        yield Gap(
            gap_start=midnight(begun),
            gap_end=midnight(first),
            cause=GapCause.BEFORE_RECORD,
            missing_days=(first - begun).days,
        )
    for outage in record.outages:
        runs = list(runs_of(outage.missing_days))
        for start, days in runs:
            yield outage_gap(outage, midnight(start), midnight(start + days * ONE_DAY), days)
        if not runs:
            yield outage_gap(outage, utc(outage.start), utc(outage.end), 0)


def runs_of(days: tuple[date, ...]) -> Iterator[tuple[date, int]]:
    start, length = None, 0
    for day in days:
        if start is not None and day == start + length * ONE_DAY:
            length += 1
            continue
        if start is not None:
            yield start, length
        start, length = day, 1
    if start is not None:
        yield start, length


def outage_gap(outage: Outage, start: datetime, end: datetime, missing_days: int) -> Gap:
    return Gap(
        gap_start=start,
        gap_end=end,
        cause=outage.cause,
        missing_days=missing_days,
        notes=outage.notes,
        quality_code=outage.quality_code,
        outage_start=utc(outage.start),
        outage_end=utc(outage.end),
    )


def midnight(day: date) -> datetime:
    return utc(datetime.combine(day, time()))


def utc(local: datetime) -> datetime:
    return (local + timedelta(hours=7)).replace(tzinfo=UTC)


def expected_claims(content: FoprContent) -> Iterator[TotalsClaim]:
    for sheet in content.sheets:
        place = f"sheet {sheet.water_year} footer"
        yield TotalsClaim(
            water_year=sheet.water_year, place=place, total_inches=sheet.total, monsoon_inches=sheet.monsoon
        )
    for row, line in enumerate(content.table, 4):
        if line.total is not None or line.monsoon is not None:
            yield TotalsClaim(
                water_year=line.water_year,
                place=f"Meta_Stats row {row}",
                total_inches=line.total,
                monsoon_inches=line.monsoon,
            )


def expected_entries(climate: Climate) -> Iterator[GaugeSummary]:
    for gauge in climate.gauges:
        rain: list[float | None] = [None, None]
        if not gauge.silent:
            record = climate.record(gauge.station_id)
            tips = [record.tips_within(timedelta(hours=h), climate.observed_at) for h in (6, 24)]
            rain = [round(count * 0.03937, 2) for count in tips]
        yield GaugeSummary(
            station_id=gauge.station_id,
            gauge_name=gauge.name,
            city_town=gauge.city,
            elevation_ft=gauge.elevation_ft,
            rainfall_past_6h_inches=rain[0],
            rainfall_past_24h_inches=rain[1],
            msp_forecast_zone=None if gauge.zone == "None" else gauge.zone,
            general_location=gauge.location,
            observed_at=utc(climate.observed_at),
        )

"""Our parser reads the simulator's monthly PDFs back to the climate's truth, rounded to two decimals."""

from datetime import date, timedelta

import pytest

from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import GapCause, Quality
from gaugehouse.sources.mcfcd.monthly_pdf import parse_monthly_pdf
from gaugehouse_local.simulator import Climate, ClimateAgency, MonthFault, create_climate, monthly_pdf_path
from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import days_of
from gaugehouse_local.simulator.record import GaugeRecord, Outage

WORLDS = [
    (seed, date(2019 + (number < 10), number, 1))
    for seed, number in ((1, 12), (2, 1), (3, 2), (4, 7), (5, 8))
]


def parse(climate: Climate, month: date, *faults: MonthFault) -> RainBook:
    agency = ClimateAgency(climate)
    agency.publish_month(month, *faults)
    return parse_from(agency, month)


def parse_from(agency: ClimateAgency, month: date) -> RainBook:
    document = agency.document(monthly_pdf_path(month))
    assert document
    return parse_monthly_pdf(document.content, month=month, file_name=f"pcp{month:%m%y}.pdf")


@pytest.mark.parametrize(("seed", "month"), WORLDS)
def test_every_day_comes_back_rounded(seed: int, month: date) -> None:
    climate = create_climate(seed=seed, gauges=9, first_water_year=2018)
    book = parse(climate, month)
    read = {record.station_id: record for record in book.records}
    last = days_of(month)[-1]
    records = [climate.record(gauge.station_id) for gauge in climate.gauges if gauge.first_reading <= last]
    assert (book.rejects, book.warnings, book.document_date) == ((), (), last)
    assert read.keys() == {record.gauge.station_id for record in records}
    for record in records:
        told = read[record.gauge.station_id]
        depths = {day: record.inches_on(day) for day in days_of(month)}
        assert {row.reading_date: row.rainfall_inches for row in told.days} == {
            day: round(depth, 2) for day, depth in depths.items() if depth is not None
        }
        assert list(told.missing) == [day for day, depth in depths.items() if depth is None]
        assert sum(gap.missing_days for gap in told.gaps) == len(told.missing)


@pytest.mark.parametrize(("seed", "month"), WORLDS)
def test_every_outage_comes_back_as_its_footnote_tells(seed: int, month: date) -> None:
    climate = create_climate(seed=seed, gauges=9, first_water_year=2018)
    book = parse(climate, month)
    assert all(footnote.understood for footnote in book.footnotes)
    for told in book.records:
        record = climate.record(told.station_id)
        for outage in outages_of(record, month):
            said = [gap for gap in told.gaps if gap.outage_start and gap.cause != GapCause.BEFORE_RECORD]
            assert any(
                gap.outage_start.replace(tzinfo=None) - timedelta(hours=7) == outage.start
                and gap.quality_code == outage.quality_code
                for gap in said
                if gap.outage_start
            )
            restored = [row for row in told.days if row.reading_date == outage.restored_day]
            wanted = Quality.ASSIGNED if outage.notes.startswith("Assigned") else Quality.ESTIMATED
            assert all(row.quality is wanted for row in restored)


def outages_of(record: GaugeRecord, month: date) -> list[Outage]:
    first, last = days_of(month)[0], days_of(month)[-1]
    return [outage for outage in record.outages if outage.start.date() <= last and outage.end.date() >= first]


def test_every_month_of_the_demo_s_last_year_of_pdfs_is_read_without_a_reject() -> None:
    agency = ClimateAgency(create_climate(gauges=12))
    for number in range(1, 13):
        month = date(2020 if number >= 10 else 2021, number, 1)
        book = parse_from(agency, month)
        assert (len(book.records), book.rejects, book.warnings) == (12, (), ())
        assert book.data_source == f"pdf_{month:%m%y}"
        for claim in book.claims:
            record = next(record for record in book.records if record.station_id == claim.station_id)
            total = sum(row.rainfall_inches for row in record.days)
            assert claim.total_inches == pytest.approx(total, abs=claim.tolerance_inches + 1e-9)


def test_turned_pages_say_the_same() -> None:
    climate = create_climate(seed=5, gauges=20, first_water_year=2018)
    month = date(2019, 12, 1)
    assert parse(climate, month, MonthFault.TURNED_PAGES) == parse(climate, month)

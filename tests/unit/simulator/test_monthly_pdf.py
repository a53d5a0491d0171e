"""The simulated agency's monthly PDFs: which months there are, over HTTP, and the same bytes every time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from gaugehouse.domain.errors import DocumentNotFound, SourceUnavailable
from gaugehouse.sources.http import open_session
from gaugehouse.sources.mcfcd.monthly_pdf import fetch_monthly_pdf, monthly_pdf_url, parse_monthly_pdf
from gaugehouse_local.simulator import (
    ClimateAgency,
    Fault,
    MonthFault,
    Simulator,
    create_climate,
    monthly_pdf_path,
)

CLIMATE = create_climate(seed=7, gauges=3, first_water_year=2019)
MONTH = date(2020, 12, 1)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(ClimateAgency(CLIMATE)) as opened:
        yield opened


def test_the_agency_has_pdfs_of_the_months_before_water_year_2022_in_which_it_read_a_gauge() -> None:
    agency = ClimateAgency(CLIMATE)
    there = {
        month: agency.document(monthly_pdf_path(month)) is not None
        for month in (
            date(2018, 9, 1),
            date(2019, 3, 1),
            date(2021, 9, 1),
            date(2021, 10, 1),
            date(2023, 1, 1),
        )
    }
    assert list(there.values()) == [False, True, True, False, False]


def test_the_same_month_has_the_same_bytes() -> None:
    first, second = (ClimateAgency(CLIMATE).document(monthly_pdf_path(MONTH)) for _ in range(2))
    assert first and second
    assert (first.content, first.etag) == (second.content, second.etag)
    agency = ClimateAgency(CLIMATE)
    agency.publish_month(MONTH, MonthFault.NEGATIVE_VALUE)
    spoiled = agency.document(monthly_pdf_path(MONTH))
    assert spoiled and spoiled.content != first.content


def test_a_month_is_fetched_once_and_not_again_while_it_is_unchanged(simulator: Simulator) -> None:
    session = open_session("tests")
    document = fetch_monthly_pdf(session, simulator.url, date(2020, 12, 24))
    assert document is not None
    assert document.url == monthly_pdf_url(simulator.url, MONTH) == f"{simulator.url}/alert/Rain/pcp1220.pdf"
    assert document.last_modified == datetime(2021, 1, 27, 15, tzinfo=UTC)
    book = parse_monthly_pdf(document.content, month=MONTH, file_name="pcp1220.pdf")
    assert [record.station_id for record in book.records] == ["59700"]  # the others began later
    assert fetch_monthly_pdf(session, simulator.url, MONTH, etag=document.etag) is None


def test_a_month_that_the_agency_does_not_have_is_not_found(simulator: Simulator) -> None:
    with pytest.raises(DocumentNotFound, match=r"pcp0122\.pdf"):
        fetch_monthly_pdf(open_session("tests"), simulator.url, date(2022, 1, 1))


def test_a_download_that_breaks_off_is_no_document(simulator: Simulator) -> None:
    simulator.order(monthly_pdf_path(MONTH), Fault.truncated(500))
    with pytest.raises(SourceUnavailable, match="pcp1220"):
        fetch_monthly_pdf(open_session("tests"), simulator.url, MONTH)

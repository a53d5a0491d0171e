from datetime import date

import pytest

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.import_subjects import check_subject
from gaugehouse.domain.rain_book_subjects import month_request, read_month, requests_for, water_year_request


def test_years_with_a_workbook_are_one_import_and_earlier_ones_twelve_from_october_on() -> None:
    subjects = [(request.kind, request.subject) for request in requests_for(2021, 2023)]

    assert subjects[:4] == [
        (Kind.MONTHLY_PDF, f"20{month}") for month in ("20-10", "20-11", "20-12", "21-01")
    ]
    assert subjects[11:] == [
        (Kind.MONTHLY_PDF, "2021-09"),
        (Kind.WATER_YEAR, "2022"),
        (Kind.WATER_YEAR, "2023"),
    ]


def test_an_empty_range_is_made_of_nothing() -> None:
    assert requests_for(2023, 2022) == []


def test_a_subject_reads_back_as_what_it_was_written_for() -> None:
    assert read_month(month_request(date(2019, 11, 29)).subject) == date(2019, 11, 1)
    check_subject(Kind.WATER_YEAR, water_year_request(2023).subject)
    check_subject(Kind.USGS_CONTINUOUS, "05568500:2024")
    check_subject(Kind.FOPR, "59700")


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.WATER_YEAR, "23"),
        (Kind.WATER_YEAR, "1023"),
        (Kind.WATER_YEAR, "2023-01"),
        (Kind.WATER_YEAR, "٢٠٢٣"),
        (Kind.MONTHLY_PDF, "2019"),
        (Kind.MONTHLY_PDF, "2019-13"),
        (Kind.MONTHLY_PDF, "2019-1"),
        (Kind.MONTHLY_PDF, "2019:11"),
        (Kind.MONTHLY_PDF, "1919-11"),
        (Kind.USGS_DAILY, "2019"),
    ],
)
def test_a_subject_that_no_document_has_is_refused_with_an_example(kind: Kind, subject: str) -> None:
    with pytest.raises(DocumentInvalid, match=r"such as|not a month of"):
        check_subject(kind, subject)

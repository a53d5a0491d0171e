"""A folder of real files as the agency: what is served, what is refused, and that nothing else gets out."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gaugehouse_local.simulator import (
    GAUGE_LIST,
    FolderAgency,
    FolderUnusable,
    Request,
    fopr_path,
    monthly_pdf_path,
    water_year_path,
)
from gaugehouse_local.simulator.mcfcd.paths import INTERVAL_REPORT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "ev_rain.txt").write_bytes(b"a list")
    (inside / "59700_FOPR.xlsx").write_bytes(b"a workbook")
    (inside / "notes.txt").write_bytes(b"private")
    (tmp_path / "ev_rain.txt").write_bytes(b"outside")
    return inside


def test_the_list_and_the_workbooks_are_served_with_the_files_own_dates(folder: Path) -> None:
    agency = FolderAgency(folder)
    listed, workbook = agency.document(GAUGE_LIST), agency.document(fopr_path("59700"))
    assert listed and workbook
    assert (listed.content, workbook.content) == (b"a list", b"a workbook")
    modified = (folder / "ev_rain.txt").stat().st_mtime
    assert listed.last_modified == datetime.fromtimestamp(int(modified), tz=UTC)
    assert agency.station_ids == ("59700",)


def test_a_changed_file_is_served_as_it_is_now(folder: Path) -> None:
    agency = FolderAgency(folder)
    before = agency.document(GAUGE_LIST)
    (folder / "ev_rain.txt").write_bytes(b"a newer list")
    after = agency.document(GAUGE_LIST)
    assert before and after
    assert after.content == b"a newer list"
    assert after.etag != before.etag


def test_a_month_s_pdf_is_served_under_its_own_name(folder: Path) -> None:
    (folder / "pcp1119.pdf").write_bytes(b"%PDF-1.5")
    document = FolderAgency(folder).document(monthly_pdf_path(date(2019, 11, 30)))
    assert document
    assert (document.content, document.content_type) == (b"%PDF-1.5", "application/pdf")
    assert FolderAgency(folder).document("/alert/Rain/pcp1319.pdf") is None
    assert FolderAgency(folder).document("/alert/Rain/pcp1219.pdf") is None


@pytest.mark.parametrize(
    "path",
    [
        fopr_path("10000"),
        "/alert/Rain/notes.txt",
        "/alert/Rain/../ev_rain.txt",
        "/alert/Rain/FOPR/../../ev_rain.txt",
        "/alert/Rain/FOPR/../59700_FOPR.xlsx",
        "/alert/Rain/FOPR/..\\59700_FOPR.xlsx",
        "/alert/Rain/FOPR/59700_FOPR.xlsx\n",
        "/alert/Rain/FOPR/٥٩٧٠٠_FOPR.xlsx",
        "ev_rain.txt",
        "",
    ],
)
def test_no_other_path_opens_anything(folder: Path, path: str) -> None:
    assert FolderAgency(folder).document(path) is None


def test_a_wrong_folder_is_refused_and_everything_it_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="is not a folder"):
        FolderAgency(tmp_path / "absent")
    with pytest.raises(FolderUnusable, match=r"lacks ev_rain\.txt and a workbook named"):
        FolderAgency(tmp_path)
    (tmp_path / "ev_rain.txt").write_bytes(b"a list")
    with pytest.raises(FolderUnusable, match=r"lacks a workbook named \{id\}_FOPR\.xlsx"):
        FolderAgency(tmp_path)


def test_a_water_years_workbook_is_served_where_it_lies_there(folder: Path) -> None:
    (folder / "pcp_WY_2023.xlsx").write_bytes(b"a year")
    agency = FolderAgency(folder)

    document = agency.document(water_year_path(2023))
    assert document and document.content == b"a year"
    assert agency.document(water_year_path(2024)) is None


def test_live_rainfall_is_served_where_its_files_lie(folder: Path) -> None:
    agency = FolderAgency(folder)
    assert agency.document(INTERVAL_REPORT) is None
    assert agency.answer(asked("/php/showdata4.php", "ID=59700&NM=1000")) is None
    (folder / "prpt.txt").write_bytes(b"a report")
    (folder / "showdata4_59700.html").write_bytes(b"a page")

    report = agency.document(INTERVAL_REPORT)
    got = agency.answer(asked("/php/showdata4.php", "ID=59700&NM=1000"))
    posted = agency.answer(asked("/php/showdata2.php", body=b"ID1=59700&ST=rain&NM=200"))
    assert report and got and posted
    assert (report.content, got.content, posted.content) == (b"a report", b"a page", b"a page")


@pytest.mark.parametrize("query", ["", "ID=59700", "ID=../59700&NM=5", "ID=59700&NM=-1", "ID=10000&NM=5"])
def test_no_other_question_opens_a_page_of_tips(folder: Path, query: str) -> None:
    (folder / "showdata4_59700.html").write_bytes(b"a page")
    assert FolderAgency(folder).answer(asked("/php/showdata4.php", query)) is None


def asked(path: str, query: str = "", *, body: bytes = b"") -> Request:
    method = "POST" if body else "GET"
    return Request(method=method, path=path, query=query, headers={}, body=body, base_url="http://a.example")

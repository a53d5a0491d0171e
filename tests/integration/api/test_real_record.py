"""The real workbook of gauge 59700, stored and asked for over HTTP: the agency's own totals come back."""

import psycopg
import pytest

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.import_jobs import ImportJob, Kind
from gaugehouse.services.store_record import store_record
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from tests.integration.api.conftest import Call
from tests.real_files import MCFCD, requires_real_files

pytestmark = requires_real_files

STATION, FORMER = "59700", "4695"


@pytest.fixture(scope="module")
def workbook() -> FullRecord:
    """The agency's full record."""
    content = (MCFCD / "59700_FOPR.xlsx").read_bytes()
    return parse_fopr_workbook(content, station_id=STATION, file_name="59700_FOPR.xlsx")


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection, workbook: FullRecord) -> None:
    """The record as an import stores it."""
    job = ImportJob(id=1, kind=Kind.FOPR, subject=STATION, attempt=1, gauge_summary=None, import_stats=None)
    with owner.transaction():
        store_record(workbook, job, owner)


def test_each_water_year_has_the_total_that_the_agency_states(call: Call, workbook: FullRecord) -> None:
    stated = {
        claim.water_year: (claim.total_inches, claim.monsoon_inches)
        for claim in workbook.record.claims
        if "footer" in claim.place
    }
    assert list(stated) == list(range(1998, 2025))
    items = call("GET", f"/gauges/{STATION}/rainfall?interval=water_year").body["items"]
    assert {item["water_year"]: (item["total_inches"], item["monsoon_inches"]) for item in items} == {
        year: (pytest.approx(total), pytest.approx(monsoon)) for year, (total, monsoon) in stated.items()
    }
    for year, (total, _) in stated.items():
        answer = call("GET", f"/readings/{FORMER}/water-year/{year}").body
        assert answer["total_rainfall_inches"] == pytest.approx(total, abs=1e-5), year


def test_the_whole_record_is_what_was_counted_in_the_workbook_by_hand(call: Call) -> None:
    assert call("GET", f"/gauges/{STATION}").body["record"] == {
        "first_date": "1998-02-03", "last_date": "2024-09-30", "days": 9707, "missing_days": 155 - 125,
        "total_inches": 202.47991,
    }  # fmt: skip
    days = call("GET", f"/gauges/{STATION}/rainfall").body["items"]
    assert len(days) == 9707
    wettest = max(days, key=lambda day: day["rainfall_inches"])
    assert (wettest["date"], wettest["rainfall_inches"]) == ("2018-10-02", 2.63779)
    assert [day["date"] for day in days if day["quality"] == "assigned"] == ["2000-06-24"]
    gaps = call("GET", f"/gauges/{STATION}/gaps").body["items"]
    assert (len(gaps), sum(gap["missing_days"] for gap in gaps)) == (15, 155)
    assert call("GET", f"/gauges/{STATION}/record").body["frequency"]["years"]

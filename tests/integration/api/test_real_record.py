"""The real workbook of gauge 59700, stored and asked for over HTTP: the agency's own totals come back."""

from collections import defaultdict

import psycopg
import pytest

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.import_jobs import ImportJob, ImportRequest, Kind
from gaugehouse.services.store_record import store_record
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse.store import import_jobs
from tests.integration.api.conftest import Call
from tests.real_files import MCFCD, requires_real_files

pytestmark = requires_real_files

STATION = "59700"


@pytest.fixture(scope="module")
def workbook() -> FullRecord:
    """The agency's full record."""
    content = (MCFCD / "59700_FOPR.xlsx").read_bytes()
    return parse_fopr_workbook(content, station_id=STATION, file_name="59700_FOPR.xlsx")

"""Workbooks of real size, and the plain ways to read them."""

import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO

from gaugehouse_local.simulator import ClimateAgency, create_climate, fopr_path
from tests.real_files import MCFCD


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A full-record workbook as it was downloaded."""

    name: str
    station_id: str
    content: bytes


def simulated_workbook() -> Workbook:
    """Return the workbook of a simulated gauge with 27 water years, as many as the real one has."""
    climate = create_climate()
    oldest = min(climate.gauges, key=lambda gauge: gauge.first_reading).station_id
    document = ClimateAgency(climate).document(fopr_path(oldest))
    assert document is not None
    return Workbook(name="simulated", station_id=oldest, content=document.content)


def real_workbook() -> Workbook:
    """Return the agency's own."""
    return Workbook(name="real", station_id="59700", content=(MCFCD / "59700_FOPR.xlsx").read_bytes())


def read_with_openpyxl(content: bytes) -> int:
    """Read every cell as openpyxl gives it; return how many there are."""
    from openpyxl import load_workbook  # a peer: nothing else here may pay for its import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every extension that it does not know
        book = load_workbook(BytesIO(content), data_only=True)
    return sum(len(row) for sheet in book for row in sheet.values)


def read_with_calamine(content: bytes) -> int:
    """Read every cell and do nothing with it: what any parser on calamine takes at the least."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets = (book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names)
    return sum(len(row) for sheet in sheets for row in sheet)


def inflate(content: bytes) -> int:
    """Expand every part: what any reader of a workbook takes at the least."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return sum(len(package.read(name)) for name in package.namelist())

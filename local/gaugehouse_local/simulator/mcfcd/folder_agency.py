"""Maricopa County's site over a folder of its real files."""

import re
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse_local.simulator.agency import HTML_TYPE, PDF_TYPE, TEXT_TYPE, XLSX_TYPE, Document, Request
from gaugehouse_local.simulator.mcfcd.paths import (
    GAUGE_LIST,
    INTERVAL_REPORT,
    fopr_station,
    monthly_pdf_month,
    monthly_pdf_path,
    tips_question,
    water_year_of_path,
    water_year_path,
)

_LIST_NAME = "ev_rain.txt"
_REPORT_NAME = "prpt.txt"
_WORKBOOK_NAME = re.compile(r"([0-9]{4,5})_FOPR\.xlsx")


class FolderUnusable(GaugehouseError):
    """The folder is not one that the simulator can serve; the message names what is missing.

    It needs the agency's list as `ev_rain.txt` and at least one workbook named like `59700_FOPR.xlsx`.
    """


class FolderAgency:
    """Serves `ev_rain.txt`, `{id}_FOPR.xlsx`, `pcp_WY_{year}.xlsx` and `pcpMMYY.pdf` of one folder.

    `prpt.txt` and `showdata4_{id}.html` too, where they lie there. Files are read again for each request.

    Raises FolderUnusable where the folder, the list or every workbook is missing.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FolderUnusable(f"{folder} is not a folder")
        self._folder = folder
        missing = []
        if not (folder / _LIST_NAME).is_file():
            missing.append(_LIST_NAME)
        if not self.station_ids:
            missing.append("a workbook named {id}_FOPR.xlsx")
        if missing:
            raise FolderUnusable(f"{folder} lacks {' and '.join(missing)}")

    @property
    def station_ids(self) -> tuple[str, ...]:
        """Return the stations that have a workbook in the folder, sorted."""
        names = (_WORKBOOK_NAME.fullmatch(path.name) for path in self._folder.iterdir() if path.is_file())
        return tuple(sorted(name[1] for name in names if name))

    def answer(self, request: Request) -> Document | None:
        """Return the file that is asked for."""
        if question := tips_question(request):
            return _read(self._folder / f"showdata4_{question.station_id}.html", HTML_TYPE)
        return self.document(request.path)

    def document(self, path: str) -> Document | None:
        """Return a file of the folder, or None. Only names that this class composes are ever opened."""
        if month := monthly_pdf_month(path):
            return _read(self._folder / PurePosixPath(monthly_pdf_path(month)).name, PDF_TYPE)
        if water_year := water_year_of_path(path):
            return _read(self._folder / PurePosixPath(water_year_path(water_year)).name, XLSX_TYPE)
        station_id = fopr_station(path)
        if path == GAUGE_LIST:
            return _read(self._folder / _LIST_NAME, TEXT_TYPE)
        if path == INTERVAL_REPORT:
            return _read(self._folder / _REPORT_NAME, TEXT_TYPE)
        return _read(self._folder / f"{station_id}_FOPR.xlsx", XLSX_TYPE) if station_id else None


def _read(file: Path, content_type: str) -> Document | None:
    try:
        content, changed = file.read_bytes(), file.stat().st_mtime
    except FileNotFoundError:
        return None
    return Document(content, content_type, datetime.fromtimestamp(int(changed), tz=UTC))

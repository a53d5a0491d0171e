"""Where a gauge's full-record workbook is, and how it is downloaded."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from gaugehouse.domain.documents import Download
from gaugehouse.sources.http import download_if_changed
from gaugehouse.sources.mcfcd.workbook.package import MAX_PACKAGE_BYTES

if TYPE_CHECKING:
    import requests


def fopr_url(base_url: str, station_id: str) -> str:
    """Return the address of a gauge's workbook."""
    return f"{base_url.rstrip('/')}/alert/Rain/FOPR/{quote(station_id, safe='')}_FOPR.xlsx"


def fetch_fopr_workbook(
    session: "requests.Session", base_url: str, station_id: str, *, etag: str | None = None
) -> Download | None:
    """Download a gauge's workbook; None when `etag` is still its version. Raises as `download` does."""
    return download_if_changed(
        session, fopr_url(base_url, station_id), max_bytes=MAX_PACKAGE_BYTES, etag=etag
    )

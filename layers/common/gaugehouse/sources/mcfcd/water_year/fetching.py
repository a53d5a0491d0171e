"""Where a water year's workbook is, and how it is downloaded."""

from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.sources.http import download_if_changed
from gaugehouse.sources.mcfcd.workbook.package import MAX_PACKAGE_BYTES

if TYPE_CHECKING:
    import requests


def water_year_url(base_url: str, water_year: int) -> str:
    """Return the address of a water year's workbook."""
    return f"{base_url.rstrip('/')}/alert/Rain/pcp_WY_{water_year:d}.xlsx"


def fetch_water_year_workbook(
    session: "requests.Session", base_url: str, water_year: int, *, etag: str | None = None
) -> Download | None:
    """Download a workbook; None when `etag` is still its version. Raises as `download` does.

    The agency has workbooks of the water years from 2022 on.
    """
    return download_if_changed(
        session, water_year_url(base_url, water_year), max_bytes=MAX_PACKAGE_BYTES, etag=etag
    )

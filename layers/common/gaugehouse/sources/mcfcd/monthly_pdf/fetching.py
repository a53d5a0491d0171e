"""Where the PDF of a month is, and how it is downloaded."""

from datetime import date
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.sources.http import download_if_changed
from gaugehouse.sources.mcfcd.monthly_pdf.integrity import MAX_BYTES

if TYPE_CHECKING:
    import requests


def monthly_pdf_url(base_url: str, month: date) -> str:
    """Return the address of the PDF of the month in which `month` lies (`pcp1119.pdf`)."""
    return f"{base_url.rstrip('/')}/alert/Rain/pcp{month:%m%y}.pdf"


def fetch_monthly_pdf(
    session: "requests.Session", base_url: str, month: date, *, etag: str | None = None
) -> Download | None:
    """Download a month's PDF; None when `etag` is still its version. Raises as `download` does."""
    return download_if_changed(session, monthly_pdf_url(base_url, month), max_bytes=MAX_BYTES, etag=etag)

"""The registry of import kinds: the one table that says what can be imported, and how."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from gaugehouse.domain import rain_book_subjects
from gaugehouse.domain.documents import Download
from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.import_subjects import WHOLE_DOCUMENTS
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.services.document_kinds import DocumentKind

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring

MCFCD_QUOTA = "mcfcd"


def _fopr(wiring: "Wiring") -> DocumentKind[Any]:
    from gaugehouse.services.store_record import record_stands, store_record
    from gaugehouse.sources.mcfcd import fopr
    from gaugehouse.store import gauges

    def fetch(station_id: str, etag: str | None, take_turn: Callable[[], None]) -> Download | None:
        take_turn()
        return fopr.fetch_fopr_workbook(wiring.http, wiring.settings.mcfcd_base_url, station_id, etag=etag)

    return DocumentKind(
        name=Kind.FOPR,
        quota=MCFCD_QUOTA,
        interval_seconds=wiring.settings.mcfcd_download_interval_seconds,
        parser_version=fopr.PARSER_VERSION,
        suffix=WHOLE_DOCUMENTS[Kind.FOPR],
        fetch=fetch,
        parse=lambda download, station_id, newest: fopr.parse_fopr_workbook(
            download.content, station_id=station_id, file_name=f"{station_id}_FOPR.xlsx"
        ).not_after(newest),
        store=store_record,
        stands=record_stands,
        note_availability=lambda conn, station_id, available: gauges.note_workbook(
            conn, station_id, available=available
        ),
    )


def _water_year(wiring: "Wiring") -> DocumentKind[Any]:
    from gaugehouse.services.water_year_workbook import parse_water_year
    from gaugehouse.sources.mcfcd import water_year

    def fetch(subject: str, etag: str | None, take_turn: Callable[[], None]) -> Download | None:
        year = rain_book_subjects.read_water_year(subject)
        take_turn()
        return water_year.fetch_water_year_workbook(
            wiring.http, wiring.settings.mcfcd_base_url, year, etag=etag
        )

    return _rain_book(Kind.WATER_YEAR, wiring, water_year.PARSER_VERSION, fetch, parse_water_year)


def _monthly_pdf(wiring: "Wiring") -> DocumentKind[Any]:
    from gaugehouse.sources.mcfcd import monthly_pdf

    def fetch(subject: str, etag: str | None, take_turn: Callable[[], None]) -> Download | None:
        month = rain_book_subjects.read_month(subject)
        take_turn()
        return monthly_pdf.fetch_monthly_pdf(wiring.http, wiring.settings.mcfcd_base_url, month, etag=etag)

    def parse(download: Download, subject: str, _newest: date) -> RainBook:
        month = rain_book_subjects.read_month(subject)
        return monthly_pdf.parse_monthly_pdf(download.content, month=month, file_name=f"pcp{month:%m%y}.pdf")

    return _rain_book(Kind.MONTHLY_PDF, wiring, monthly_pdf.PARSER_VERSION, fetch, parse)


def _rain_book(
    kind: Kind,
    wiring: "Wiring",
    parser_version: int,
    fetch: Callable[[str, str | None, Callable[[], None]], Download | None],
    parse: Callable[[Download, str, date], RainBook],
) -> DocumentKind[Any]:
    from gaugehouse.services.store_rain_book import rain_book_stands, store_rain_book

    return DocumentKind(
        name=kind,
        quota=MCFCD_QUOTA,
        interval_seconds=wiring.settings.mcfcd_download_interval_seconds,
        parser_version=parser_version,
        suffix=WHOLE_DOCUMENTS[kind],
        fetch=fetch,
        parse=parse,
        store=store_rain_book,
        stands=rain_book_stands,
    )


def parser_versions() -> dict[Kind, int]:
    """Return today's parser version of every kind whose documents can be read again."""
    from gaugehouse.sources.mcfcd import fopr, monthly_pdf, water_year

    return {
        Kind.FOPR: fopr.PARSER_VERSION,
        Kind.WATER_YEAR: water_year.PARSER_VERSION,
        Kind.MONTHLY_PDF: monthly_pdf.PARSER_VERSION,
    }


def _backfill(kind: Kind, wiring: "Wiring") -> DocumentKind[Any]:
    from gaugehouse.runtime.usgs import LEFT_TO_POLLS, PATIENT_REQUEST_SECONDS, waterdata
    from gaugehouse.services import backfill_window
    from gaugehouse.services.usgs import USGS_QUOTA

    parameter_codes = wiring.settings.usgs_parameters
    return DocumentKind(
        name=kind,
        quota=USGS_QUOTA,
        interval_seconds=0,
        parser_version=backfill_window.PARSER_VERSION,
        suffix=".json.gz",
        # It takes its turn before each page.
        fetch=lambda subject, etag, _: backfill_window.fetch_window(
            kind,
            subject,
            etag,
            agency=waterdata(wiring, request_seconds=PATIENT_REQUEST_SECONDS, spare=LEFT_TO_POLLS),
        ),
        parse=partial(backfill_window.parse_window, kind),
        prepare=backfill_window.prepare_window,
        store=partial(backfill_window.store_window, parameter_codes),
        stands=partial(backfill_window.window_stands, kind, parameter_codes),
    )


KIND_MAKERS: dict[Kind, Callable[["Wiring"], DocumentKind[Any]]] = {
    Kind.FOPR: _fopr,
    Kind.WATER_YEAR: _water_year,
    Kind.MONTHLY_PDF: _monthly_pdf,
    Kind.USGS_DAILY: partial(_backfill, Kind.USGS_DAILY),
    Kind.USGS_CONTINUOUS: partial(_backfill, Kind.USGS_CONTINUOUS),
}

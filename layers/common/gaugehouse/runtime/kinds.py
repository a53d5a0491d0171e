"""The registry of import kinds: the one table that says what can be imported, and how."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from gaugehouse.domain.import_jobs import Kind
from gaugehouse.services.document_kinds import DocumentKind

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring

MCFCD_QUOTA = "mcfcd"


def _fopr(wiring: "Wiring") -> DocumentKind[Any]:
    from gaugehouse.domain.documents import Download
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
        suffix=".xlsx",
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


def _backfill(kind: Kind, wiring: "Wiring") -> DocumentKind[Any]:
    from gaugehouse.runtime.usgs import waterdata
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
            kind, subject, etag, agency=waterdata(wiring)
        ),
        parse=partial(backfill_window.parse_window, kind),
        prepare=backfill_window.prepare_window,
        store=partial(backfill_window.store_window, parameter_codes),
        stands=partial(backfill_window.window_stands, kind, parameter_codes),
    )


KIND_MAKERS: dict[Kind, Callable[["Wiring"], DocumentKind[Any]]] = {
    Kind.FOPR: _fopr,
    Kind.USGS_DAILY: partial(_backfill, Kind.USGS_DAILY),
    Kind.USGS_CONTINUOUS: partial(_backfill, Kind.USGS_CONTINUOUS),
}

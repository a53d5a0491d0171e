"""Maricopa County's site over a simulated climate: documents are written when first asked for."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock

from gaugehouse_local.simulator.agency import HTML_TYPE, PDF_TYPE, TEXT_TYPE, XLSX_TYPE, Document, Request
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.mcfcd.fopr_content import REVISED_AFTER, fopr_content
from gaugehouse_local.simulator.mcfcd.fopr_workbook import write_fopr_workbook
from gaugehouse_local.simulator.mcfcd.gauge_list import write_gauge_list
from gaugehouse_local.simulator.mcfcd.live_documents import write_interval_report, write_tips
from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import days_of, month_content
from gaugehouse_local.simulator.mcfcd.monthly_pdf_faults import MonthFault, write_faulty_pdf
from gaugehouse_local.simulator.mcfcd.paths import (
    GAUGE_LIST,
    INTERVAL_REPORT,
    TipsQuestion,
    fopr_station,
    monthly_pdf_month,
    tips_question,
    water_year_of_path,
)
from gaugehouse_local.simulator.mcfcd.water_year_bending import bend
from gaugehouse_local.simulator.mcfcd.water_year_content import water_year_content
from gaugehouse_local.simulator.mcfcd.water_year_faults import BookFault
from gaugehouse_local.simulator.mcfcd.water_year_workbook import write_water_year_workbook

ARIZONA_BEHIND_UTC = timedelta(hours=7)  # the whole year


class ClimateAgency:
    """An agency whose gauges and records are a climate's.

    `document_faults` spoil single workbooks, by station id; `duplicate_id` adds the list's known typo. What
    the agency tells of the rain that is falling now is as of `now`, which is Arizona's own time, naive: the
    climate's present unless something else is given. The published documents stay as of that present.
    """

    def __init__(
        self,
        climate: Climate,
        *,
        document_faults: Mapping[str, Collection[DocumentFault]] | None = None,
        duplicate_id: bool = False,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.climate = climate
        self.now = now or (lambda: climate.observed_at)
        self._present = climate
        self._faults = {station: frozenset(faults) for station, faults in (document_faults or {}).items()}
        self._month_faults: dict[date, frozenset[MonthFault]] = {}
        self._book_faults: dict[int, frozenset[BookFault]] = {}
        self._duplicate_id = duplicate_id
        self._written: dict[str, Document] = {}
        self._lock = Lock()

    def publish(self, station_id: str, *faults: DocumentFault) -> None:
        """Replace a gauge's workbook by one with these faults (none: a faultless one)."""
        self.climate.record(station_id)  # raises KeyError for a station that is not of this world
        with self._lock:
            self._faults[station_id] = frozenset(faults)
            self._written.clear()

    def publish_month(self, month: date, *faults: MonthFault) -> None:
        """Replace the PDF of a month by one with these faults (none: a faultless one)."""
        with self._lock:
            self._month_faults[month.replace(day=1)] = frozenset(faults)
            self._written.clear()

    def publish_water_year(self, water_year: int, *faults: BookFault) -> None:
        """Replace the workbook of a water year by one with these faults (none: a faultless one)."""
        with self._lock:
            self._book_faults[water_year] = frozenset(faults)
            self._written.clear()

    def answer(self, request: Request) -> Document | None:
        """Return the document that is asked for."""
        if request.path == INTERVAL_REPORT:
            return self._live(write_interval_report(self._world(), self.now()), TEXT_TYPE)
        if question := tips_question(request):
            return self._tips(question)
        return self.document(request.path)

    def _tips(self, question: TipsQuestion) -> Document | None:
        world = self._world()
        gauge = next((each for each in world.gauges if each.station_id == question.station_id), None)
        if gauge is None:
            return None
        record = world.record(gauge.station_id)
        page = write_tips(gauge, record, self.now(), question.rows, extra=question.by_form)
        return self._live(page, HTML_TYPE)

    def _live(self, content: bytes, content_type: str) -> Document:
        return Document(content, content_type, (self.now() + ARIZONA_BEHIND_UTC).replace(tzinfo=UTC))

    def _world(self) -> Climate:
        """Return the climate as it is now, made once a day."""
        now = self.now()
        with self._lock:
            if now <= self.climate.observed_at:
                return self.climate
            self._present = self._present.at(now)
            return self._present

    def document(self, path: str) -> Document | None:
        """Return a document; None for every other path, unknown stations and months without a PDF."""
        if path == GAUGE_LIST:
            gauge_list = write_gauge_list(self._world(), self.now(), duplicate_id=self._duplicate_id)
            return self._live(gauge_list, TEXT_TYPE)
        with self._lock:
            if path not in self._written:
                document = self._write(path)
                if document is None:
                    return None
                self._written[path] = document
            return self._written[path]

    def _write(self, path: str) -> Document | None:
        if month := monthly_pdf_month(path):
            return self._write_monthly_pdf(month)
        if water_year := water_year_of_path(path):
            return self._write_water_year(water_year)
        station_id = fopr_station(path)
        if station_id is None or all(gauge.station_id != station_id for gauge in self.climate.gauges):
            return None
        content = fopr_content(
            self.climate.record(station_id),
            updated=updated_on(self.climate),
            faults=self._faults.get(station_id, ()),
        )
        made = datetime.combine(content.updated, time(15), tzinfo=UTC)
        return Document(write_fopr_workbook(content), XLSX_TYPE, made)

    def _write_monthly_pdf(self, month: date) -> Document | None:
        pages = month_content(self.climate, month)
        if not pages:
            return None
        content = write_faulty_pdf(pages, self._month_faults.get(month, frozenset()))
        # The agency needs some four weeks to edit a month.
        made = datetime.combine(days_of(month)[-1] + timedelta(days=27), time(15), tzinfo=UTC)
        return Document(content, PDF_TYPE, made)

    def _write_water_year(self, water_year: int) -> Document | None:
        pages = water_year_content(self.climate, water_year)
        if not pages:
            return None
        faults = self._book_faults.get(water_year, frozenset())
        content = write_water_year_workbook(bend(pages, faults), water_year, faults)
        made = finished_on(self.climate, water_year)
        if BookFault.REVISED in faults:
            made = min(self.climate.as_of, made + REVISED_AFTER)
        return Document(content, XLSX_TYPE, datetime.combine(made, time(15), tzinfo=UTC))


def finished_on(climate: Climate, water_year: int) -> date:
    """Return when the agency finished a water year's workbook: in October, or today if that is earlier."""
    return min(climate.as_of, date(water_year, 10, 12))


def updated_on(climate: Climate) -> date:
    """Return when the agency finished its workbooks: before Christmas, or today if that is earlier."""
    return min(climate.as_of, date(climate.last_water_year, 12, 19))

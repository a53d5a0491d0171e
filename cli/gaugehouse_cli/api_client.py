"""A typed client of the HTTP API: what it answers, as the objects of which it makes its answers.

with ApiClient("https://gauges.example.org", key) as api:
    for entry in api.imports(status="failed"):
        print(entry.subject, entry.error_message)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import msgspec

from gaugehouse.domain.job_runs import JobRun
from gaugehouse.domain.pauses import Pause
from gaugehouse.domain.quotas import Quota
from gaugehouse.domain.system_state import SystemState
from gaugehouse.runtime.api.admin_routes import AskedImport
from gaugehouse.runtime.api.gauge_routes import OneGauge
from gaugehouse.runtime.api.job_routes import Job
from gaugehouse.runtime.api.latest_routes import Latest
from gaugehouse.runtime.api.readings_routes import Readings
from gaugehouse.runtime.api.record_routes import GaugeRecord
from gaugehouse.runtime.api.system_routes import Health
from gaugehouse.runtime.api.year_routes import CalendarYear, WaterYear
from gaugehouse.runtime.dead_letter_queues import DeadLetters
from gaugehouse.store.gauge_items import GaugeItem
from gaugehouse.store.rain_gaps import RecordGap
from gaugehouse.store.rain_spans import NormalDay, RainDay, RainMonth, RainWaterYear
from gaugehouse.store.rejected_records import Reject
from gaugehouse.store.reports import LedgerEntry, LedgerPage
from gaugehouse_cli.api_transport import ApiTransport, ApiUnreachable

T = TypeVar("T")
MOST_AT_ONCE = 1000  # items of a page


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """A page of a list. Without `next_cursor` it is the last one."""

    items: list[T]
    next_cursor: str | None = None


class ApiClient:
    """Asks one API. Each method is named as the route that it asks; lists are followed page by page.

    Raises, in each method: ApiRefused with the API's own words, ApiUnreachable.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        self._transport = ApiTransport(url, key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    @property
    def url(self) -> str:
        """The address of the API, with its version."""
        return self._transport.url

    def health(self) -> Health:
        """Say whether service and database answer."""
        return self._one(Health, "/health")

    def system_state(self) -> SystemState:
        """Return the one row of counts."""
        return self._one(SystemState, "/system/state")

    def jobs(self) -> list[Job]:
        """Return every job that has run."""
        return list(self._all(Job, "/jobs"))

    def job_runs(self, job_name: str, *, limit: int | None = None) -> Iterator[JobRun]:
        """Return the runs of one job, newest first."""
        return self._pages(JobRun, _path("jobs", job_name), limit=limit)

    def pauses(self) -> list[Pause]:
        """Return what is paused."""
        return list(self._all(Pause, "/pauses"))

    def imports(
        self, *, status: str | None = None, kind: str | None = None, limit: int | None = None
    ) -> Iterator[LedgerEntry]:
        """Return the ledger's import jobs, by kind and subject."""
        return self._pages(LedgerEntry, "/imports", limit=limit, status=status, kind=kind)

    def one_import(self, kind: str, subject: str) -> LedgerPage:
        """Return everything that the ledger holds of one import."""
        return self._one(LedgerPage, _path("imports", kind, subject))

    def quotas(self) -> list[Quota]:
        """Return what each agency lets itself be asked."""
        return list(self._all(Quota, "/quota"))

    def rejects(self, *, limit: int = 100) -> list[Reject]:
        """Return what was dropped last, newest first."""
        return list(self._pages(Reject, "/rejects", limit=limit))

    def dead_letters(self) -> list[DeadLetters]:
        """Return how much failed at every try, by queue."""
        return list(self._all(DeadLetters, "/dead-letters"))

    def gauges(
        self,
        *,
        network: str | None = None,
        status: str | None = None,
        q: str | None = None,
        near: tuple[float, float] | None = None,
        radius_miles: float | None = None,
        limit: int | None = None,
    ) -> Iterator[GaugeItem]:
        """Return gauges by station id; near a place (latitude, longitude) the nearest first.

        `q` is looked for in ids, names and places.
        """
        place = near and f"{near[0]:.12f},{near[1]:.12f}"
        radius = radius_miles and f"{radius_miles:.6f}mi"
        return self._pages(
            GaugeItem, "/gauges", limit=limit, network=network, status=status, q=q, near=place, radius=radius
        )

    def gauge(self, station_id: str) -> OneGauge:
        """Return one gauge, by its id or a former one."""
        return self._one(OneGauge, _path("gauges", station_id))

    def rainfall(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> list[RainDay]:
        """Return the days of a span that have a value, oldest first; of the whole record unless told."""
        span = {"from": first, "to": last}
        return list(self._all(RainDay, _path("gauges", station_id, "rainfall"), interval="day", **span))

    def months(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> list[RainMonth]:
        """Return the totals of the months that have a day in a span. They say whether they are complete."""
        span = {"from": first, "to": last}
        return list(self._all(RainMonth, _path("gauges", station_id, "rainfall"), interval="month", **span))

    def water_years(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> list[RainWaterYear]:
        """Return the totals of the water years that have a day in a span. They say if they are complete."""
        span = {"from": first, "to": last}
        path = _path("gauges", station_id, "rainfall")
        return list(self._all(RainWaterYear, path, interval="water_year", **span))

    def water_year(self, station_id: str, year: int) -> WaterYear:
        """Return the daily readings of a water year, which begins on 1 October of the year before."""
        return self._one(WaterYear, _path("readings", station_id, "water-year", str(year)))

    def calendar_year(self, station_id: str, year: int) -> CalendarYear:
        """Return the daily readings of a calendar year, with its twelve months."""
        return self._one(CalendarYear, _path("readings", station_id, "calendar-year", str(year)))

    def normals(self, station_id: str) -> list[NormalDay]:
        """Return what is normal for each day of the water year, over the record's complete years."""
        return list(self._all(NormalDay, _path("gauges", station_id, "normals")))

    def readings(
        self,
        station_id: str,
        parameter: str,
        *,
        method: str | None = None,
        first: date | datetime | None = None,
        last: date | datetime | None = None,
        points: int | None = None,
    ) -> Readings:
        """Return readings of a series, of its last week unless told; `points` are as few as a plot needs.

        `method` says which one, where a gauge has several series of the parameter.
        """
        window = {"from": first and _moment(first), "to": last and _moment(last)}
        path = _path("gauges", station_id, "readings")
        return self._one(Readings, path, parameter=parameter, method=method, points=points, **window)

    def latest(self, station_id: str) -> Latest:
        """Return what a gauge measures now."""
        return self._one(Latest, _path("readings", station_id, "latest"))

    def gaps(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> Iterator[RecordGap]:
        """Return the gaps of a gauge's rainfall, newest first: all, or those that reach into a span."""
        span: dict[str, Any] = {"from": first, "to": last}
        return self._pages(RecordGap, _path("gauges", station_id, "gaps"), **span)

    def record(self, station_id: str) -> GaugeRecord:
        """Return what documents say of a gauge, and whether the totals that they state hold."""
        return self._one(GaugeRecord, _path("gauges", station_id, "record"))

    def ask_for_import(self, kind: str, subject: str) -> AskedImport:
        """Have a document imported now. Needs a key of the scope operate."""
        return self._act(AskedImport, "POST", "/admin/imports", {"kind": kind, "subject": subject})

    def retry_import(self, kind: str, subject: str) -> AskedImport:
        """Have a document of the ledger imported again now. Needs a key of the scope operate."""
        return self._act(AskedImport, "POST", _path("admin", "imports", kind, subject, "retry"))

    def pause(self, name: str, reason: str, *, resumes_at: str | None = None) -> list[Pause]:
        """Pause a source, a task or all imports; return what is paused. Needs the scope operate."""
        wish = {"name": name, "reason": reason, "resumes_at": resumes_at}
        return self._act(Items[Pause], "POST", "/admin/pauses", wish).items

    def resume(self, name: str) -> list[Pause]:
        """End a pause; return what is paused still. Needs a key of the scope operate."""
        return self._act(Items[Pause], "DELETE", _path("admin", "pauses", name)).items

    def _one(self, model: type[T], path: str, **parameters: object) -> T:
        return self._read(model, path, self._transport.send("GET", path, parameters=parameters))

    def _all(self, model: type[T], path: str, **parameters: object) -> Iterator[T]:
        """Ask for a list that is one page."""
        page: Items[T] = self._one(Items[model], path, **parameters)  # type: ignore[valid-type]
        yield from page.items

    def _pages(
        self, model: type[T], path: str, *, limit: int | None = None, **parameters: object
    ) -> Iterator[T]:
        """Ask for one page after the other, until there is none or there are `limit` items."""
        return islice(self._every(model, path, min(limit or MOST_AT_ONCE, MOST_AT_ONCE), parameters), limit)

    def _every(self, model: type[T], path: str, size: int, parameters: dict[str, object]) -> Iterator[T]:
        cursor: str | None = None
        while True:
            page: Items[T] = self._one(Items[model], path, limit=size, cursor=cursor, **parameters)  # type: ignore[valid-type]
            yield from page.items
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def _act(self, model: type[T], method: str, path: str, body: object = None) -> T:
        return self._read(model, path, self._transport.send(method, path, body=body))

    def _read(self, model: type[T], path: str, content: bytes) -> T:
        try:
            return msgspec.json.decode(content, type=model)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise ApiUnreachable(
                f"{self.url}{path} answers otherwise than this release of the command reads ({error}): "
                "use the release that is deployed"
            ) from error


def _path(*parts: str) -> str:
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _moment(time: date | datetime) -> str:
    """Write a local day, or a moment in UTC as the API reads it."""
    if not isinstance(time, datetime):
        return time.isoformat()
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"

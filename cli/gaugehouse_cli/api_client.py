"""A typed client of the HTTP API: what it answers, as the objects of which it makes its answers.

with ApiClient("https://gauges.example.org", key) as api:
    for entry in api.imports(status="failed"):
        print(entry.subject, entry.error_message)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Generic, Self, TypeVar
from urllib.parse import quote

import msgspec

from gaugehouse.domain.job_runs import JobRun
from gaugehouse.domain.pauses import Pause
from gaugehouse.domain.quotas import Quota
from gaugehouse.domain.system_state import SystemState
from gaugehouse.runtime.api.admin_routes import AskedImport
from gaugehouse.runtime.api.job_routes import Job
from gaugehouse.runtime.api.system_routes import Health
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
        return self._pages(JobRun, f"/jobs/{quote(job_name, safe='')}", limit=limit)

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
        return self._one(LedgerPage, f"/imports/{quote(kind, safe='')}/{quote(subject, safe='')}")

    def quotas(self) -> list[Quota]:
        """Return what each agency lets itself be asked."""
        return list(self._all(Quota, "/quota"))

    def rejects(self, *, limit: int = 100) -> list[Reject]:
        """Return what was dropped last, newest first."""
        return list(self._all(Reject, "/rejects", limit=limit))

    def ask_for_import(self, kind: str, subject: str) -> AskedImport:
        """Have a document imported now. Needs a key of the scope operate."""
        return self._act(AskedImport, "POST", "/admin/imports", {"kind": kind, "subject": subject})

    def retry_import(self, kind: str, subject: str) -> AskedImport:
        """Have a document of the ledger imported again now. Needs a key of the scope operate."""
        path = f"/admin/imports/{quote(kind, safe='')}/{quote(subject, safe='')}/retry"
        return self._act(AskedImport, "POST", path)

    def pause(self, name: str, reason: str, *, resumes_at: str | None = None) -> list[Pause]:
        """Pause a source, a task or all imports; return what is paused. Needs the scope operate."""
        wish = {"name": name, "reason": reason, "resumes_at": resumes_at}
        return self._act(Items[Pause], "POST", "/admin/pauses", wish).items

    def resume(self, name: str) -> list[Pause]:
        """End a pause; return what is paused still. Needs a key of the scope operate."""
        return self._act(Items[Pause], "DELETE", f"/admin/pauses/{quote(name, safe='')}").items

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

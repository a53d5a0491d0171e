"""What can be asked of the service, and what it can be asked to do."""

from collections.abc import Iterator

from gaugehouse.domain.job_runs import JobRun
from gaugehouse.domain.pauses import Pause
from gaugehouse.domain.quotas import Quota
from gaugehouse.domain.system_state import SystemState
from gaugehouse.runtime.api.admin_routes import AskedImport
from gaugehouse.runtime.api.job_routes import Job
from gaugehouse.runtime.api.system_routes import Health
from gaugehouse.runtime.dead_letter_queues import DeadLetters
from gaugehouse.store.rejected_records import Reject
from gaugehouse.store.reports import LedgerEntry, LedgerPage
from gaugehouse_cli.api_calls import ApiCalls, Items, path_of


class OperationCalls(ApiCalls):
    """Each method is named as the route that it asks; lists are followed page by page."""

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
        return self._pages(JobRun, path_of("jobs", job_name), limit=limit)

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
        return self._one(LedgerPage, path_of("imports", kind, subject))

    def quotas(self) -> list[Quota]:
        """Return what each agency lets itself be asked."""
        return list(self._all(Quota, "/quota"))

    def rejects(self, *, limit: int = 100) -> list[Reject]:
        """Return what was dropped last, newest first."""
        return list(self._pages(Reject, "/rejects", limit=limit))

    def dead_letters(self) -> list[DeadLetters]:
        """Return how much failed at every try, by queue."""
        return list(self._all(DeadLetters, "/dead-letters"))

    def ask_for_import(self, kind: str, subject: str) -> AskedImport:
        """Have a document imported now. Needs a key of the scope operate."""
        return self._act(AskedImport, "POST", "/admin/imports", {"kind": kind, "subject": subject})

    def retry_import(self, kind: str, subject: str) -> AskedImport:
        """Have a document of the ledger imported again now. Needs a key of the scope operate."""
        return self._act(AskedImport, "POST", path_of("admin", "imports", kind, subject, "retry"))

    def pause(self, name: str, reason: str, *, resumes_at: str | None = None) -> list[Pause]:
        """Pause a source, a task or all imports; return what is paused. Needs the scope operate."""
        wish = {"name": name, "reason": reason, "resumes_at": resumes_at}
        return self._act(Items[Pause], "POST", "/admin/pauses", wish).items

    def resume(self, name: str) -> list[Pause]:
        """End a pause; return what is paused still. Needs a key of the scope operate."""
        return self._act(Items[Pause], "DELETE", path_of("admin", "pauses", name)).items

"""Ask an agency about many sites: group by group, until all are asked, the time is up, or it is down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from gaugehouse.domain.errors import (
    ApiKeyInvalid,
    GaugehouseError,
    PollIncomplete,
    SourceBusy,
    SourceRetired,
    SourceUnavailable,
)
from gaugehouse.domain.polling import StoredCounts

# An agency that hangs costs a minute, whose end is the request's own; the rest is for its turn and for
# storing its answer. One that answers page by page may take longer, up to what is left of the run.
LONGEST_REQUEST_SECONDS = 75.0
DOWN_AFTER = 3  # groups in a row that got no answer: hundreds of time-outs more would tell nothing new

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How many sites were asked, and with which result. `error` is the first that occurred."""

    sites: int
    failed: int = 0
    not_asked: int = 0
    error: GaugehouseError | None = None

    def as_fields(self) -> dict[str, Any]:
        """Return the numbers of sites as a `PollSummary` has them."""
        return {"sites": self.sites, "sites_failed": self.failed, "sites_not_asked": self.not_asked}

    @property
    def is_complete(self) -> bool:
        """Whether every site was answered."""
        return self.error is None and not self.not_asked

    def raise_if_failed(self) -> None:
        """Raise PollIncomplete if a request failed. That time or quota ran out is no failure."""
        if self.failed:
            self.raise_if_incomplete()

    def raise_if_incomplete(self) -> None:
        """Raise PollIncomplete unless every site was answered."""
        if self.is_complete:
            return
        why = self.error or "the time was up"
        text = f"of {self.sites} sites {self.failed} got no answer and {self.not_asked} were not asked: {why}"
        wait = self.error.retry_after_seconds if self.error else None
        raise PollIncomplete(text, retry_after_seconds=wait) from self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSummary(StoredCounts):
    """What asking sites for their values did. How the series are doing now: `system_state`."""

    sites: int
    sites_failed: int
    sites_not_asked: int

    @property
    def rows_affected(self) -> int:
        """Readings that were written."""
        return self.inserted + self.revised


def ask_sites(
    groups: Sequence[Sequence[str]],
    *,
    ask: Callable[[Sequence[str]], Answer],
    keep: Callable[[Sequence[str], Answer], None],
    fail: Callable[[Sequence[str], GaugehouseError], None] = lambda group, error: None,  # noqa: ARG005
    seconds_left: Callable[[], float],
) -> Asked:
    """Ask about each group; give the answer to `keep`, or the error to `fail`.

    What was kept stays, whatever happens to the groups behind it. An agency that leaves several groups in a
    row unanswered is down, and one that refuses our key refuses it every time: then all that are left fail
    without being asked. One that refuses a group is not down: the refusal is that group's own failure.
    Whoever is left when our quota or the time is up was not asked, and did not fail: nor did those whose
    request was refused because the quota is used up.
    """
    sites = sum(map(len, groups))
    failed = in_a_row = 0
    first: GaugehouseError | None = None
    for position, group in enumerate(groups):
        left = sum(map(len, groups[position:]))
        if seconds_left() < LONGEST_REQUEST_SECONDS:
            return Asked(sites=sites, failed=failed, not_asked=left, error=first)
        try:
            answer = ask(group)
        except SourceBusy as busy:
            return Asked(sites=sites, failed=failed, not_asked=left, error=first or busy)
        except GaugehouseError as error:
            first = first or error
            in_a_row = in_a_row + 1 if isinstance(error, SourceUnavailable) else 0
            if in_a_row == DOWN_AFTER or isinstance(error, ApiKeyInvalid | SourceRetired):
                for rest in groups[position:]:
                    fail(rest, error)
                return Asked(sites=sites, failed=failed + left, error=first)
            fail(group, error)
            failed += len(group)
        else:
            in_a_row = 0
            keep(group, answer)
    return Asked(sites=sites, failed=failed, error=first)

"""Many imports in one command: ask for what is missing, follow it, and perhaps stop at a failure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from gaugehouse.domain.import_jobs import ImportRequest
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import MOST_AT_ONCE, Standing, follow_imports, standings_of, sweep
from gaugehouse_cli.screen import err

FRESH = "fresh"
LEAST_WAIT_SECONDS, WAIT_FOR_EACH_SECONDS = 900.0, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Imports that belong together, such as the twelve months of a water year."""

    name: str
    requests: Sequence[ImportRequest]


@dataclass(slots=True, kw_only=True)
class RangeOutcome:
    """How a range went: of everything that was asked for how it stands, what was fresh, and what is left."""

    standings: list[Standing] = field(default_factory=list)
    fresh: set[tuple[str, str]] = field(default_factory=set)
    left: list[Part] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether nothing is left and everything was imported.

        Totals that do not hold are shown, and fail nothing: among the thousands that such documents state
        there are always some that the agency itself got wrong.
        """
        return not self.left and all(standing["status"] == "completed" for standing in self.standings)


def import_parts(
    deployment: Deployment,
    parts: Sequence[Part],
    *,
    again: bool,
    continue_on_error: bool,
    wait_seconds: float | None = None,
) -> RangeOutcome:
    """Ask for every part and wait for it; return how each import stands.

    What is fresh is not asked for, unless `again`. Without `continue_on_error` one part is asked for after
    the other, and no more after the first failure that is final. Whoever interrupts loses nothing: what was
    asked for goes on where the house stays, and the same command goes on with the rest.
    """
    outcome = RangeOutcome()
    portions = [_all_of(parts)] if continue_on_error else parts
    documents = sum(len(part.requests) for part in parts)
    _tell_estimate(deployment, documents)
    try:
        for number, portion in enumerate(portions, start=1):
            place = f"{portion.name} ({number} of {len(portions)})" if len(portions) > 1 else portion.name
            standings = _import_portion(
                deployment, portion, outcome, again=again, wait_seconds=wait_seconds, place=place
            )
            outcome.standings += standings
            if any(is_final_failure(standing) for standing in standings):
                outcome.left = list(portions[number:])
                break
    except KeyboardInterrupt:
        goes_on = "What was asked for goes on. " if deployment.stays else ""
        err.print(f"[yellow]{goes_on}The same command goes on where this one stopped.[/]")
        raise
    return outcome


def ask_for(deployment: Deployment, requests: Sequence[ImportRequest], *, again: bool) -> dict[str, str]:
    """Ask for what is not fresh, and have it sent. Return the state of each, by kind and subject."""
    by_kind: dict[str, list[str]] = {}
    for request in requests:
        by_kind.setdefault(request.kind.value, []).append(request.subject)
    states: dict[str, str] = {}
    for kind, subjects in by_kind.items():
        for start in range(0, len(subjects), MOST_AT_ONCE):
            asked = deployment.operate(
                "imports_request_missing",
                kind=kind,
                subjects=subjects[start : start + MOST_AT_ONCE],
                again=again,
            )
            states |= {f"{kind} {subject}": state for subject, state in asked.items()}
    if deployment.stays and any(state != FRESH for state in states.values()):
        sweep(deployment)
    return states


def is_final_failure(standing: Standing) -> bool:
    """Say whether this import failed and is not tried again by itself."""
    return standing["status"] == "failed" and standing["next_retry_seconds"] is None


def _import_portion(
    deployment: Deployment,
    portion: Part,
    outcome: RangeOutcome,
    *,
    again: bool,
    wait_seconds: float | None,
    place: str,
) -> list[Standing]:
    states = ask_for(deployment, portion.requests, again=again)
    wanted = [(request.kind.value, request.subject) for request in portion.requests]
    fresh = [(kind, subject) for kind, subject in wanted if states[f"{kind} {subject}"] == FRESH]
    outcome.fresh |= set(fresh)
    open_ = [each for each in wanted if each not in outcome.fresh]
    patience = wait_seconds or max(LEAST_WAIT_SECONDS, WAIT_FOR_EACH_SECONDS * len(open_))
    followed = follow_imports(deployment, open_, wait_seconds=patience, what=place) if open_ else []
    return [*(standings_of(deployment, fresh) if fresh else []), *followed]


def _all_of(parts: Sequence[Part]) -> Part:
    requests = [request for part in parts for request in part.requests]
    return Part(name=f"{len(requests)} imports", requests=requests)


def _tell_estimate(deployment: Deployment, documents: int) -> None:
    """Say how long the downloads alone take, at the pace that the agency is asked with."""
    seconds = round(documents * deployment.download_seconds)
    if seconds >= 10:
        pace = f"one download every {deployment.download_seconds:g} s"
        err.print(f"{documents} documents: {timedelta(seconds=seconds)} at least, with {pace}.", style="dim")

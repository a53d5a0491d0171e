"""Wait for imports, with a progress bar, and show how they ended."""

import time
from collections.abc import Sequence
from typing import Any

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.screen import err

LONGEST_RETRY_SECONDS = 10.0  # a retry further away is told, not waited for
# On this machine, and in AWS. Another publication may have been under way when we asked for ours, and a retry
# falls due while we wait.
SWEEP_EVERY_SECONDS = {True: 2.0, False: 30.0}
LOOK_EVERY_SECONDS = {True: 0.2, False: 2.0}
MOST_AT_ONCE = 500  # an operation takes no more than a thousand

Standing = dict[str, Any]


def follow_imports(
    deployment: Deployment,
    wanted: Sequence[tuple[str, str]],
    *,
    wait_seconds: float,
    what: str = "imports",
) -> list[Standing]:
    """Show the progress until every import (kind, subject) is settled, the time is up, or imports are paused.

    Return how each stands then. `what` stands before the bar. Whoever stops waiting loses nothing: the ledger
    goes on.
    """
    deadline = time.monotonic() + wait_seconds
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=len(set(wanted)))
        next_sweep = 0.0
        while True:
            standings = standings_of(deployment, wanted)
            unsettled = [standing for standing in standings if not is_settled(standing)]
            bar.update(task, completed=len(standings) - len(unsettled))
            if not unsettled or time.monotonic() > deadline:
                return standings
            if any(_is_due(standing) for standing in unsettled) and time.monotonic() > next_sweep:
                if sweep(deployment).get("paused"):
                    err.print("[yellow]Imports are paused:[/] `gaugehouse resume imports` lets them go on.")
                    return standings
                next_sweep = time.monotonic() + SWEEP_EVERY_SECONDS[deployment.is_local]
            time.sleep(LOOK_EVERY_SECONDS[deployment.is_local])


def standings_of(deployment: Deployment, wanted: Sequence[tuple[str, str]]) -> list[Standing]:
    """Ask how these imports (kind, subject) stand, by kind and subject; `kind` is in each."""
    by_kind: dict[str, list[str]] = {}
    for kind, subject in sorted(set(wanted)):
        by_kind.setdefault(kind, []).append(subject)
    return [
        {"kind": kind, **standing}
        for kind, subjects in by_kind.items()
        for start in range(0, len(subjects), MOST_AT_ONCE)
        for standing in deployment.operate(
            "imports_standing", kind=kind, subjects=subjects[start : start + MOST_AT_ONCE]
        )
    ]


def is_settled(standing: Standing) -> bool:
    """Say whether waiting for this import is over: done, failed for good, or its retry is far away."""
    if standing["status"] == "failed":
        retry = standing["next_retry_seconds"]
        return retry is None or retry > LONGEST_RETRY_SECONDS
    return bool(standing["status"] == "completed")


def state_of(standing: Standing) -> str:
    """Name the state; a failed import with a retry to come is waiting."""
    retry = standing["next_retry_seconds"]
    return str(standing["status"]) if retry is None else f"waiting {max(0, retry):.0f} s"


def sweep(deployment: Deployment) -> dict[str, Any]:
    """Have messages sent for what is due, and do not wait for the schedule."""
    summary: dict[str, Any] = deployment.run_task({"task": "requeue_imports"})
    return summary


def _is_due(standing: Standing) -> bool:
    retry = standing["next_retry_seconds"]
    return standing["status"] == "pending" or (retry is not None and retry <= 0)

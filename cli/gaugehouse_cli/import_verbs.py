"""`gaugehouse imports`: the ledger of imports."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import Kind
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import standings_of
from gaugehouse_cli.import_page import entry_state, print_job
from gaugehouse_cli.screen import moment, name, number, print_facts, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="The ledger of imports.", no_args_is_help=True)
MOST_ALIKE = 5


KindOption = Annotated[Kind, typer.Option("--kind", help="What kind of import.")]


class Status(StrEnum):
    """States as the ledger is asked for them: `waiting` is failed with a retry to come."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    WAITING = "waiting"
    FAILED = "failed"


@verb(app, "list", over_api=True)
def list_imports(
    deployment: Deployment,
    status: Annotated[Status | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 1000,
) -> Answer:
    """Show the import jobs. `waiting` ones failed and are tried again, `failed` ones are not."""
    entries = deployment.operate("imports_list", status=status and status.value, limit=limit)
    return Answer(document=entries, show=lambda: print_entries("Imports", entries))


@verb(app, "show", over_api=True)
def show(
    deployment: Deployment,
    subject: Annotated[str, typer.Argument(metavar="ID", help="The station id, or what is imported.")],
    kind: KindOption = Kind.FOPR,
) -> Answer:
    """Show everything that the ledger holds of one import, with each failure and the proof."""
    job = deployment.operate("imports_show", kind=kind.value, subject=subject)
    return Answer(document=job, show=lambda: print_job(job))


@verb(app, "retry")
def retry(
    deployment: Deployment,
    subjects: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Station ids, or what is imported.")
    ] = None,
    kind: KindOption = Kind.FOPR,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed, waiting or for good.")] = False,
) -> Answer:
    """Import again, before everything automatic. For a gauge that is not in the ledger: `import fopr`."""
    if bool(subjects) == failed:
        raise typer.BadParameter("name station ids, or use --failed")
    if failed:
        reopened = deployment.operate("imports_retry_failed")
    else:
        _refuse_unknown(deployment, kind, subjects or [])
        asked_for = deployment.operate("imports_request", kind=kind.value, subjects=subjects)
        reopened = {"reopened": len(asked_for)}
    if deployment.stays:
        deployment.run_task({"task": "requeue_imports"})
    return Answer(document=reopened, show=lambda: print_facts({"Reopened": reopened["reopened"]}))


def print_entries(title: str, entries: list[dict[str, Any]]) -> None:
    """Print import jobs."""
    rows = [
        (
            _named(entry),
            state(entry_state(entry)),
            entry["failed_attempts"],
            moment(entry["completed_at"]),
            moment(entry["next_retry_at"]),
        )
        for entry in entries
    ]
    columns = [
        name("Import"), name("State"), number("Failures"), name("Ended (UTC)"), name("Next retry (UTC)"),
    ]  # fmt: skip
    print_rows(title, columns, rows)
    _print_errors([entry for entry in entries if entry["error_message"]])


def _print_errors(entries: list[dict[str, Any]]) -> None:
    """Print the newest errors, which are too long for the table of imports. Of many alike the first tells."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(entry["error_message"].partition(":")[0], []).append(entry)
    rows = []
    for group in groups.values():
        shown = group if len(group) <= MOST_ALIKE else group[:1]
        rows += [(_named(entry), entry["error_message"]) for entry in shown]
        if len(group) > len(shown):
            rows.append((f"and {len(group) - len(shown):,} more", "the same error"))
    if rows:
        print_rows("Why", [name("Import"), text("Newest error")], rows)


def _named(entry: dict[str, Any]) -> str:
    return f"{entry['kind']} {entry['subject']}"


def _refuse_unknown(deployment: Deployment, kind: Kind, subjects: list[str]) -> None:
    found = standings_of(deployment, [(kind.value, subject) for subject in subjects])
    known = {standing["subject"] for standing in found}
    if unknown := [subject for subject in subjects if subject not in known]:
        raise OperationRefused(f"the ledger has no {kind.value} import of {', '.join(unknown)}")

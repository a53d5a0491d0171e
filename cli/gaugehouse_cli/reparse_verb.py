"""`gaugehouse reparse`: have stored documents read again after a change of their parser."""

from typing import Annotated

import typer

from gaugehouse.domain.import_jobs import REPARSE_PRIORITY, ImportRequest, Kind
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import follow_imports, sweep
from gaugehouse_cli.import_range import Part, RangeOutcome
from gaugehouse_cli.import_summary import document_of, print_summary
from gaugehouse_cli.options import EnqueueOption
from gaugehouse_cli.screen import Cell, print_facts
from gaugehouse_cli.verbs import Answer

MOST_LISTED = 1000


def reparse(
    deployment: Deployment,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only documents of this kind.")] = None,
    older_than: Annotated[
        int | None,
        typer.Option(min=1, metavar="VERSION", help="Only those read by a parser older than this version."),
    ] = None,
    enqueue_only: EnqueueOption = False,
    wait: Annotated[int, typer.Option(min=1, metavar="SECONDS", help="How long to wait.")] = 3600,
) -> Answer:
    """Read again what an older parser has read, from the stored documents and without a download.

    Exit code 1 if one could not be read, or did not end in time.
    """
    summary = deployment.operate("reparse", kind=kind and kind.value, older_than=older_than)
    if deployment.stays and summary["reopened"]:
        sweep(deployment)
    if enqueue_only or not summary["reopened"]:
        facts: dict[str, Cell] = {"To be read again": summary["reopened"], **summary["by_kind"]}
        return Answer(document=summary, show=lambda: print_facts(facts))
    open_ = [
        (entry["kind"], entry["subject"])
        for status in ("pending", "in_progress")
        for entry in deployment.operate("imports_list", status=status, limit=MOST_LISTED)
        if entry["priority"] == REPARSE_PRIORITY
    ]
    outcome = RangeOutcome(standings=follow_imports(deployment, open_, wait_seconds=wait, what="documents"))
    parts = [
        Part(
            name=each,
            requests=[ImportRequest(kind=Kind(each), subject=name) for of, name in open_ if of == each],
        )
        for each in summary["by_kind"]
    ]
    return Answer(
        document={**summary, **document_of(outcome)},
        show=lambda: print_summary(parts, outcome),
        healthy=outcome.healthy,
    )

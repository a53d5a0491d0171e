"""`gaugehouse quota` and `gaugehouse rejects list`."""

from typing import Annotated, Any

import typer

from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.screen import moment, name, number, print_rows, text
from gaugehouse_cli.verbs import Answer, verb

rejects = typer.Typer(help="What was dropped instead of stored.", no_args_is_help=True)


def quota(deployment: Deployment) -> Answer:
    """Show how much each agency lets itself be asked."""
    quotas = deployment.operate("quota")
    return Answer(document=quotas, show=lambda: print_quotas(quotas))


def print_quotas(quotas: list[dict[str, Any]]) -> None:
    """Print every agency's quota."""
    rows = [
        (
            quota["source"],
            f"in {quota['wait_seconds']:.0f} s" if quota["wait_seconds"] > 0 else "now",
            quota["remaining"],
            quota["request_limit"],
            moment(quota["resets_at"]),
        )
        for quota in quotas
    ]
    columns = [name("Agency"), name("Next request"), number("Left"), number("Of"), name("Resets (UTC)")]
    print_rows("Quotas", columns, rows)


@verb(rejects, "list", over_api=True)
def list_rejects(
    deployment: Deployment,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> Answer:
    """Show the records that were dropped last, with the reason and the text as it came."""
    records = deployment.operate("rejects_list", limit=limit)
    rows = [
        (
            record["source"],
            record["reason"],
            record["seen_count"],
            moment(record["last_seen_at"]),
            f"{record['detail']}\n{record['raw']}",
        )
        for record in records
    ]
    columns = [
        name("Source"), name("Reason"), number("Seen"), name("Last seen (UTC)"), text("Where, and what"),
    ]  # fmt: skip
    return Answer(document=records, show=lambda: print_rows("Rejected records", columns, rows))

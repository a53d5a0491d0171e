"""The verbs of the command `gaugehouse`."""

from typing import Annotated

import typer

from gaugehouse import __version__
from gaugehouse_cli import (
    backfill_verbs,
    dead_letter_verbs,
    gauge_verbs,
    import_books,
    import_now,
    import_verbs,
    job_verbs,
    key_verbs,
    report_verbs,
    target_verbs,
    task_verbs,
)
from gaugehouse_cli.coverage_verb import coverage
from gaugehouse_cli.demo import demo
from gaugehouse_cli.export_verb import export
from gaugehouse_cli.gauge_page import gauge
from gaugehouse_cli.invoke import invoke, migrate
from gaugehouse_cli.options import ApiOption
from gaugehouse_cli.pause_verbs import pause, resume
from gaugehouse_cli.reparse_verb import reparse
from gaugehouse_cli.screen import out
from gaugehouse_cli.status import status
from gaugehouse_cli.up import up
from gaugehouse_cli.verbs import verb

app = typer.Typer(
    name="gaugehouse",
    help="The gauge-data service: all of it on this machine, and the operator's verbs for a stack in AWS.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ON_THIS_MACHINE = {work.__name__: work for work in (demo, up, invoke, migrate)}
for work in ON_THIS_MACHINE.values():
    app.command()(work)
verb(app, "status", over_api=True)(status)
app.add_typer(task_verbs.app, name="task")
app.add_typer(job_verbs.app, name="jobs")
app.add_typer(import_verbs.app, name="imports")
app.add_typer(import_now.app, name="import")
verb(import_now.app, "water-year", run_importers=True)(import_books.water_year)
verb(import_now.app, "water-years", run_importers=True)(import_books.water_years)
verb(import_now.app, "pdf", run_importers=True)(import_books.pdf)
verb(app, "reparse", run_importers=True)(reparse)
verb(app, "coverage", over_api=True)(coverage)
app.add_typer(gauge_verbs.app, name="gauges")
verb(app, "gauge", over_api=True)(gauge)
verb(app, "export")(export)
app.add_typer(target_verbs.app, name="targets")
app.add_typer(backfill_verbs.app, name="backfill")
verb(app, "pause")(pause)
verb(app, "resume")(resume)
verb(app, "quota", over_api=True)(report_verbs.quota)
app.add_typer(dead_letter_verbs.app, name="dlq")
app.add_typer(report_verbs.rejects, name="rejects")
app.add_typer(key_verbs.app, name="keys")


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"gaugehouse {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback has printed it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    api: ApiOption = None,
) -> None:
    """The gauge-data service: all of it on this machine, and the operator's verbs for a stack in AWS."""
    if api is not None and context.invoked_subcommand in ON_THIS_MACHINE:
        raise typer.BadParameter(f"`{context.invoked_subcommand}` runs on this machine: leave --api out")

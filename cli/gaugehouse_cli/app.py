"""The verbs of the command `gaugehouse`."""

from typing import Annotated

import typer

from gaugehouse import __version__
from gaugehouse_cli.demo import demo
from gaugehouse_cli.invoke import invoke, migrate
from gaugehouse_cli.screen import out
from gaugehouse_cli.up import up

app = typer.Typer(
    name="gaugehouse",
    help="The gauge-data service on this machine: no Docker, no AWS account.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(up)
app.command()(invoke)
app.command()(migrate)


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"gaugehouse {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Run the gauge-data service on this machine: no Docker, no AWS account."""

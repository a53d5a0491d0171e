"""The command `gaugehouse`: its verbs, and how errors are told.

Exit codes: 0 all is well, 1 something is unhealthy or the proof did not hold, 2 the command was wrong or
could not run, 130 interrupted.
"""

import signal
import sys
from types import FrameType

import psycopg
import typer

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse_cli.demo import demo
from gaugehouse_cli.invoke import invoke, migrate
from gaugehouse_cli.screen import err
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


def main() -> None:
    """Run the command. Foreseen errors are told in a line; every server that was started is stopped."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app(standalone_mode=True)
    except GaugehouseError as error:
        _fail(f"{type(error).__name__}: {error}")
    except psycopg.OperationalError as error:
        _fail(f"the database cannot be reached: {str(error).strip()}")
    except KeyboardInterrupt:
        err.print("[yellow]Interrupted.[/] Every server that this command started is stopped.")
        sys.exit(130)


def _fail(message: str) -> None:
    err.print("[bold red]Error:[/]", message, markup=True)
    sys.exit(2)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

"""The command `gaugehouse`: its verbs, and how errors are told.

Exit codes: 0 all is well, 1 something is unhealthy or the proof did not hold, 2 the command was wrong or
could not run, 130 interrupted.
"""

import signal
import sys
from types import FrameType

import typer
from rich.markup import escape

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse_cli import dead_letter_verbs, import_now, import_verbs, job_verbs, report_verbs, task_verbs
from gaugehouse_cli.demo import demo
from gaugehouse_cli.deployment import FunctionFailed
from gaugehouse_cli.invoke import invoke, migrate
from gaugehouse_cli.pause_verbs import pause, resume
from gaugehouse_cli.screen import err
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
app.command()(demo)
app.command()(up)
app.command()(invoke)
app.command()(migrate)
verb(app, "status")(status)
app.add_typer(task_verbs.app, name="task")
app.add_typer(job_verbs.app, name="jobs")
app.add_typer(import_verbs.app, name="imports")
app.add_typer(import_now.app, name="import")
verb(app, "pause")(pause)
verb(app, "resume")(resume)
verb(app, "quota")(report_verbs.quota)
app.add_typer(dead_letter_verbs.app, name="dlq")
app.add_typer(report_verbs.rejects, name="rejects")


def main() -> None:
    """Run the command. Foreseen errors are told in a line; every server that was started is stopped."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app(standalone_mode=True)
    except FunctionFailed as error:
        _fail(f"{error.error_type}: {error}")
    except GaugehouseError as error:
        _fail(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        err.print("[yellow]Interrupted.[/] Every server that this command started is stopped.")
        sys.exit(130)
    except Exception as error:
        _fail_if_foreseen(error)
        raise


def _fail_if_foreseen(error: Exception) -> None:
    """Tell the errors of libraries that the command may not even have imported."""
    import psycopg
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, BotoCoreError | ClientError):
        _fail(f"AWS: {error}")
    if isinstance(error, psycopg.OperationalError):
        _fail(f"the database cannot be reached: {str(error).strip()}")


def _fail(message: str) -> None:
    err.print("[bold red]Error:[/]", escape(message), soft_wrap=True)
    sys.exit(2)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

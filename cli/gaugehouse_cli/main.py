"""The command `gaugehouse`: how it starts, and how errors are told.

Exit codes: 0 all is well, 1 something is unhealthy or the proof did not hold, 2 the command was wrong or
could not run, 130 interrupted.
"""

import signal
import sys
from types import FrameType

INTERRUPTED = 130


def main() -> None:
    """Run the command. Foreseen errors are told in a line; every server that was started is stopped."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run()
    except KeyboardInterrupt:
        _end_interrupted()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _end_interrupted()
        raise


def _run() -> None:
    # Imported here, for Ctrl-C in the first second is told like any other.
    from gaugehouse.domain.errors import GaugehouseError
    from gaugehouse.runtime.function_answer import FunctionFailed
    from gaugehouse_cli.app import app

    try:
        app()
    except FunctionFailed as error:
        _fail(f"{error.error_type}: {error}")
    except GaugehouseError as error:
        _fail(f"{type(error).__name__}: {error}")
    except OSError as error:
        _fail(f"{error.filename or 'this machine'}: {error.strerror or error}")
    except Exception as error:
        _fail_if_foreseen(error)
        raise


def _fail_if_foreseen(error: Exception) -> None:
    """Tell the errors of libraries that the command may not even have imported."""
    import psycopg
    from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

    if isinstance(error, NoRegionError):
        _fail("AWS: no region is set: put that of the stack into AWS_DEFAULT_REGION")
    if isinstance(error, BotoCoreError | ClientError):
        _fail(f"AWS: {error}")
    if isinstance(error, psycopg.Error):
        _fail(f"the database cannot be reached or used: {str(error).strip()}")


def _fail(message: str) -> None:
    from rich.text import Text

    from gaugehouse_cli.screen import err

    err.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
    sys.exit(2)


def _end_interrupted() -> None:
    print("\nInterrupted. Every server that this command started is stopped.", file=sys.stderr)  # noqa: T201
    sys.exit(INTERRUPTED)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

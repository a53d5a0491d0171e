"""`gaugehouse invoke` and `gaugehouse migrate`: run one handler once, as `sam local invoke` would."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.runtime.function_answer import FunctionFailed, payload_of
from gaugehouse_cli.find_deployment import HouseOptions, lambdas_of, running_house, upstream_of
from gaugehouse_cli.function_log import readable
from gaugehouse_cli.options import DataOption, GaugesOption, JsonOption, LiveOption, OtherGaugesOption
from gaugehouse_cli.screen import err, out, print_json

if TYPE_CHECKING:
    from gaugehouse_local.house import House
    from gaugehouse_local.running import RunningHouse
    from gaugehouse_local.worker import Invocation


def invoke(
    function: Annotated[str, typer.Argument(help="poller, fopr_importer, maintenance, or a logical id.")],
    event: Annotated[Path, typer.Option("--event", "-e", help="JSON file with the event.", metavar="FILE")],
    data: DataOption = None,
    live: LiveOption = False,
    gauges: OtherGaugesOption = None,
) -> None:
    """Run one function once with an event from a file, and print its answer.

    The house that `gaugehouse up` runs does it and shows the function's log, unless the options name another
    one; else a house of its own, and the log goes to standard error, in short. Exit code 1 if it failed; a
    message that the importer hands back (`batchItemFailures`) is an answer, not a failure.
    """
    payload = _read_event(event)  # before everything that takes time to import
    options = HouseOptions(data=data, live=live, gauges=gauges)
    if (running := running_house(options)) is not None:
        print_json(_ask_running(running, function, payload))
        return
    upstream = upstream_of(options)

    from gaugehouse_local.house import open_house

    with open_house(upstream, run_event_sources=False) as house:
        result = house.stack.invoke(_logical_id(function, house), payload)
    _tell(result)
    print_json(result.payload)


def migrate(
    data: DataOption = None,
    live: LiveOption = False,
    gauges: GaugesOption = 12,
    as_json: JsonOption = False,
) -> None:
    """Apply the migrations that the database does not have yet.

    The database is the one that `demo` and `up` use with the same options, or DATABASE_URL.
    """
    from gaugehouse_cli.upstreams import chosen

    upstream = chosen(data=data, live=live, gauges=gauges)

    from gaugehouse_local.house import open_house

    with open_house(upstream, run_event_sources=False, prepare=False) as house:
        result = house.stack.invoke("SchemaFunction", {"task": "migrate"})
    if result.error_type is not None or as_json:
        _tell(result)
        print_json(result.payload)
        return
    summary: Any = result.payload
    out.print(f"Schema version {summary['schema_version']}; {summary['applied']} migrations applied now.")


def _read_event(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EventInvalid(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise EventInvalid(f"{path}: not JSON: {error}") from error


def _ask_running(running: "RunningHouse", function: str, payload: object) -> Any:
    """Have the running house invoke a function; return the answer. A failure ends the command.

    Raises: EventInvalid where there is no such function.
    """
    logical_id = "".join(word.capitalize() for word in function.split("_")) + "Function"
    name = running.outputs.get(f"{logical_id}Name") or running.outputs.get(f"{function}Name")
    if name is None:
        raise EventInvalid(
            f"there is no function {function}: poller, fopr_importer, maintenance, api, schema"
        )
    try:
        return payload_of(lambdas_of(running).invoke(FunctionName=name, Payload=json.dumps(payload).encode()))
    except FunctionFailed as error:
        _end_failed(error.error_type, str(error))


def _logical_id(name: str, house: "House") -> str:
    """Accept a function's folder name for its logical id."""
    functions = house.stack.resources.functions
    return next((found.logical_id for found in functions if found.code.name == name), name)


def _tell(result: "Invocation") -> None:
    """Show the log; end the command if the function failed."""
    for line in result.log:
        if (told := readable(line)) is not None:
            err.print(told, markup=False, style="dim", soft_wrap=True)
    if result.error_type is not None:
        _end_failed(result.error_type, result.error_message or "")


def _end_failed(error_type: str, message: str) -> NoReturn:
    err.print(f"[bold red]{error_type}[/]", end=" ")
    err.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(1)

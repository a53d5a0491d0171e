"""What the operator's verbs have in common: which house they ask, how they answer, and their exit code."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from gaugehouse_cli.deployment import HouseOptions, open_deployment
from gaugehouse_cli.options import DataOption, JsonOption, LiveOption, OtherGaugesOption, StackOption
from gaugehouse_cli.screen import print_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a verb has to say: the document that `--json` prints, and how a person is shown it.

    Not `healthy` ends the command with exit code 1.
    """

    document: Any
    show: Callable[[], None]
    healthy: bool = True


Verb = Callable[..., Answer]
COMMON = {
    "stack": (StackOption, None),
    "data": (DataOption, None),
    "live": (LiveOption, False),
    "gauges": (OtherGaugesOption, None),
    "as_json": (JsonOption, False),
}


def verb(
    app: typer.Typer, name: str, *, run_importers: bool = False, takes_negatives: bool = False
) -> Callable[[Verb], Verb]:
    """Make a command of a function that takes a `Deployment` first and returns an `Answer`.

    The command has the function's own arguments and options, and those that all verbs have. Where it has to
    start a house of its own, the importers work only with `run_importers`. With `takes_negatives` an argument
    may be a negative number, which looks like an option.
    """
    settings = {"ignore_unknown_options": True} if takes_negatives else None

    def register(work: Verb) -> Verb:
        app.command(name, context_settings=settings)(_command(work, run_importers=run_importers))
        return work

    return register


def _command(work: Verb, *, run_importers: bool) -> Callable[..., None]:
    def command(  # typer gives each by name
        *, stack: str | None, data: Path | None, live: bool, gauges: int | None, as_json: bool, **own: Any
    ) -> None:
        options = HouseOptions(data=data, live=live, gauges=gauges, run_importers=run_importers)
        if stack is not None and options.is_named:
            raise typer.BadParameter("--stack excludes --data, --live and --gauges")
        with open_deployment(stack, options) as deployment:
            answer = work(deployment, **own)
        if as_json:
            print_json(answer.document)
        else:
            answer.show()
        if not answer.healthy:
            raise typer.Exit(1)

    _, *own_parameters = inspect.signature(work, eval_str=True).parameters.values()
    parameters = [
        *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own_parameters),
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=option, default=default)
            for name, (option, default) in COMMON.items()
        ),
    ]
    command.__doc__ = work.__doc__
    command.__name__ = work.__name__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command

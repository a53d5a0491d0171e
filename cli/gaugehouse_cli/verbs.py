"""What the operator's verbs have in common: which house they ask, how they answer, and their exit code."""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from gaugehouse_cli.find_deployment import HouseOptions, open_deployment
from gaugehouse_cli.options import (
    ApiOption,
    DataOption,
    JsonOption,
    LiveOption,
    OtherGaugesOption,
    StackOption,
)
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
API = "api"
COMMON = {
    "stack": (StackOption, None),
    "data": (DataOption, None),
    "live": (LiveOption, False),
    "gauges": (OtherGaugesOption, None),
    "as_json": (JsonOption, False),
}


def verb(
    app: typer.Typer,
    name: str,
    *,
    run_importers: bool = False,
    takes_negatives: bool = False,
    over_api: bool = False,
) -> Callable[[Verb], Verb]:
    """Make a command of a function that takes a `Deployment` first and returns an `Answer`.

    The command has the function's own arguments and options, and those that all verbs have. Where it has to
    start a house of its own, the importers work only with `run_importers`. With `takes_negatives` an argument
    may be a negative number, which looks like an option. With `over_api` the HTTP API can be asked, too: then
    the function is given an `ApiHouse`, and does with its operations alone.
    """
    settings = {"ignore_unknown_options": True} if takes_negatives else None

    def register(work: Verb) -> Verb:
        app.command(name, context_settings=settings)(
            _command(work, run_importers=run_importers, over_api=over_api)
        )
        return work

    return register


def _command(work: Verb, *, run_importers: bool, over_api: bool) -> Callable[..., None]:
    def command(  # typer gives each by name
        *,
        context: typer.Context,
        stack: str | None,
        data: Path | None,
        live: bool,
        gauges: int | None,
        as_json: bool,
        **own: Any,
    ) -> None:
        options = HouseOptions(data=data, live=live, gauges=gauges, run_importers=run_importers)
        if stack is not None and options.is_named:
            raise typer.BadParameter("--stack excludes --data, --live and --gauges")
        url = own.pop(API, None) or context.find_root().params[API]
        if url is not None and (stack is not None or options.is_named):
            raise typer.BadParameter("--api excludes --stack, --data, --live and --gauges")
        if url is not None and not over_api:
            raise typer.BadParameter(
                f"the HTTP API does not offer what `{context.command_path}` needs: leave --api out, or use"
                " --stack"
            )
        with _open(url, stack, options) as house:
            answer = work(house, **own)
        if as_json:
            print_json(answer.document)
        else:
            answer.show()
        if not answer.healthy:
            raise typer.Exit(1)

    common = {**COMMON, API: (ApiOption, None)} if over_api else COMMON
    _, *own_parameters = inspect.signature(work, eval_str=True).parameters.values()
    parameters = [
        *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own_parameters),
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=option, default=default)
            for name, (option, default) in common.items()
        ),
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
    ]
    command.__doc__ = work.__doc__
    command.__name__ = work.__name__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _open(url: str | None, stack: str | None, options: HouseOptions) -> AbstractContextManager[Any]:
    if url is None:
        return open_deployment(stack, options)
    from gaugehouse_cli.api_house import open_api_house

    return open_api_house(url)

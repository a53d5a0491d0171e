"""`gaugehouse up`: the whole system on this machine, until Ctrl-C."""

import threading
from typing import TYPE_CHECKING, Annotated

import typer

from gaugehouse_cli.options import DataOption, GaugesOption, LiveOption
from gaugehouse_cli.screen import err

if TYPE_CHECKING:
    from gaugehouse_local.house import House


def up(
    data: DataOption = None,
    live: LiveOption = False,
    gauges: GaugesOption = 12,
    poll: Annotated[bool, typer.Option(help="Read the gauge list at once, not only on its schedule.")] = True,
) -> None:
    """Run everything that template.yaml describes: schedules, queue, functions. Ctrl-C stops it.

    Logs of the functions are shown as they come.
    """
    from gaugehouse_cli.upstreams import chosen
    from gaugehouse_local.house import open_house

    upstream = chosen(data=data, live=live, gauges=gauges)
    with open_house(
        upstream,
        run_schedules=True,
        announce=True,
        on_step=lambda step: err.print(f"Starting {step} …", style="dim"),
        on_log=lambda function, line: err.print(
            f"{function}: {line}", markup=False, style="dim", soft_wrap=True
        ),
    ) as house:
        _tell_where(house)
        if poll:
            house.stack.invoke("PollerFunction", {"source": "mcfcd_gauge_list"})
        threading.Event().wait()


def _tell_where(house: "House") -> None:
    err.print("[bold green]Gaugehouse is up.[/] Ctrl-C stops it.")
    err.print(f"  database  psql '{house.database_url}'", markup=False, soft_wrap=True)
    err.print(f"  AWS       {house.stack.endpoint}", markup=False)
    err.print(f"  agencies  {house.upstream_url or 'the real ones'}", markup=False)
    for schedule in house.stack.resources.schedules:
        err.print(f"  schedule  {schedule.function_id} {schedule.expression}", markup=False)

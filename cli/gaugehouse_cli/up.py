"""`gaugehouse up`: the whole system on this machine, until Ctrl-C."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from gaugehouse_cli.function_log import readable
from gaugehouse_cli.options import DataOption, GaugesOption, LiveOption
from gaugehouse_cli.screen import err

if TYPE_CHECKING:
    from gaugehouse_local.house import House


def up(
    data: DataOption = None,
    live: LiveOption = False,
    gauges: GaugesOption = 12,
    schedules: Annotated[
        bool, typer.Option(help="Run the schedules; those with a rate fire at once.")
    ] = True,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the dashboard and the API; 0 takes a free one.")
    ] = 8642,
) -> None:
    """Run everything that template.yaml describes: schedules, queue, functions. Ctrl-C stops it.

    Logs of the functions are shown as they come, in short; the whole of them is in the named folder.
    """
    from gaugehouse_cli.upstreams import chosen

    upstream = chosen(data=data, live=live, gauges=gauges)

    from gaugehouse_local.house import open_house  # after the choice: a wrong one is told at once

    with open_house(
        upstream,
        run_schedules=schedules,
        announce=True,
        http_port=port,
        on_step=lambda step: err.print(f"Starting {step} …", style="dim"),
        on_log=_show_log,
    ) as house:
        _tell_where(house)
        while True:
            # Short sleeps: a signal that another thread received is seen by this one when it wakes.
            time.sleep(0.2)


def _show_log(function: str, line: str) -> None:
    if (told := readable(line)) is not None:
        err.print(f"{function}: {told}", markup=False, style="dim", soft_wrap=True)


def _tell_where(house: "House") -> None:
    from gaugehouse_local.postgres_home import psql

    err.print(f"  dashboard {house.stack.http_url}", markup=False)
    err.print(f"  API       {house.stack.http_url}/api/v1/docs", markup=False)
    err.print(f"  database  {psql()} '{house.database_url}'", markup=False, soft_wrap=True)
    err.print(f"  AWS       {house.stack.endpoint}", markup=False)
    err.print(f"  agencies  {house.upstream_url or 'the real ones'}", markup=False)
    err.print(f"  logs      {house.stack.log_file('PollerFunction').parent}", markup=False, soft_wrap=True)
    for schedule in house.stack.resources.schedules:
        err.print(f"  schedule  {schedule.logical_id}: {schedule.text}", markup=False)
    err.print("[bold green]Gaugehouse is up.[/] Ctrl-C stops it.")

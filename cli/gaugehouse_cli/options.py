"""The options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Serve this folder (ev_rain.txt, {id}_FOPR.xlsx, pcp_WY_{year}.xlsx, …) as the agency.",
        metavar="DIR",
    ),
]
LiveOption = Annotated[bool, typer.Option("--live", help="Ask the real agencies.")]
GaugesOption = Annotated[
    int, typer.Option("--gauges", min=1, max=400, help="Size of the simulated district.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

# For the operator's verbs: whatever runs is asked, unless these name another house.
StackOption = Annotated[
    str | None, typer.Option("--stack", help="Ask this stack in AWS, not this machine.", metavar="NAME")
]
ApiOption = Annotated[
    str | None,
    typer.Option(
        "--api",
        help="Ask an HTTP API, with the key in GAUGEHOUSE_API_KEY where it needs one.",
        metavar="URL",
    ),
]
OtherGaugesOption = Annotated[
    int | None, typer.Option("--gauges", min=1, max=400, help="Size of the simulated district.")
]

# For imports that are asked for now.
AgainOption = Annotated[bool, typer.Option("--again", help="Also what is fresh.")]
EnqueueOption = Annotated[bool, typer.Option("--enqueue-only", help="Ask for it and do not wait.")]
WaitOption = Annotated[
    int | None,
    typer.Option(min=1, metavar="SECONDS", help="How long to wait; by the number of documents unless given."),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, readable=True, metavar="FILE", help="Import this file, not a download."
    ),
]

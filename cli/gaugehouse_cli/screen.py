"""How commands speak: tables and messages for people, JSON for machines."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

# What was asked for goes to standard output; progress, logs and errors to standard error, so that
# `--json | jq` always works.
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

STYLES = {
    "active": "green",
    "revoked": "yellow",
    "expired": "yellow",
    "degraded": "yellow",
    "offline": "bold red",
    "completed": "green",
    "succeeded": "green",
    "failed": "bold red",
    "crashed": "bold red",
    "waiting": "yellow",
    "skipped": "yellow",
    "paused": "yellow",
}

Cell = Text | str | int | None
MOST_OF_A_TABLE = 100_000  # wider than any text
MOST_OF_A_WORD = 12  # columns that a word gets at least; a longer one, such as an address, is folded


def print_json(document: Any) -> None:
    """Print one JSON document. Dataclasses become objects, dates ISO 8601 text."""
    print(json.dumps(document, default=_plain, indent=2, ensure_ascii=False))  # noqa: T201 - rich would wrap it


def confirmed(question: str, *, otherwise: str) -> bool:
    """Ask whether to go on. Where nobody can answer, say what is left `otherwise` and what to write."""
    if not sys.stdin.isatty():
        err.print(f"{question} {otherwise}: use --yes where nobody can answer.", markup=False)
        return False
    return typer.confirm(question, err=True)


def print_rows(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, empty: str = "none"
) -> None:
    """Print a table. A number gets thousands' separators, None is blank, and markup is plain text.

    Names, times and numbers are never cut, for they are what is typed next: a table that needs more than the
    screen is wider.
    """
    table = new_table(title)
    table.columns = [*columns]
    for row in rows:
        table.add_row(*(_cell(cell) for cell in row))
    if table.row_count:
        _print_table(table)
    else:
        out.print(f"[bold]{title}[/]: {empty}\n")


def print_facts(facts: dict[str, Cell]) -> None:
    """Print names and what there is to say of each, one to a line."""
    table = Table.grid(padding=(0, 2))
    for name, fact in facts.items():
        table.add_row(Text(name, style="bold"), _cell(fact))
    out.print(table)


def new_table(title: str) -> Table:
    """Return an empty table in the style of all tables."""
    return Table(
        title=f"[bold]{title}[/]",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def name(header: str) -> Column:
    """Return a column of names, times or states, which never wrap."""
    return Column(header, no_wrap=True)


def number(header: str) -> Column:
    """Return a column of numbers."""
    return Column(header, no_wrap=True, justify="right")


def text(header: str) -> Column:
    """Return a column of text, which wraps."""
    return Column(header, overflow="fold")


def state(status: str) -> Text:
    """Return a state in its color."""
    return Text(status, style=STYLES.get(status, ""))


def moment(stamp: str | datetime | None) -> str:
    """Write a time for people, in UTC to the minute; nothing for None."""
    if stamp is None:
        return ""
    time = datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"


def _print_table(table: Table) -> None:
    needed = _needed_width(table)
    if needed <= out.width:
        out.print(table)
        return
    table.width = needed
    with out.capture() as captured:
        out.print(table, crop=False, no_wrap=True, overflow="ignore")
    for line in captured.get().splitlines():  # blanks at its end would make the next line an empty one
        out.file.write(f"{line.rstrip()}\n")


def _needed_width(table: Table) -> int:
    """Return how wide a table is at least: text can wrap, at its words."""
    whole = Measurement.get(out, out.options.update(max_width=MOST_OF_A_TABLE), table).maximum
    can_wrap = 0
    for column in table.columns:
        if not column.no_wrap:
            said = [line for cell in (column.header, *column.cells) for line in Text(str(cell)).split()]
            longest_word = max(len(word) for each in said for word in each.plain.split() or [""])
            can_wrap += max(each.cell_len for each in said) - min(longest_word, MOST_OF_A_WORD)
    return whole - can_wrap


def _cell(cell: Cell) -> Text:
    if isinstance(cell, Text):
        return cell
    return Text(f"{cell:,}" if isinstance(cell, int) else cell or "")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat()

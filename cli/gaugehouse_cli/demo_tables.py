"""The tables of the demo: the records with their proof, the stream gauges, the imports that met trouble."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from gaugehouse.domain.parameters import PARAMETER_NAMES
from gaugehouse_cli import screen
from gaugehouse_cli.screen import moment, new_table, out, print_rows, state
from gaugehouse_cli.stream_readings import value_words

if TYPE_CHECKING:
    from gaugehouse.store.rain_records import GaugeRecord
    from gaugehouse.store.reports import LedgerEntry
    from gaugehouse.store.stream_reports import SeriesState

# A district of 378 gauges would bury what matters.
MOST_RECORDS = 25
MOST_ALIKE = 4


def print_records(records: "Sequence[GaugeRecord]") -> None:
    """Print the gauges with a record, their totals in inches and their proof; say how many have none."""
    imported = [record for record in records if record.rows]
    table = new_table("Records")
    table.add_column("Gauge", no_wrap=True)
    table.add_column("Name")  # the one column that may wrap
    for name in ("Days", "From", "To", "Inches", "Gaps", "Missing"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Proof", no_wrap=True)
    for record in imported[:MOST_RECORDS]:
        table.add_row(
            record.station_id,
            record.name,
            f"{record.rows:,}",
            str(record.first_date),
            str(record.last_date),
            f"{record.total_inches:,.2f}",
            str(record.gaps),
            _missing(record),
            _proof(record),
        )
    out.print(table)
    out.print(
        "Missing: days within the record, + days before it began. Proof: totals in the document.\n",
        style="dim",
    )
    _print_rest("with a record", len(imported) - MOST_RECORDS)
    _print_rest("without a record", len(records) - len(imported), more="")


def _missing(record: "GaugeRecord") -> str:
    """Days missing within the record; those before it began are none of its gaps."""
    before = f" +{record.before_record_days:,}" if record.before_record_days else ""
    return f"{record.missing_days:,}{before}"


def _proof(record: "GaugeRecord") -> str:
    """Say how many totals the document states, and how many of them do not hold."""
    if not record.claims:
        return "[yellow]no totals[/]"
    if record.mismatches:
        return f"[bold red]✗ {record.mismatches}/{record.claims}[/]"
    return f"[green]✓ {record.claims}[/]"


def print_series(series: "Sequence[SeriesState]") -> None:
    """Print how each polled series is doing, and its newest value in its own unit."""
    rows = [
        (
            each.station_id,
            PARAMETER_NAMES.get(each.parameter_code, each.parameter_code),
            _how(each),
            moment(each.latest_reading_time),
            None
            if each.latest_reading_value is None
            else value_words(each.parameter_code, each.latest_reading_value, each.unit),
        )
        for each in series[:MOST_RECORDS]
    ]
    columns = [
        screen.name("Site"), screen.name("Series"), screen.name("State"), screen.name("Newest (UTC)"),
        screen.number("Value"),
    ]  # fmt: skip
    print_rows("Stream gauges", columns, rows)
    _print_rest("series", len(series) - MOST_RECORDS)


def _how(series: "SeriesState") -> Text:
    if series.status is None:
        return state("never polled")
    why = f", {series.status_reason.replace('_', ' ')}" if series.status_reason else ""
    return Text(f"{series.status}{why}", style=screen.STYLES[series.status])


def print_troubled(ledger: "Sequence[LedgerEntry]") -> None:
    """Print what met trouble: rare errors first and one by one, common ones as one line for all."""
    troubled = [entry for entry in ledger if entry.failed_attempts or entry.status != "completed"]
    if not troubled:
        return
    table = new_table("Imports that met trouble")
    table.add_column("Gauge", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Failures", justify="right", no_wrap=True)
    table.add_column("Next retry", no_wrap=True)
    table.add_column("Newest error", overflow="fold")
    groups: dict[str, list[LedgerEntry]] = {}
    for entry in troubled:
        groups.setdefault(f"{entry.status} {_kind_of_error(entry)}", []).append(entry)
    for group in sorted(groups.values(), key=len):
        if len(group) > MOST_ALIKE:
            _add_trouble(table, f"{len(group)} gauges", group[0])
        else:
            for entry in group:
                _add_trouble(table, entry.subject, entry)
    out.print(table)


def _add_trouble(table: Table, gauge: str, entry: "LedgerEntry") -> None:
    error = re.sub(r"https?://[^/]+", "", entry.error_message or "")
    table.add_row(
        gauge,
        _state(entry),
        str(entry.failed_attempts),
        f"{entry.next_retry_at:%H:%M:%S} UTC" if entry.next_retry_at else "",
        Text(error) if error else Text("overcome", style="dim"),
    )


def _kind_of_error(entry: "LedgerEntry") -> str:
    return (entry.error_message or "").split(":")[0]


def _state(entry: "LedgerEntry") -> str:
    if entry.status == "failed":
        return "[yellow]waiting[/]" if entry.next_retry_at else "[red]failed[/]"
    return f"[green]{entry.status}[/]" if entry.status == "completed" else entry.status


def _print_rest(what: str, count: int, more: str = "more ") -> None:
    if count > 0:
        out.print(f"{count} {more}{what}\n", style="dim")

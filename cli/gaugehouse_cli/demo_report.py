"""What the demo shows in the end."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

from gaugehouse_cli.screen import new_table, out

if TYPE_CHECKING:
    from gaugehouse.store.reports import GaugeRecord, ImportProgress, LedgerEntry

# A district of 378 gauges would bury what matters.
MOST_RECORDS = 25
MOST_TROUBLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What a run did and what is stored after it. `seconds` is how long each step took."""

    discovered: Mapping[str, Any]
    completed_before: int
    progress: "ImportProgress"
    records: "Sequence[GaugeRecord]"
    ledger: "Sequence[LedgerEntry]"
    queue: tuple[int, int]
    dead_letters: tuple[int, int]
    seconds: Mapping[str, float]

    @property
    def proven(self) -> "Sequence[GaugeRecord]":
        """The gauges whose stored record agrees with every total of its document."""
        return [record for record in self.records if record.claims and record.mismatches == 0]

    @property
    def proof_held(self) -> bool:
        """Whether there is a record, every record is proven, nothing is open and no message was lost."""
        imported = [record for record in self.records if record.rows]
        return (
            bool(imported)
            and all(record in self.proven for record in imported)
            and self.progress.open == 0
            and self.dead_letters == (0, 0)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return asdict(self)


def print_report(report: DemoReport) -> None:
    """Print the report for a person."""
    _print_records(report)
    _print_ledger(report)
    _print_summary(report)


def _print_records(report: DemoReport) -> None:
    imported = [record for record in report.records if record.rows]
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
            f"{record.missing_days:,}",
            _proof(record),
        )
    out.print(table)
    _print_rest("with a record", len(imported) - MOST_RECORDS)
    _print_rest("without a record", len(report.records) - len(imported), more="")


def _proof(record: "GaugeRecord") -> str:
    """Say how many totals the document states, and how many of them do not hold."""
    if not record.claims:
        return "[yellow]no totals[/]"
    if record.mismatches:
        return f"[bold red]✗ {record.mismatches}/{record.claims}[/]"
    return f"[green]✓ {record.claims}[/]"


def _print_ledger(report: DemoReport) -> None:
    troubled = [entry for entry in report.ledger if entry.failed_attempts or entry.status != "completed"]
    if not troubled:
        return
    table = new_table("Imports that met trouble")
    table.add_column("Gauge", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Failures", justify="right", no_wrap=True)
    table.add_column("Next retry", no_wrap=True)
    table.add_column("Newest error", overflow="fold")
    for entry in troubled[:MOST_TROUBLES]:
        table.add_row(
            entry.subject,
            _state(entry),
            str(entry.failed_attempts),
            f"{entry.next_retry_at:%H:%M:%S} UTC" if entry.next_retry_at else "",
            re.sub(r"https?://[^/]+", "", entry.error_message or "[dim]overcome[/]"),
        )
    out.print(table)
    rest = Counter((entry.error_message or "overcome").split(":")[0] for entry in troubled[MOST_TROUBLES:])
    for error, count in rest.most_common():
        _print_rest(f"with {error}", count)


def _print_rest(what: str, count: int, more: str = "more ") -> None:
    if count > 0:
        out.print(f"{count} {more}{what}\n", style="dim")


def _state(entry: "LedgerEntry") -> str:
    if entry.status == "failed":
        return "[yellow]waiting[/]" if entry.next_retry_at else "[red]failed[/]"
    return f"[green]{entry.status}[/]" if entry.status == "completed" else entry.status


def _print_summary(report: DemoReport) -> None:
    progress, discovered = report.progress, report.discovered
    imported = progress.completed - report.completed_before
    facts = {
        "This run": f"{discovered['listed']} gauges listed, {discovered['discovered']} new, "
        f"{imported} records imported, {discovered['rejected']} rows rejected",
        "Ledger": f"{progress.completed} completed, {progress.open} open, "
        f"{progress.waiting} waiting for a retry, {progress.failed} failed for good",
        "Queue": f"{report.queue[0]} waiting, {report.queue[1]} being handled; "
        f"dead letters: {sum(report.dead_letters)}",
        **{f"{step}": f"{seconds:.2f} s" for step, seconds in report.seconds.items()},
        "Proof": f"[bold green]held for all {len(report.proven)} records[/]"
        if report.proof_held
        else "[bold red]did not hold[/]",
    }
    table = Table.grid(padding=(0, 2))
    for name, fact in facts.items():
        table.add_row(f"[bold]{name}[/]", fact)
    out.print(table)

"""What the demo shows in the end: what was done and stored, and whether the proof held."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from gaugehouse_cli.demo_tables import print_records, print_series, print_troubled
from gaugehouse_cli.screen import out

if TYPE_CHECKING:
    from gaugehouse.store.rain_records import GaugeRecord
    from gaugehouse.store.rejected_records import Reject
    from gaugehouse.store.reports import ImportProgress, LedgerEntry
    from gaugehouse.store.stream_reports import SeriesState


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What a run did and what is stored after it. `seconds` is how long each step took."""

    discovered: Mapping[str, Any]
    completed_before: int
    progress: "ImportProgress"
    records: "Sequence[GaugeRecord]"
    rainfall: Mapping[str, Any] | None
    polled: Mapping[str, Any] | None
    series: "Sequence[SeriesState]"
    ledger: "Sequence[LedgerEntry]"
    rejects: "Sequence[Reject]"
    not_listed: Sequence[str]
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
    print_records(report.records)
    if report.polled is not None:
        print_series(report.series)
    print_troubled(report.ledger)
    _print_rejects(report)
    _print_summary(report)


def _print_rejects(report: DemoReport) -> None:
    for reject in report.rejects:
        out.print(Text.assemble(("Rejected: ", "yellow"), f"{reject.reason}: {reject.detail}"))
    for station_id in report.not_listed:
        out.print(Text.assemble(("Not on the list: ", "yellow"), f"{station_id}, though there is a workbook"))
    if report.rejects or report.not_listed:
        out.print()


def _print_summary(report: DemoReport) -> None:
    progress, discovered = report.progress, report.discovered
    imported = progress.completed - report.completed_before
    facts = {
        "This run": f"{_count(discovered['listed'], 'gauge')} listed, {discovered['discovered']} new; "
        f"{_count(imported, 'record')} imported; {_count(discovered['rejected'], 'listed row')} rejected",
        **_live_facts(report),
        **_stream_facts(report),
        "Ledger": f"{progress.completed} completed, {progress.open} open, "
        f"{progress.waiting} waiting for a retry, {progress.failed} failed for good",
        "Queue": f"{report.queue[0]} waiting, {report.queue[1]} being handled; "
        f"dead letters: {sum(report.dead_letters)}",
        **{f"{step}": f"{seconds:.2f} s" for step, seconds in report.seconds.items()},
        "Proof": _verdict(report),
    }
    table = Table.grid(padding=(0, 2))
    for name, fact in facts.items():
        table.add_row(f"[bold]{name}[/]", fact)
    out.print(table)


def _live_facts(report: DemoReport) -> dict[str, str]:
    if report.rainfall is None:
        return {}
    told = report.rainfall
    return {
        "Live rainfall": f"{_count(told['gauges'], 'gauge')}, {told['active'] + told['degraded']} of "
        f"{told['active'] + told['degraded'] + told['offline']} totals known"
    }


def _stream_facts(report: DemoReport) -> dict[str, str]:
    if report.polled is None:
        return {}
    states = [each.status for each in report.series]
    return {
        "Stream gauges": f"{_count(report.polled['sites'], 'site')} polled, "
        f"{states.count('active')} of {len(states)} series active"
    }


def _verdict(report: DemoReport) -> str:
    imported = [record for record in report.records if record.rows]
    if report.proof_held:
        return f"[bold green]held for {_count(len(imported), 'record')}[/]"
    if not imported:
        return "[bold red]nothing to prove: no record was imported[/]"
    failed = len(imported) - len(report.proven)
    if failed:
        return f"[bold red]did not hold for {failed} of {_count(len(imported), 'record')}[/]"
    return "[bold red]held, but the queue or the ledger is not settled[/]"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

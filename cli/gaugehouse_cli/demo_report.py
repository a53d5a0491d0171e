"""What the demo shows in the end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from gaugehouse.domain.rainfall import RAINFALL
from gaugehouse.domain.series import DISCHARGE, STAGE
from gaugehouse_cli import screen
from gaugehouse_cli.screen import moment, new_table, out, print_rows, state

if TYPE_CHECKING:
    from gaugehouse.store.rain_records import GaugeRecord
    from gaugehouse.store.rejected_records import Reject
    from gaugehouse.store.reports import ImportProgress, LedgerEntry
    from gaugehouse.store.stream_reports import SeriesState

# A district of 378 gauges would bury what matters.
MOST_RECORDS = 25
MOST_ALIKE = 4
PARAMETERS = {DISCHARGE: "discharge", STAGE: "stage", RAINFALL: "rainfall"}


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
    _print_records(report)
    if report.polled is not None:
        _print_series(report.series)
    _print_ledger(report)
    _print_rejects(report)
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
            _missing(record),
            _proof(record),
        )
    out.print(table)
    out.print(
        "Missing: days within the record, + days before it began. Proof: totals in the document.\n",
        style="dim",
    )
    _print_rest("with a record", len(imported) - MOST_RECORDS)
    _print_rest("without a record", len(report.records) - len(imported), more="")


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


def _print_series(series: "Sequence[SeriesState]") -> None:
    rows = [
        (
            each.station_id,
            PARAMETERS.get(each.parameter_code, each.parameter_code),
            _how(each),
            moment(each.latest_reading_time),
            None if each.latest_reading_value is None else f"{each.latest_reading_value:,.2f} {each.unit}",
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


def _print_ledger(report: DemoReport) -> None:
    """Show what met trouble: rare errors first and one by one, common ones as one line for all."""
    troubled = [entry for entry in report.ledger if entry.failed_attempts or entry.status != "completed"]
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


def _print_rejects(report: DemoReport) -> None:
    for reject in report.rejects:
        out.print(Text.assemble(("Rejected: ", "yellow"), f"{reject.reason}: {reject.detail}"))
    for station_id in report.not_listed:
        out.print(Text.assemble(("Not on the list: ", "yellow"), f"{station_id}, though there is a workbook"))
    if report.rejects or report.not_listed:
        out.print()


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

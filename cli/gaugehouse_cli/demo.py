"""`gaugehouse demo`: the main job from end to end, and what came of it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse_cli.demo_report import DemoReport, print_report
from gaugehouse_cli.options import DataOption, GaugesOption, JsonOption
from gaugehouse_cli.screen import err, print_json

if TYPE_CHECKING:
    from gaugehouse.store.reports import ImportProgress
    from gaugehouse_local.house import House

# The simulator's troubles pass quickly, so the demo shows retries without the usual 5, 15 and 45 minutes.
QUICK_RETRIES = "1,2,3"
LONGEST_RETRY_SECONDS = 10.0  # a retry further away is left waiting: it is shown, not waited for
LOOK_EVERY_SECONDS = 0.2
MOST_REJECTS = 5
SWEEP_EVERY_SECONDS = 1.0  # the schedule's five minutes are too long to watch


class DemoFailed(GaugehouseError):
    """A function failed during the demo. The message is its error, and names the file with its whole log."""


@dataclass(slots=True)
class Stopwatch:
    """How long each step took, in seconds, in order."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block and say that it runs."""
        err.print(f"{name} …", style="dim")
        started = time.perf_counter()
        yield
        self.steps[name] = time.perf_counter() - started


def demo(
    data: DataOption = None,
    gauges: GaugesOption = 12,
    as_json: JsonOption = False,
) -> None:
    """Discover every gauge on the list, import its whole record, and prove it; then poll live readings.

    Runs the real functions on this machine. What a run stored is kept: a second run does nothing twice.
    Exit code 0 only if every stored record agrees with the totals in the agency's own document.
    """
    from gaugehouse.store import rain_records, rejected_records, reports, stream_reports
    from gaugehouse_cli.upstreams import chosen

    upstream = chosen(data=data, live=False, gauges=gauges)

    from gaugehouse_local.house import open_house  # after the choice: a wrong one is told at once

    parameters = {} if data is not None else {"ImportRetryDelaysSeconds": QUICK_RETRIES}
    watch = Stopwatch()
    with ExitStack() as opened:
        with watch.step("Start the local stack"):
            house = opened.enter_context(open_house(upstream, parameters=parameters, announce=True))
        before = reports.import_progress(house.connection)
        with watch.step("Discover gauges"):
            discovered = _invoke(house, "PollerFunction", {"source": "mcfcd_gauge_list"})
        with watch.step("Import their records"):
            _follow_imports(house)
        rainfall = None
        if upstream.has_live_rain:
            with watch.step("Poll live rainfall"):
                rainfall = _invoke(house, "PollerFunction", {"source": "mcfcd_rainfall"})
        polled = None
        if upstream.stream_sites:
            with watch.step("Poll stream gauges"):
                polled = _invoke(house, "PollerFunction", {"source": "usgs"})
        with watch.step("Look at what is stored"):
            report = DemoReport(
                discovered=discovered,
                completed_before=before.completed,
                progress=reports.import_progress(house.connection),
                records=rain_records.gauge_records(house.connection),
                rainfall=rainfall,
                polled=polled,
                series=stream_reports.series_states(house.connection),
                ledger=reports.ledger(house.connection),
                rejects=rejected_records.newest(house.connection, limit=MOST_REJECTS),
                not_listed=_not_listed(upstream.station_ids, house),
                queue=house.stack.queue_depth("ImportQueue"),
                dead_letters=house.stack.queue_depth("ImportDeadLetterQueue"),
                seconds=watch.steps,
            )
    if as_json:
        print_json({**report.as_dict(), "proof_held": report.proof_held})
    else:
        print_report(report)
    if not report.proof_held:
        raise typer.Exit(1)


def _not_listed(station_ids: Sequence[str], house: "House") -> list[str]:
    """Return the gauges of which the folder has a workbook, but which its list does not name."""
    from gaugehouse.store import rain_records

    listed = {record.station_id for record in rain_records.gauge_records(house.connection)}
    return [station_id for station_id in station_ids if station_id not in listed]


def _follow_imports(house: "House") -> None:
    """Show the ledger's progress until nothing is open and no retry is near."""
    from gaugehouse.store import reports

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("imports")
        swept = 0.0
        while True:
            progress = reports.import_progress(house.connection)
            waiting = f", {progress.waiting} waiting for a retry" if progress.waiting else ""
            bar.update(
                task,
                total=progress.jobs,
                completed=progress.jobs - progress.open,
                description=f"imports: {progress.completed} completed{waiting}",
            )
            if _is_settled(progress):
                return
            if time.monotonic() - swept > SWEEP_EVERY_SECONDS:
                _invoke(house, "MaintenanceFunction", {"task": "requeue_imports"})
                swept = time.monotonic()
            time.sleep(LOOK_EVERY_SECONDS)


def _is_settled(progress: "ImportProgress") -> bool:
    far = progress.next_retry_seconds is None or progress.next_retry_seconds > LONGEST_RETRY_SECONDS
    return progress.open == 0 and far


def _invoke(house: "House", function: str, event: dict[str, str]) -> Any:
    result = house.stack.invoke(function, event)
    if result.error_type is not None:
        log = house.stack.log_file(function)
        raise DemoFailed(f"{function}: {result.error_type}: {result.error_message} (log: {log})")
    return result.payload

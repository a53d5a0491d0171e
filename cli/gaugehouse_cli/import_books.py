"""`gaugehouse import water-year`, `water-years` and `pdf`: documents about all gauges at once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.import_jobs import ImportRequest
from gaugehouse.domain.rain_book_subjects import (
    EARLIEST,
    FIRST_WORKBOOK,
    LATEST,
    month_request,
    read_month,
    requests_for,
    water_year_request,
)
from gaugehouse.domain.water_year import water_year_of
from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import follow_imports
from gaugehouse_cli.import_file import offer_file
from gaugehouse_cli.import_range import Part, RangeOutcome, ask_for, import_parts
from gaugehouse_cli.import_summary import document_of, print_states, print_summary
from gaugehouse_cli.options import AgainOption, EnqueueOption, FileOption, WaitOption
from gaugehouse_cli.verbs import Answer

FILE_WAIT_SECONDS = 900


def parse_month(written: str) -> date:
    """Read a month as `2019-11`; return its first day. Raises: typer.BadParameter."""
    try:
        return read_month(written)
    except DocumentInvalid as error:
        raise typer.BadParameter(f"{written!r} is no month such as 2019-11") from error


Year = Annotated[int, typer.Argument(min=EARLIEST, max=LATEST, metavar="YEAR", help="A water year, as 2023.")]


def water_year(
    deployment: Deployment,
    *,
    year: Year,
    file: FileOption = None,
    again: AgainOption = False,
    enqueue_only: EnqueueOption = False,
    wait: WaitOption = None,
) -> Answer:
    """Import a water year of all gauges: the agency's workbook, or twelve PDFs for one before 2022.

    Exit code 1 if a part failed or did not end in time.
    """
    if file is not None and year < FIRST_WORKBOOK:
        raise typer.BadParameter(
            f"of water years before {FIRST_WORKBOOK} there are PDFs: gaugehouse import pdf MONTH --file FILE"
        )
    if file is not None:
        return _import_file(deployment, water_year_request(year), file, enqueue_only=enqueue_only, wait=wait)
    _refuse_future(year)
    parts = _parts(year, year)
    return _import(deployment, parts, again=again, enqueue_only=enqueue_only, wait=wait)


def water_years(
    deployment: Deployment,
    *,
    first: Year,
    last: Year,
    continue_on_error: Annotated[
        bool, typer.Option("--continue-on-error", help="Ask for all of them at once, whatever fails.")
    ] = False,
    again: AgainOption = False,
    enqueue_only: EnqueueOption = False,
    wait: WaitOption = None,
) -> Answer:
    """Import a range of water years, one after the other; those before 2022 are twelve PDFs each.

    After the first failure that is final nothing more is asked for, and what is left is told. What is there
    and fresh is skipped, so that the same command goes on where it was stopped. Exit code 1 if a part failed.
    """
    if first > last:
        raise typer.BadParameter(f"{first} is after {last}")
    _refuse_future(last)
    return _import(
        deployment,
        _parts(first, last),
        again=again,
        enqueue_only=enqueue_only,
        wait=wait,
        continue_on_error=continue_on_error,
    )


def pdf(
    deployment: Deployment,
    *,
    month: Annotated[date, typer.Argument(parser=parse_month, metavar="MONTH", help="A month, as 2019-11.")],
    file: FileOption = None,
    again: AgainOption = False,
    enqueue_only: EnqueueOption = False,
    wait: WaitOption = None,
) -> Answer:
    """Import a month of all gauges from the agency's PDF. Exit code as for `water-year`."""
    request = month_request(month)
    if file is not None:
        return _import_file(deployment, request, file, enqueue_only=enqueue_only, wait=wait)
    _refuse_future(water_year_of(month))
    parts = [Part(name=request.subject, requests=[request])]
    return _import(deployment, parts, again=again, enqueue_only=enqueue_only, wait=wait)


def _parts(first: int, last: int) -> list[Part]:
    return [Part(name=f"{year}", requests=requests_for(year, year)) for year in range(first, last + 1)]


def _refuse_future(year: int) -> None:
    current = water_year_of(datetime.now(UTC).astimezone(MOUNTAIN_STANDARD_TIME).date())
    if year > current:
        raise typer.BadParameter(f"water year {year} is still to come; this is {current}")


def _import(
    deployment: Deployment,
    parts: Sequence[Part],
    *,
    again: bool,
    enqueue_only: bool,
    wait: int | None,
    continue_on_error: bool = False,
) -> Answer:
    if enqueue_only:
        requests = [request for part in parts for request in part.requests]
        states = ask_for(deployment, requests, again=again)
        return Answer(document=states, show=lambda: print_states(states))
    outcome = import_parts(
        deployment, parts, again=again, continue_on_error=continue_on_error, wait_seconds=wait
    )
    return _answer(parts, outcome)


def _import_file(
    deployment: Deployment, request: ImportRequest, file: Path, *, enqueue_only: bool, wait: int | None
) -> Answer:
    states = {f"{request.kind} {request.subject}": offer_file(deployment, request, file)}
    if enqueue_only:
        return Answer(document=states, show=lambda: print_states(states))
    wanted = [(request.kind.value, request.subject)]
    standings = follow_imports(deployment, wanted, wait_seconds=wait or FILE_WAIT_SECONDS, what=file.name)
    return _answer([Part(name=request.subject, requests=[request])], RangeOutcome(standings=standings))


def _answer(parts: Sequence[Part], outcome: RangeOutcome) -> Answer:
    return Answer(
        document=document_of(outcome), show=lambda: print_summary(parts, outcome), healthy=outcome.healthy
    )

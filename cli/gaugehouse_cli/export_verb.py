"""`gaugehouse export`: one gauge's record as a file."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.export_csv import write_csv
from gaugehouse_cli.export_record import MISSING, UNTOLD, ExportedRecord, read_record
from gaugehouse_cli.screen import err, print_facts
from gaugehouse_cli.verbs import Answer

STANDARD_OUTPUT = Path("-")


class Format(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"


def export(
    deployment: Deployment,
    station_id: Annotated[str, typer.Argument(metavar="ID", help="Its station id, or a former one.")],
    file_format: Annotated[Format, typer.Option("--format", help="CSV, or a workbook.")] = Format.CSV,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to; a file in this folder unless given. - prints CSV."),
    ] = None,
) -> Answer:
    """Write a gauge's daily rainfall into a file: every day of its record, and blank where it is missing.

    The workbook also has what the gauge is, its water years, its gaps, and the proof of the import.
    """
    if output == STANDARD_OUTPUT and file_format is Format.XLSX:
        raise typer.BadParameter("a workbook needs a file: name one with --output")
    if output is not None and not output.parent.is_dir():  # before everything is asked for
        raise typer.BadParameter(f"there is no folder {output.parent}")
    with err.status("asking for the record"):
        record = read_record(deployment, station_id)
    if output == STANDARD_OUTPUT:
        return Answer(document=_document(record), show=lambda: write_csv(record, sys.stdout))
    file = output or Path(f"{record.gauge['station_id'].replace(':', '_')}.{file_format.value}")
    _write(record, file, file_format)
    document = {"file": str(file), **_document(record)}
    return Answer(document=document, show=lambda: _print(record, file))


def _write(record: ExportedRecord, file: Path, file_format: Format) -> None:
    """Write the whole file beside its place first: an export that is cut short leaves the old one."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        if file_format is Format.XLSX:
            from gaugehouse_cli.export_workbook import build_workbook

            build_workbook(record, exported_at=datetime.now(UTC)).save(unfinished)
        else:
            with unfinished.open("w", encoding="utf-8", newline="") as stream:
                write_csv(record, stream)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _document(record: ExportedRecord) -> dict[str, object]:
    return {
        "station_id": record.gauge["station_id"],
        "first_day": record.days[0].reading_date,
        "last_day": record.days[-1].reading_date,
        "days": record.present,
        "missing": record.count(MISSING),
        "untold": record.count(UNTOLD),
    }


def _print(record: ExportedRecord, file: Path) -> None:
    blank = len(record.days) - record.present
    span = f"{record.days[0].reading_date} to {record.days[-1].reading_date}"
    print_facts(
        {
            "Written": str(file),
            "Gauge": f"{record.gauge['station_id']} {record.gauge['name']}",
            "Days": f"{span}: {record.present:,} with a value, {blank:,} blank",
        }
    )

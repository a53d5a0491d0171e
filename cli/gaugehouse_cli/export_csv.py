"""Daily rainfall as CSV."""

import csv
from typing import TextIO

from gaugehouse.domain.csv_cells import csv_cell
from gaugehouse_cli.export_record import ExportedRecord

HEADER = ("date", "rainfall_inches", "quality", "data_source", "document_date", "note")


def write_csv(record: ExportedRecord, file: TextIO) -> None:
    """Write a line for each day of the record. A missing day has no number, and is never 0."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(HEADER)
    for day in record.days:
        rain = "" if day.rainfall_inches is None else f"{day.rainfall_inches:.5f}"
        lines.writerow((day.reading_date, rain, *map(csv_cell, day[2:])))

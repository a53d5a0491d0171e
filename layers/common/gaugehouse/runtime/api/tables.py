"""Lists as CSV (RFC 4180): a header line whose names carry the units, then a line for each item."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gaugehouse.domain.csv_cells import csv_cell
from gaugehouse.runtime.api.negotiation import CSV

CSV_UTF8 = f"{CSV}; charset=utf-8"


def csv_answer(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    max_age: int = 0,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """Answer with a table. What is missing is an empty field; times are UTC, as in JSON."""
    text = StringIO()
    lines = csv.writer(text)  # lines end with CR LF, as the RFC has it
    lines.writerow(header)
    lines.writerows([_written(value) for value in row] for row in rows)
    return Response(
        status_code=200,
        content_type=CSV_UTF8,
        body=text.getvalue(),
        headers={"Cache-Control": f"max-age={max_age}", **(headers or {})},
    )


def csv_items(model: Any, items: Iterable[object], *, max_age: int) -> Response[str]:
    """Answer with a table of dataclasses, whose fields have their units in their names."""
    names = [field.name for field in fields(model)]
    return csv_answer(names, ([getattr(item, name) for name in names] for item in items), max_age=max_age)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return csv_cell(" ".join(value))
    return csv_cell(value)

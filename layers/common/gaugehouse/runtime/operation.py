"""What an operation is, and how it answers: plain data, since the answer travels as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from psycopg import Connection

from gaugehouse.runtime.operation_arguments import Arguments
from gaugehouse.runtime.telemetry import UNLOGGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an operation answers: plain data. `rows_affected` counts what it changed."""

    answer: Any = field(metadata=UNLOGGED)  # whole tables, and the operator has them on the screen
    changed: int = 0

    @property
    def rows_affected(self) -> int:
        """Rows that the operation changed."""
        return self.changed


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb: its arguments and what it does."""

    arguments: type[Arguments]
    run: Callable[[Connection, Any], Answer]


def plain(value: Any) -> Any:
    """Return JSON-ready data: dataclasses become objects, dates and times ISO 8601 text."""
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))
    return value

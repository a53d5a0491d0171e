"""How commands speak: tables and messages for people, JSON for machines."""

import json
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console

# What was asked for goes to standard output; progress, logs and errors to standard error, so that
# `--json | jq` always works.
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(document: Any) -> None:
    """Print one JSON document. Dataclasses become objects, dates ISO 8601 text."""
    print(json.dumps(document, default=_plain, indent=2, ensure_ascii=False))  # noqa: T201 - rich would wrap it


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat()

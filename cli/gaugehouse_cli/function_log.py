"""Lines of a function's log for a person: what happened, without what only machines read."""

import json
from typing import Any

# What Lambda and Powertools put on every line: the same for a whole invocation.
ON_EVERY_LINE = {
    "cold_start", "function_arn", "function_memory_size", "function_name", "function_request_id", "level",
    "location", "message", "service", "timestamp", "xray_trace_id",
}  # fmt: skip


def readable(line: str) -> str | None:
    """Return the line in short; None for metrics. A line that is no JSON stays as it is."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    if not isinstance(told, dict):
        return line
    if "_aws" in told:
        return None
    facts = " ".join(f"{name}={_short(value)}" for name, value in told.items() if name not in ON_EVERY_LINE)
    level = "" if told.get("level") == "INFO" else f"{told.get('level')} "
    return f"{level}{told.get('message')} {facts}".rstrip()


def _short(value: Any) -> str:
    text = str(value).strip().rsplit("\n", maxsplit=1)[-1]  # of a traceback, the line that says it
    return text if len(text) <= 200 else f"{text[:200]}…"

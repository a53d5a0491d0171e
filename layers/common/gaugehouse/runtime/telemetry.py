"""Logs and metrics: one logger, one way from a service's summary to metrics.

No Tracer: it would bring botocore into the layer. Lambda's own active tracing is on.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Gaugehouse"
UNLOGGED = {"logged": False}  # metadata of a summary's field that is an answer, and not for the log

# The service name and the log level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL.
logger = Logger()
metrics = Metrics(namespace=NAMESPACE)

# Lambda sends every library's INFO to the log; botocore's tells where credentials were found.
logging.getLogger("botocore").setLevel(logging.WARNING)


def report(work: str, summary: Any) -> None:
    """Log a service's summary and count what is in it.

    A number `inserted` of `import` becomes the metric `ImportInserted`, an outcome `failed` the metric
    `ImportFailed` with the value 1, numbers by name one metric for each name. What is None is not known,
    and so no metric. A name with `seconds` in it tells the unit; any other fraction has none.
    """
    unlogged = {field.name for field in fields(summary) if field.metadata == UNLOGGED}
    values = {name: value for name, value in plain(summary).items() if name not in unlogged}
    logger.info(work.replace("_", " "), **values)
    for name, value in values.items():
        if isinstance(value, StrEnum):
            metrics.add_metric(f"{metric_name(work)}{metric_name(value)}", MetricUnit.Count, 1)
        elif isinstance(value, Mapping):
            for key, number in value.items():
                _measure(f"{work}_{name}_{key}", number)
        else:
            _measure(f"{work}_{name}", value)


def count(name: str, value: int = 1) -> None:
    """Count something that is no service's summary: `poll:mcfcd_failed` becomes `PollMcfcdFailed`."""
    metrics.add_metric(metric_name(name), MetricUnit.Count, value)


def measure_seconds(name: str, seconds: float) -> None:
    """Record how long something took."""
    metrics.add_metric(metric_name(name), MetricUnit.Seconds, seconds)


def plain(summary: Any) -> dict[str, Any]:
    """Return a summary as JSON-ready data."""
    return {field.name: getattr(summary, field.name) for field in fields(summary)}


def _measure(name: str, value: Any) -> None:
    if not isinstance(value, int | float):
        return
    unit = MetricUnit.Count if isinstance(value, int) else MetricUnit.NoUnit
    metrics.add_metric(metric_name(name), MetricUnit.Seconds if "seconds" in name.split("_") else unit, value)


def metric_name(name: str) -> str:
    """Return the metric's name of what the code calls `poll:mcfcd_failed`: `PollMcfcdFailed`."""
    return "".join(word.capitalize() for word in re.split("[_:]", name))

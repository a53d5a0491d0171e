"""Logs and metrics: one logger, one way from a service's summary to metrics.

No Tracer: it would bring botocore into the layer. Lambda's own active tracing is on.
"""

import logging
from dataclasses import fields
from enum import StrEnum
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Gaugehouse"

# The service name and the log level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL.
logger = Logger()
metrics = Metrics(namespace=NAMESPACE)

# Lambda sends every library's INFO to the log; botocore's tells where credentials were found.
logging.getLogger("botocore").setLevel(logging.WARNING)


def report(work: str, summary: Any) -> None:
    """Log a service's summary and count what is in it.

    A number `inserted` of `import` becomes the metric `ImportInserted`, an outcome `failed` the metric
    `ImportFailed` with the value 1.
    """
    values = {field.name: getattr(summary, field.name) for field in fields(summary)}
    logger.info(work.replace("_", " "), **values)
    for name, value in values.items():
        if isinstance(value, int):
            metrics.add_metric(f"{_camel(work)}{_camel(name)}", MetricUnit.Count, value)
        elif isinstance(value, StrEnum):
            metrics.add_metric(f"{_camel(work)}{_camel(value)}", MetricUnit.Count, 1)


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))

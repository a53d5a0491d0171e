"""A cold start pays only for what every invocation needs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HANDLERS = sorted((Path(__file__).parents[3] / "functions").glob("*/app.py"))
# Each of these is imported where it is first used, or (the readers for people, X-Ray's SDK) never.
# Powertools looks whether there is a botocore; its client is what costs.
LATER = {
    "boto3",
    "botocore.client",
    "requests",
    "urllib3",
    "python_calamine",
    "openpyxl",
    "pypdfium2",
    "aws_xray_sdk",
    "aws_lambda_powertools.event_handler.openapi.models",  # of the document, which few requests ask for
}
REPORT = "import app, json, sys; print(json.dumps(sorted(sys.modules)))"


def modules_of(handler: Path) -> set[str]:
    """Every module that a fresh interpreter holds after importing the handler."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT], cwd=handler.parent, stdout=subprocess.PIPE, check=True, text=True
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.parent.name)
def test_a_handler_imports_nothing_that_it_may_not_need(handler: Path) -> None:
    modules = modules_of(handler)

    assert {"app", "gaugehouse", "psycopg", "aws_lambda_powertools"} <= modules
    assert modules & LATER == set()


def test_there_are_handlers() -> None:
    assert {handler.parent.name for handler in HANDLERS} >= {"poller", "fopr_importer", "maintenance"}

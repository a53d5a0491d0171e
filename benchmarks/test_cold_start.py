"""Importing a handler in a fresh interpreter: what a cold start pays before any work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.race import Contender, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, at_most, milliseconds, named
from tests.real_files import PROJECT_ROOT

HANDLERS = sorted((PROJECT_ROOT / "functions").glob("*/app.py"))
# What every function needs, whatever it does. Events, messages and settings are pydantic models by design,
# and the first model alone makes an import 1.47 times as long: without it the bar would be pydantic's.
LEAST = """
import psycopg
from aws_lambda_powertools import Logger
from pydantic import BaseModel
class Event(BaseModel):
    name: str
Logger()
"""
WITHOUT_PYDANTIC = "import psycopg; from aws_lambda_powertools import Logger; Logger()"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with compiled bytecode, as in the artifact; the round that does not count makes it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode"))}


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.parent.name)
def test_importing_a_handler(
    benchmark: BenchmarkFixture, handler: Path, environment: dict[str, str], scoreboard: Scoreboard
) -> None:
    race = run_race(
        benchmark,
        Contender("handler", lambda: _run("import app", handler.parent, environment)),
        Contender("least", lambda: _run(LEAST, handler.parent, environment)),
        Contender("bare", lambda: _run(WITHOUT_PYDANTIC, handler.parent, environment)),
        rounds=11,
    )

    scoreboard.judge(
        Comparison(
            what=f"import the handler of {handler.parent.name}",
            ours=milliseconds(race.median_of("handler")),
            limit=named("psycopg + Logger + a model", race.median_of("least")),
            ratio=race.ratio("handler", "least"),
            bar=at_most(1.5),
        ),
        Comparison(
            what="… without pydantic, for the record",
            ours=milliseconds(race.median_of("handler")),
            limit=named("psycopg + Logger", race.median_of("bare")),
            ratio=race.ratio("handler", "bare"),
        ),
    )


def _run(code: str, directory: Path, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=directory, env=environment, check=True)

"""Cold starts of the built functions under the real runtime client, against the least that one can cost.

`make bench-cold` runs it. A start is measured from the process's begin until it asks for its first event. The
floor is a function that imports boto3 and psycopg alone, from the same layer and with bytecode. Exit code 1
when a function takes more than 1.5 times the floor.
"""

import queue
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gaugehouse_local.runtime_api import Report, ReportKind, RuntimeApi

ROUNDS = 9
BAR = 1.5
START_SECONDS = 60
ROOT = Path(__file__).parents[1]
ARTIFACT = ROOT / ".aws-sam" / "artifact"
FLOOR = "import boto3\nimport psycopg\n\n\ndef lambda_handler(event, context):\n    return None\n"


def main() -> int:
    """Measure in turns, so that what disturbs the machine disturbs all; print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        floor = Path(folder)
        (floor / "app.py").write_text(FLOOR)
        contenders = {"floor": floor} | {path.parent.name: path.parent for path in handlers()}
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for round_number in range(ROUNDS + 1):
            for name, code in contenders.items():
                taken = start_once(code)
                if round_number:  # the first one reads the disk
                    times[name].append(taken)
    return judged({name: statistics.median(taken) for name, taken in times.items()})


def handlers() -> list[Path]:
    """Return the functions' handlers."""
    return sorted((ROOT / "functions").glob("*/app.py"))


def start_once(code: Path) -> float:
    """Start a function as Lambda would, until it is ready. Returns the seconds."""
    heard: queue.SimpleQueue[Report] = queue.SimpleQueue()
    api = RuntimeApi(heard.put)
    try:
        started = time.perf_counter()
        with _process(code, api.address):
            report = heard.get(timeout=START_SECONDS)
            taken = time.perf_counter() - started
    finally:
        api.close()
    if report.kind is not ReportKind.READY:
        raise SystemExit(f"{code.name} did not start: {report.body.decode()}")
    return taken


def judged(medians: dict[str, float]) -> int:
    """Print a line for each function; return 1 when one is over the bar."""
    floor = medians.pop("floor")
    print(f"cold starts, medians of {ROUNDS}: floor (interpreter, boto3, psycopg) {floor * 1000:.0f} ms")
    for name, taken in medians.items():
        verdict = "ok" if taken <= BAR * floor else "FAILED"
        print(f"  {verdict:<8}{name}: {taken * 1000:.0f} ms, {taken / floor:.2f} x (at most {BAR} x)")
    return int(any(taken > BAR * floor for taken in medians.values()))


@contextmanager
def _process(code: Path, address: str) -> Iterator[None]:
    interpreter = (ARTIFACT / ".built").read_text().strip()
    paths = [code, ARTIFACT / "CommonLayer" / "python", ARTIFACT / "runtime"]
    environment = {
        "PYTHONPATH": ":".join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_RUNTIME_API": address,
        "LAMBDA_TASK_ROOT": str(code),
        "_HANDLER": "app.lambda_handler",
        "AWS_LAMBDA_FUNCTION_NAME": code.name,
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_REGION": "us-west-2",
        "POWERTOOLS_SERVICE_NAME": code.name,
    }
    process = subprocess.Popen(
        [interpreter, "-m", "awslambdaric", "app.lambda_handler"],
        cwd=code,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())

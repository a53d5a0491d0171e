"""The file `running.json` in the house's folder: it tells other commands how to reach a house that runs."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

FILE = "running.json"
CONNECT_TIMEOUT_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningHouse:
    """How to reach a house. `outputs` are those of the template; `started_at` is ISO 8601, UTC."""

    pid: int
    upstream: str
    started_at: str
    run_schedules: bool
    endpoint: str
    lambda_endpoint: str
    outputs: Mapping[str, str]


@contextmanager
def announced(house: RunningHouse, home: Path) -> Iterator[None]:
    """Tell other commands of this house for as long as the block lasts. The first of several is told of."""
    if find_running(home) is not None:
        yield
        return
    file = home / FILE
    unfinished = file.with_name(f"{FILE}.{house.pid}")
    unfinished.write_text(json.dumps(asdict(house), indent=2), encoding="utf-8")
    unfinished.replace(file)
    try:
        yield
    finally:
        if _read(file) == house:
            file.unlink(missing_ok=True)


def find_running(home: Path) -> RunningHouse | None:
    """Return the house that runs with this folder. A file that a killed process left behind is ignored."""
    house = _read(home / FILE)
    return house if house is not None and _is_alive(house.pid) and _answers(house.lambda_endpoint) else None


def _read(file: Path) -> RunningHouse | None:
    try:
        return RunningHouse(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # not there, cut short, or of another release
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _answers(endpoint: str) -> bool:
    """Say whether anything listens there: after a restart of the machine the same pid may come again."""
    address = urlsplit(endpoint)
    with (
        suppress(OSError),
        socket.create_connection((address.hostname, address.port), timeout=CONNECT_TIMEOUT_SECONDS),
    ):
        return True
    return False

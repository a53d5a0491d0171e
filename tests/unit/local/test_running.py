"""The file that tells of a running house."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gaugehouse_local.running import FILE, RunningHouse, announced, find_running


@pytest.fixture
def house() -> Iterator[RunningHouse]:
    """This process, and something that listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield RunningHouse(
            pid=os.getpid(),
            upstream="simulator_3",
            started_at="2026-11-20T06:00:00+00:00",
            run_schedules=True,
            endpoint="http://127.0.0.1:1",
            lambda_endpoint=f"http://127.0.0.1:{server.getsockname()[1]}",
            outputs={"ImportQueueUrl": "http://127.0.0.1:1/queue"},
        )


def dead_pid() -> int:
    """The number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_a_house_is_found_while_it_runs(house: RunningHouse, tmp_path: Path) -> None:
    assert find_running(tmp_path) is None
    with announced(house, tmp_path):
        assert find_running(tmp_path) == house
    assert find_running(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_dead_process_is_ignored_and_replaced(house: RunningHouse, tmp_path: Path) -> None:
    killed = announced(replace(house, pid=dead_pid()), tmp_path)
    killed.__enter__()
    assert (tmp_path / FILE).exists()
    assert find_running(tmp_path) is None

    with announced(house, tmp_path):
        assert find_running(tmp_path) == house


def test_a_process_that_only_has_the_same_number_is_no_house(house: RunningHouse, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    with announced(replace(house, lambda_endpoint=closed), tmp_path):
        assert find_running(tmp_path) is None


def test_of_two_houses_the_first_is_told_of(house: RunningHouse, tmp_path: Path) -> None:
    second = replace(house, upstream="live")
    with announced(house, tmp_path):
        with announced(second, tmp_path):
            assert find_running(tmp_path) == house
        assert find_running(tmp_path) == house


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_file_that_says_nothing_is_ignored(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(content)

    assert find_running(tmp_path) is None

"""The command `gaugehouse` as a person runs it: its own process, its own home."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from gaugehouse.store.migrate import load_migrations
from gaugehouse_local.simulator.climate import create_climate
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.mcfcd.paths import GAUGE_LIST, fopr_path
from tests.integration.faults.conftest import wait_for
from tests.real_files import MCFCD, PROJECT_ROOT, requires_real_files

NEWEST = len(load_migrations())
COMMAND = Path(sys.executable).with_name("gaugehouse")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment in which the command keeps its data in the test's own folder."""
    return {**os.environ, "GAUGEHOUSE_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}


@pytest.fixture
def served(home: dict[str, str], database_url: str) -> dict[str, str]:
    """A home whose database is there already, for tests of something else than PostgreSQL's own start."""
    return {**home, "DATABASE_URL": database_url}


def gaugehouse(home: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], env=home, capture_output=True, text=True, timeout=150, check=False
    )


def demo(home: dict[str, str], *arguments: str | Path, exit_code: int = 0) -> Any:
    done = gaugehouse(home, "demo", "--json", *arguments)
    assert done.returncode == exit_code, done.stderr
    return json.loads(done.stdout)


def write_folder(folder: Path, *faults: DocumentFault) -> Path:
    """A folder as an operator keeps it: the list, and one gauge's workbook."""
    agency = ClimateAgency(create_climate(gauges=2, first_water_year=2023))
    agency.publish("59700", *faults)
    folder.mkdir()
    for name, path in {"ev_rain.txt": GAUGE_LIST, "59700_FOPR.xlsx": fopr_path("59700")}.items():
        document = agency.document(path)
        assert document is not None
        (folder / name).write_bytes(document.content)
    return folder


def test_the_demo_proves_every_record_and_a_second_run_does_nothing_twice(home: dict[str, str]) -> None:
    first = demo(home, "--gauges", "5")

    assert first["proof_held"] is True
    assert first["discovered"]["discovered"] == 5
    assert first["progress"] == {
        "jobs": 5,
        "open": 0,
        "completed": 4,
        "waiting": 0,
        "failed": 1,
        "next_retry_seconds": None,
    }
    troubled = {entry["subject"]: entry for entry in first["ledger"] if entry["failed_attempts"]}
    assert sorted(entry["failed_attempts"] for entry in troubled.values()) == [1, 4]
    assert (first["queue"], first["dead_letters"]) == ([0, 0], [0, 0])

    second = demo(home, "--gauges", "5")

    assert second["proof_held"] is True
    assert second["discovered"]["discovered"] == 0
    assert second["completed_before"] == 4
    assert second["records"] == first["records"]
    assert second["ledger"] == first["ledger"]


def test_a_demo_that_was_killed_is_finished_by_the_next(home: dict[str, str]) -> None:
    with subprocess.Popen(
        [COMMAND, "demo", "--gauges", "20"], env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        logs = Path(home["GAUGEHOUSE_HOME"]) / "simulator_20" / "logs" / "FoprImporterFunction.log"
        wait_for("imports began", lambda: logs.exists() and '"outcome":"imported"' in logs.read_text())
        running.kill()

    report = demo(home, "--gauges", "20")

    assert report["proof_held"] is True
    assert 0 < report["completed_before"] < 20
    assert report["progress"]["completed"] == 19


def test_a_document_that_contradicts_itself_fails_the_demo(served: dict[str, str], tmp_path: Path) -> None:
    report = demo(served, "--data", write_folder(tmp_path / "data", DocumentFault.WRONG_FOOTER), exit_code=1)

    assert report["proof_held"] is False
    assert [record["mismatches"] for record in report["records"] if record["rows"]] == [1]


def test_a_folder_is_served_and_gauges_without_a_workbook_wait(
    served: dict[str, str], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "data")

    done = gaugehouse(served, "demo", "--data", folder)

    assert done.returncode == 0, done.stderr
    assert "59700" in done.stdout and "held for 1 record" in done.stdout
    assert "waiting" in done.stdout and "DocumentNotFound" in done.stdout


@requires_real_files
def test_the_real_files(home: dict[str, str]) -> None:
    report = demo(home, "--data", MCFCD)

    assert (report["discovered"]["listed"], report["discovered"]["discovered"]) == (378, 377)
    assert (report["progress"]["completed"], report["progress"]["waiting"]) == (1, 376)
    (record,) = [record for record in report["records"] if record["rows"]]
    assert record["station_id"] == "59700"
    assert (record["rows"], record["missing_days"], record["before_record_days"]) == (9707, 30, 125)
    assert record["total_inches"] == pytest.approx(202.47991, abs=1e-6)
    assert (record["first_date"], record["last_date"]) == ("1998-02-03", "2024-09-30")
    assert record["claims"] > 100 and record["mismatches"] == 0


def test_what_is_rare_or_strange_is_shown_first(served: dict[str, str], tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "59700_FOPR.xlsx").write_bytes(b"no workbook at all")
    (folder / "12345_FOPR.xlsx").write_bytes(b"of a gauge that is not on the list")
    with (folder / "ev_rain.txt").open("ab") as listed:
        listed.write(b"A row that is cut off in the mid")

    done = gaugehouse(served, "demo", "--data", folder)

    assert done.returncode == 1
    assert "59700_FOPR.xlsx is not a workbook" in " ".join(done.stdout.split())
    assert "nothing to prove: no record was imported" in done.stdout
    assert "Not on the list: 12345" in done.stdout
    assert "Rejected: unreadable_row" in done.stdout


def test_invoke_runs_a_handler_with_an_event_file(served: dict[str, str], tmp_path: Path) -> None:
    done = gaugehouse(
        served, "invoke", "fopr_importer", "--event", PROJECT_ROOT / "events" / "fopr_importer_sqs.json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"batchItemFailures": []}
    assert "outcome=imported" in done.stderr and "_aws" not in done.stderr

    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"task": "tidy"}')
    done = gaugehouse(served, "invoke", "maintenance", "--event", wrong)
    assert done.returncode == 1
    assert "unknown task 'tidy'" in done.stderr


def test_migrate_says_what_it_did(home: dict[str, str]) -> None:
    assert gaugehouse(home, "migrate").stdout.startswith(
        f"Schema version {NEWEST}; {NEWEST} migrations applied now."
    )
    assert json.loads(gaugehouse(home, "migrate", "--json").stdout) == {
        "applied": 0,
        "schema_version": NEWEST,
        "roles_admitted": 0,
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("demo", "--data", "nowhere"), "nowhere"),
        (("invoke", "poller", "--event", "nowhere.json"), "nowhere.json: No such file"),
        (("invoke", "poller", "--event", str(PROJECT_ROOT / "Makefile")), "Makefile: not JSON"),
        (("up", "--live", "--data", "x"), "exclude each other"),
        (("frobnicate",), "No such command"),
        (("demo", "--data", "/nowhere[/x]"), "/nowhere[/x] is not a folder"),
    ],
)
def test_a_wrong_command_says_what_is_wrong_without_a_traceback(
    arguments: tuple[str, ...], told: str, home: dict[str, str]
) -> None:
    done = gaugehouse(home, *arguments)

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_told_in_a_line(home: dict[str, str]) -> None:
    done = gaugehouse({**home, "DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "migrate")

    assert done.returncode == 2
    assert "the database cannot be reached" in done.stderr and "Traceback" not in done.stderr

    done = gaugehouse({**home, "DATABASE_URL": "garbage"}, "migrate")
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_home_that_cannot_be_is_told_in_a_line(home: dict[str, str]) -> None:
    done = gaugehouse({**home, "GAUGEHOUSE_HOME": "/proc/none"}, "migrate")

    assert done.returncode == 2
    assert "/proc/none" in done.stderr and "Traceback" not in done.stderr


def test_simulated_rain_never_gets_among_other_records(served: dict[str, str], tmp_path: Path) -> None:
    event = PROJECT_ROOT / "events" / "poller_manual.json"
    assert gaugehouse(served, "invoke", "poller", "-e", event, "--gauges", "2").returncode == 0

    for other in (("--gauges", "3"), ("--data", write_folder(tmp_path / "data"))):
        done = gaugehouse(served, "invoke", "poller", "-e", event, *other)
        assert done.returncode == 2
        assert "holds the gauges of simulator_2" in done.stderr


def names_of(processes: list[psutil.Process]) -> set[str]:
    """The names of those that are still there: some live for a moment only."""
    names = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            names.add(process.name())
    return names


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_every_server_it_started(how: signal.Signals, home: dict[str, str]) -> None:
    with subprocess.Popen(
        [COMMAND, "up", "--gauges", "2"], env=home, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "Gaugehouse is up" in line:
                break
        try:
            started = psutil.Process(running.pid).children(recursive=True)
            assert "postgres" in names_of(started)

            running.send_signal(how)
            rest = running.stderr.read()

            assert running.wait(30) == 130
        finally:
            running.kill()  # else a failure above would wait for it for ever
    assert "Traceback" not in rest
    assert "Interrupted. Every server that this command started is stopped." in rest
    wait_for("all are gone", lambda: not any(process.is_running() for process in started))

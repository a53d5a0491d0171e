"""The stack as a whole: what it keeps, and that it leaves nothing running, however it ends."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from gaugehouse_local.errors import LocalStackError, TemplateInvalid
from gaugehouse_local.stack import LocalStack
from tests.integration.local.sample import DATABASE_URL, SAMPLE, TEMPLATE, sample_stack, send, wait_until


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _listening() -> int:
    connections = psutil.Process().net_connections(kind="inet")
    return sum(connection.status == "LISTEN" for connection in connections)


def test_a_stack_leaves_no_process_thread_or_port(tmp_path: Path) -> None:
    before = _children(), threading.active_count(), _listening()
    with sample_stack(tmp_path, run_schedules=True) as stack, ThreadPoolExecutor(1) as pool:
        stack.invoke("ImpatientFunction", {"do": "echo"})
        send(stack, "Queue", do="sleep", seconds=60)
        running = pool.submit(stack.invoke, "ActionsFunction", {"do": "sleep", "seconds": 60})
        wait_until(lambda: stack.worker_pids("BatchesFunction", busy_only=True))
        wait_until(lambda: stack.worker_pids("ActionsFunction", busy_only=True))
        assert _children() > before[0]
        started = time.monotonic()
        stack.close()
        assert time.monotonic() - started < 5
        assert running.result(5).error_type == "Runtime.ExitError"
    wait_until(lambda: threading.active_count() == before[1])
    assert (_children(), _listening()) == (before[0], before[2])
    with pytest.raises(LocalStackError, match="not running"):
        stack.invoke("ActionsFunction", {"do": "echo"})


def test_an_output_whose_condition_does_not_hold_is_none(tmp_path: Path) -> None:
    with sample_stack(tmp_path) as stack:
        assert stack.outputs == {"BucketName": stack.physical("Bucket"), "HttpUrl": stack.http_url}


def test_what_runs_at_the_close_may_finish_within_its_grace(tmp_path: Path) -> None:
    with sample_stack(tmp_path) as stack:
        send(stack, "Queue", do="sleep", seconds=0.5)
        wait_until((tmp_path / "record").exists)
    assert "after sleep" in (tmp_path / "record").read_text()


def test_a_start_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    before = _children(), threading.active_count(), _listening()
    (tmp_path / "logs").write_text("a file where a folder should be")
    with pytest.raises(FileExistsError):
        sample_stack(tmp_path).start()
    assert (_children(), threading.active_count(), _listening()) == before
    (tmp_path / "logs").unlink()
    with sample_stack(tmp_path):
        pass


def test_a_template_that_cannot_run_is_said_before_anything_stays(tmp_path: Path) -> None:
    before = _listening()
    with pytest.raises(TemplateInvalid, match="no parameter Nothing"):
        LocalStack(
            TEMPLATE, database_url=DATABASE_URL, state_dir=tmp_path, parameters={"Nothing": "1"}
        ).start()
    assert _listening() == before


def test_the_database_secret_is_what_rds_keeps(tmp_path: Path) -> None:
    with sample_stack(tmp_path, run_event_sources=False) as stack:
        arn = stack.physical("DatabaseSecretArn")
        kept = stack.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    assert json.loads(kept) == {
        "host": "127.0.0.1",
        "port": 5555,
        "username": "somebody",
        "password": "s@cret",
        "dbname": "gauges",
        "sslmode": "prefer",
    }


def test_the_bucket_is_kept_and_queues_start_empty(tmp_path: Path) -> None:
    key, content = "fopr/59700/a b+ü.xlsx", os.urandom(100_000)
    with sample_stack(tmp_path, run_event_sources=False) as stack:
        bucket = stack.physical("Bucket")
        stack.client("s3").put_object(Bucket=bucket, Key=key, Body=b"the first version")
        stack.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
        send(stack, "Queue", do="ok")
    with sample_stack(tmp_path, run_event_sources=False) as stack:
        assert stack.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == content
        versioning = stack.client("s3").get_bucket_versioning(Bucket=bucket)
        assert versioning["Status"] == "Enabled"
        assert stack.queue_depth("Queue") == (0, 0)


def test_objects_are_saved_while_the_stack_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaugehouse_local.bucket_folder.SAVE_INTERVAL_SECONDS", 0.1)
    with sample_stack(tmp_path, run_event_sources=False) as stack:
        stack.client("s3").put_object(Bucket=stack.physical("Bucket"), Key="fopr/1.xlsx", Body=b"x")
        wait_until((tmp_path / "buckets" / "Bucket" / "fopr" / "1.xlsx").exists)


def test_two_stacks_in_one_process_need_two_names(tmp_path: Path) -> None:
    with sample_stack(tmp_path / "a", run_event_sources=False) as first:
        with pytest.raises(LocalStackError, match="already runs a stack"):
            sample_stack(tmp_path / "b", run_event_sources=False).start()
        with sample_stack(tmp_path / "b", stack_name="second", run_event_sources=False) as second:
            send(first, "Queue", do="ok")
            assert (first.queue_depth("Queue"), second.queue_depth("Queue")) == ((1, 0), (0, 0))


def test_the_operators_aws_settings_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text("[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with sample_stack(tmp_path, run_event_sources=False) as stack:
        send(stack, "Queue", do="ok")
        assert stack.queue_depth("Queue") == (1, 0)


def test_ctrl_c_stops_everything(open_dir: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(SAMPLE), str(open_dir)]
    program = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "running\n"
    family = psutil.Process(program.pid).children(recursive=True)
    assert len(family) >= 3  # the server, its watchman, a worker; and what the server starts
    os.killpg(program.pid, signal.SIGINT)
    _, complaints = program.communicate(timeout=30)
    assert program.returncode == 130, complaints
    assert complaints == ""
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


PROGRAM = """
import sys, time
from pathlib import Path
from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.stack import LocalStack

sample, state = Path(sys.argv[1]), Path(sys.argv[2])
try:
    with LocalPostgres.start(state / "postgres", durable=False) as postgres:
        with LocalStack(sample / "template.yaml", database_url=postgres.url(), state_dir=state) as stack:
            stack.invoke("ActionsFunction", {"do": "echo"})
            print("running", flush=True)
            stack.invoke("ActionsFunction", {"do": "sleep", "seconds": 60})
except KeyboardInterrupt:
    sys.exit(130)
"""

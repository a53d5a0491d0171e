"""Functions run as on Lambda: in their own processes, kept warm, bounded in time, seeing only their own."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.functions import Runtime
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.template import load_template
from gaugehouse_local.worker import Invocation
from gaugehouse_local.worker_environment import PORTABLE_CLIENT, worker_environment
from tests.integration.local.sample import DATABASE_URL, SAMPLE, TEMPLATE, sample_stack, wait_until


def _do(stack: LocalStack, what: str, *, function: str = "ActionsFunction", **event: object) -> Invocation:
    return stack.invoke(function, {"do": what, **event})


def _context(stack: LocalStack) -> dict[str, Any]:
    answer = _do(stack, "context").payload
    assert isinstance(answer, dict)
    return answer


def test_an_event_goes_through_unchanged_and_its_output_is_kept(stack: LocalStack) -> None:
    event = {"do": "echo", "name": "Río Salado", "rain": 0.03937, "none": None, "many": ["x" * 1000] * 300}
    invocation = stack.invoke("ActionsFunction", event)
    assert (invocation.payload, invocation.error_type) == (event, None)
    assert invocation.log == ("doing echo",)
    assert "doing echo" in stack.log_file("ActionsFunction").read_text()


def test_a_worker_is_kept_warm(stack: LocalStack) -> None:
    first, second = _context(stack), _context(stack)
    assert first["pid"] == second["pid"]
    assert second["calls"] == first["calls"] + 1
    assert first["request_id"] != second["request_id"]
    warm = [_do(stack, "echo") for _ in range(10)]
    assert not any(invocation.cold_start for invocation in warm)
    assert sorted(invocation.duration_seconds for invocation in warm)[5] < 0.03  # 40 ms would be Nagle's


def test_the_context_is_lambdas(stack: LocalStack) -> None:
    context = _context(stack)
    assert 25_000 < context["remaining_ms"] <= 30_000
    assert context["arn"] == "arn:aws:lambda:us-west-2:123456789012:function:sample-ActionsFunction"
    assert context["memory"] == "256"
    assert context["log_group"] == "/aws/lambda/sample-ActionsFunction"


def test_code_lies_where_lambda_puts_it(stack: LocalStack) -> None:
    context = _context(stack)
    assert context["cwd"] == str(SAMPLE / "actions")
    assert context["path"].index(str(SAMPLE / "actions")) < context["path"].index(str(SAMPLE / "layer"))
    assert not list(SAMPLE.rglob("__pycache__"))


def test_the_environment_is_the_templates_and_lambdas_and_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the operator's own")
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production")
    with sample_stack(tmp_path, stack_name="isolated", run_event_sources=False) as stack:
        environment = _do(stack, "environment").payload
        assert isinstance(environment, dict)
        assert environment["WHERE"] == "isolated in us-west-2"
        assert environment["QUEUE_URL"] == stack.queue_url("Queue")
        assert environment["AWS_ENDPOINT_URL"] == stack.endpoint
        assert environment["AWS_SECRET_ACCESS_KEY"] == "local"
        assert environment["LAMBDA_TASK_ROOT"] == str(SAMPLE / "actions")
        assert environment["PYTHONPATH"].split(os.pathsep) == [str(SAMPLE / "actions"), str(SAMPLE / "layer")]
        assert "AWS_PROFILE" not in environment and "DATABASE_URL" not in environment
        allowed = {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "NO_PROXY", "no_proxy"}
        allowed |= {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY"}
        allowed |= {"http_proxy", "https_proxy", "PYTHONPATH", "PYTHONPYCACHEPREFIX", "LAMBDA_TASK_ROOT"}
        allowed |= {"_HANDLER", "_X_AMZN_TRACE_ID", "WHERE", "QUEUE_URL", "BUCKET", "RECORD_FILE"}
        allowed |= {"DATABASE_SECRET_ARN"}
        assert {name for name in environment if not name.startswith("AWS_")} <= allowed


def test_a_runtime_of_its_own_comes_after_the_code_and_writes_nothing(
    stack: LocalStack, tmp_path: Path
) -> None:
    function = stack.resources.functions[0]
    environment = worker_environment(
        function, endpoint="http://x", lambda_endpoint="http://y", packages=(tmp_path,), portable=True
    )
    paths = [PORTABLE_CLIENT, function.code, *function.pythonpath, tmp_path]
    assert environment["PYTHONPATH"].split(os.pathsep) == [str(path) for path in paths]
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"


def test_an_error_of_the_handler_is_told_and_the_worker_goes_on(stack: LocalStack) -> None:
    before = _context(stack)
    failed = _do(stack, "raise")
    assert (failed.payload, failed.error_type) == (None, "LookupError")
    assert failed.error_message == "it is not here"
    assert any("LookupError" in line for line in failed.log)
    assert _context(stack)["pid"] == before["pid"]


def test_a_function_is_killed_at_its_timeout(stack: LocalStack) -> None:
    started = time.monotonic()
    late = _do(stack, "sleep", function="ImpatientFunction", seconds=20)
    assert time.monotonic() - started < 6
    assert late.error_type == "Sandbox.Timedout"
    assert late.error_message == f"RequestId: {late.request_id} Error: Task timed out after 1.00 seconds"
    assert late.log[0] == "doing sleep" and "Task timed out after 1.00 seconds" in late.log[-1]
    assert stack.worker_pids("ImpatientFunction") == ()
    again = _do(stack, "echo", function="ImpatientFunction")
    assert again.error_type is None and again.cold_start


@pytest.mark.parametrize(("code", "reason"), [(3, "error: exit status 3"), (0, "without providing a reason")])
def test_a_worker_that_exits_is_replaced(stack: LocalStack, code: int, reason: str) -> None:
    ended = _do(stack, "exit", code=code)
    assert ended.error_type == "Runtime.ExitError"
    assert ended.error_message is not None and ended.error_message.endswith(reason)
    assert _do(stack, "echo").cold_start


def test_a_worker_killed_at_work_is_told_and_replaced(stack: LocalStack) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_do, stack, "sleep", seconds=20)
        wait_until(lambda: "doing sleep" in _last_line(stack) and _busy(stack))
        os.kill(_busy(stack)[0], signal.SIGKILL)
        killed = running.result(10)
    assert killed.error_type == "Runtime.ExitError"
    assert (
        killed.error_message
        == f"RequestId: {killed.request_id} Error: Runtime exited with error: signal: killed"
    )
    assert _do(stack, "echo").error_type is None


def test_a_worker_killed_while_idle_is_replaced_unnoticed(stack: LocalStack) -> None:
    pid = _context(stack)["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: pid not in stack.worker_pids("ActionsFunction"))
    assert _context(stack)["pid"] != pid


def test_events_at_the_same_time_run_in_different_workers(stack: LocalStack) -> None:
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(_do, stack, "sleep", seconds=0.5) for _ in range(3)]
        wait_until(lambda: len(_busy(stack)) == 3)
        assert [future.result().payload for future in running] == ["slept"] * 3
    assert len(stack.worker_pids("ActionsFunction")) >= 3
    assert _busy(stack) == ()


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [("missing.lambda_handler", "Runtime.ImportModuleError"), ("app.missing", "Runtime.HandlerNotFound")],
)
def test_a_handler_that_cannot_be_imported_is_told(tmp_path: Path, handler: str, error_type: str) -> None:
    template = load_template(TEMPLATE)
    template["Resources"]["ActionsFunction"]["Properties"]["Handler"] = handler
    with LocalStack(
        template,
        root=SAMPLE,
        database_url=DATABASE_URL,
        state_dir=tmp_path,
        stack_name="broken",
        run_event_sources=False,
    ) as stack:
        broken = _do(stack, "echo")
        assert broken.error_type == error_type
        assert any(error_type in line for line in broken.log)


def test_the_portable_runtime_client_does_what_the_c_extension_does(
    tmp_path: Path, stack: LocalStack
) -> None:
    with sample_stack(
        tmp_path, stack_name="portable", run_event_sources=False, runtime=Runtime(portable=True)
    ) as portable:
        found = _do(portable, "import", module="runtime_client").payload
        assert str(found).endswith("portable/runtime_client.py")
        assert not str(_do(stack, "import", module="runtime_client").payload).endswith(".py")
        event = {"do": "echo", "name": "Río Salado"}
        assert portable.invoke("ActionsFunction", event).payload == event
        failed = _do(portable, "raise")
        assert (failed.error_type, failed.error_message) == ("LookupError", "it is not here")
        context, other = _context(portable), _context(stack)
        assert context.keys() == other.keys()
        assert 25_000 < context["remaining_ms"] <= 30_000
        assert context["arn"].endswith("portable-ActionsFunction")
        assert not _do(portable, "echo").cold_start


def test_what_listens_to_logs_hears_every_line_and_may_fail(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []

    def listen(logical_id: str, line: str) -> None:
        heard.append((logical_id, line))
        raise RuntimeError("the listener is broken")

    with sample_stack(tmp_path, stack_name="heard", run_event_sources=False, on_log=listen) as stack:
        assert _do(stack, "echo").error_type is None
    assert ("ActionsFunction", "doing echo") in heard


def test_an_unknown_function_is_named(stack: LocalStack) -> None:
    with pytest.raises(LocalStackError, match="no function Nothing: there are ActionsFunction, "):
        stack.invoke("Nothing", {})


def test_workers_share_neither_terminal_nor_process_group_with_us(stack: LocalStack) -> None:
    pid = _context(stack)["pid"]
    assert os.getpgid(pid) != os.getpgid(0)
    assert psutil.Process(pid).terminal() is None


def test_no_invocation_is_lost_under_many_at_once(stack: LocalStack) -> None:
    numbers = list(range(60))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: _do(stack, "echo", number=number), numbers))
    echoed = [answer.payload for answer in answers]
    assert echoed == [{"do": "echo", "number": number} for number in numbers]
    assert all(answer.log == ("doing echo",) for answer in answers)
    assert len(stack.worker_pids("ActionsFunction")) <= 10
    assert threading.active_count() < 100


def _busy(stack: LocalStack) -> tuple[int, ...]:
    return stack.worker_pids("ActionsFunction", busy_only=True)


def _last_line(stack: LocalStack) -> str:
    return stack.log_file("ActionsFunction").read_text().splitlines()[-1]

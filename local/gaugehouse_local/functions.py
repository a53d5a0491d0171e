"""The template's functions, each with its warm workers and its log."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.function_pool import FunctionPool
from gaugehouse_local.resources import Function
from gaugehouse_local.worker import Invocation, Worker, WorkerCommand
from gaugehouse_local.worker_environment import worker_environment
from gaugehouse_local.worker_log import FunctionLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What stands in for Lambda's own Python: this environment, unless something else is asked for.

    To run built code without the libraries of this environment, give a bare `interpreter`, and in `packages`
    the folders of what Lambda brings along (awslambdaric, boto3). `portable` decides whether awslambdaric
    uses our pure Python client; None means wherever its own one does not run. Workers never write into the
    code that they run: they keep its bytecode in the folder `bytecode`, which halves a cold start, or not at
    all.
    """

    interpreter: Path = field(default_factory=lambda: Path(sys.executable))
    packages: tuple[Path, ...] = ()
    portable: bool | None = None
    bytecode: Path | None = None

    @classmethod
    def of_this_environment(cls) -> "Runtime":
        """Our own interpreter and libraries, with a folder in this environment for what it compiles."""
        is_own = sys.prefix != sys.base_prefix  # never the system's Python, which others use, too
        return cls(bytecode=Path(sys.prefix) / "bytecode" if is_own else None)


class LocalFunctions:
    """Runs functions by their logical ids."""

    def __init__(
        self,
        functions: Sequence[Function],
        *,
        endpoint: str,
        lambda_endpoint: str,
        runtime: Runtime,
        log_dir: Path,
        on_log: Callable[[str, str], None] | None,
    ) -> None:
        """`endpoint` is the local AWS, and `lambda_endpoint` where functions can be invoked.

        Logs go to `log_dir` and to `on_log` (logical id, line).
        """
        self._pools: dict[str, FunctionPool] = {}
        with contextlib.ExitStack() as opened:
            for function in functions:
                on_line = None if on_log is None else partial(on_log, function.logical_id)
                log = FunctionLog(log_dir / f"{function.logical_id}.log", on_line)
                opened.callback(log.close)
                pool = FunctionPool(
                    partial(Worker, _command(function, endpoint, lambda_endpoint, runtime), log)
                )
                opened.callback(pool.close)
                self._pools[function.logical_id] = pool
            self._open = opened.pop_all()

    def invoke(self, logical_id: str, event: object) -> Invocation:
        """Run a function and wait for its end. Raises: LocalStackError when there is no such function."""
        return self._pool(logical_id).invoke(event)

    def pids(self, logical_id: str, *, busy_only: bool) -> tuple[int, ...]:
        """The process ids of a function's workers. Raises: LocalStackError when there is no such function."""
        return self._pool(logical_id).pids(busy_only=busy_only)

    def close(self) -> None:
        """Kill every worker."""
        self._open.close()

    def _pool(self, logical_id: str) -> FunctionPool:
        if logical_id not in self._pools:
            raise LocalStackError(f"no function {logical_id}: there are {', '.join(sorted(self._pools))}")
        return self._pools[logical_id]


def _command(function: Function, endpoint: str, lambda_endpoint: str, runtime: Runtime) -> WorkerCommand:
    environment = worker_environment(
        function,
        endpoint=endpoint,
        lambda_endpoint=lambda_endpoint,
        packages=runtime.packages,
        portable=runtime.portable,
        bytecode=runtime.bytecode,
    )
    return WorkerCommand(
        interpreter=runtime.interpreter,
        task_root=function.code,
        handler=function.handler,
        environment=environment,
        function_arn=function.arn,
        timeout_seconds=function.timeout_seconds,
    )

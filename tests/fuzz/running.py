"""Feeding mutated documents to a parser in a process of its own, which may die of them."""

import multiprocessing
import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random

from gaugehouse.domain.errors import GaugehouseError
from tests.fuzz.mutating import mutate
from tests.fuzz.targets import Target, invented

TIMEOUT_SECONDS = 60.0
MEMORY_BYTES = 2_000_000_000
READ, REFUSED = "read", "refused"  # the two good outcomes; any other is what went wrong


@dataclass(frozen=True, slots=True)
class Finding:
    """A document that a parser does not stand, with what happened."""

    target: str
    seed: int
    problem: str
    content: bytes


class ParserProcess:
    """One parser in a child process, started again after each death. Use it as a context manager."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._start()

    def outcome(self, content: bytes) -> str:
        """Return `read`, `refused`, or what went wrong."""
        try:
            self._pipe.send_bytes(content)
            if self._pipe.poll(TIMEOUT_SECONDS):
                return self._pipe.recv_bytes().decode()
            problem = f"hung for {TIMEOUT_SECONDS:.0f} s"
        except (EOFError, OSError):
            self._process.join(10)
            problem = f"the process died with exit code {self._process.exitcode}"
        self._stop()
        self._start()
        return problem

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._target, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def _stop(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()

    def __enter__(self) -> "ParserProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()


def fuzz(target: Target, seeds: Iterator[int], counts: Counter[str]) -> Iterator[Finding]:
    """Feed one mutated document for each seed, count the outcomes, and yield what went wrong."""
    documents = target.documents()
    with ParserProcess(target) as parser:
        for seed in seeds:
            random = Random(f"{target.name}/{seed}")
            content = mutate(random.choice(documents), random)
            outcome = parser.outcome(content)
            good = outcome in (READ, REFUSED)
            counts[outcome if good else "wrong"] += 1
            if not good:
                yield Finding(target.name, seed, outcome, content)


def _serve(target: Target, pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        try:
            content = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(_judge(target, content).encode("utf-8", "replace"))


def _judge(target: Target, content: bytes) -> str:
    try:
        result = target.parse(content)
    except GaugehouseError as error:
        return REFUSED if str(error) else "an error without a message"
    # Whatever else comes out is what the fuzzer is for, also what is no Exception.
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    if strange := invented(target, content, result):
        return f"{len(strange)} readings are in no cell, the first is {strange[0]}"
    return READ

"""Running contenders in turns, so that whatever else the machine does slows all of them alike."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work. `prepare` runs before each round and is not timed."""

    name: str
    run: Callable[[], object]
    prepare: Callable[[], object] = _nothing


@dataclass(frozen=True, slots=True)
class Race:
    """The seconds that each contender took, round by round."""

    seconds: dict[str, Sequence[float]]

    def median_of(self, name: str) -> float:
        """Return the contender's median round, in seconds."""
        return median(self.seconds[name])

    def total_of(self, name: str) -> float:
        """Return the seconds of all the contender's rounds together."""
        return sum(self.seconds[name])

    def ratio(self, above: str, below: str) -> float:
        """Return the median of the rounds' ratios: a slow second of the machine is in both parts of one."""
        return median(a / b for a, b in zip(self.seconds[above], self.seconds[below], strict=True))


def run_race(benchmark: BenchmarkFixture, ours: Contender, *others: Contender, rounds: int) -> Race:
    """Run all contenders `rounds` times in turns, after a round that does not count.

    pytest-benchmark times and records ours; the others run before each of its rounds.
    """
    if not benchmark.enabled:
        pytest.skip("a comparison needs the times that --benchmark-disable leaves out")
    seconds: dict[str, list[float]] = {contender.name: [] for contender in others}

    def run_others() -> None:
        for contender in others:
            seconds[contender.name].append(_time(contender))
        _settle(ours)

    benchmark.pedantic(  # type: ignore[no-untyped-call]
        ours.run, setup=run_others, rounds=rounds, iterations=1, warmup_rounds=1
    )
    assert benchmark.stats is not None
    counted = {name: times[-rounds:] for name, times in seconds.items()}
    return Race({ours.name: list(benchmark.stats.stats.data), **counted})


def _time(contender: Contender) -> float:
    _settle(contender)
    start = time.perf_counter()
    contender.run()
    return time.perf_counter() - start


def _settle(contender: Contender) -> None:
    """Prepare a round; nobody pays for the garbage of the one before."""
    contender.prepare()
    gc.collect()

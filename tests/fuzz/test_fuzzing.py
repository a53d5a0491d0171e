"""A few mutated documents through every parser, and proof that the fuzzer sees what it is for."""

import os
from collections import Counter
from dataclasses import replace

import pytest

from gaugehouse.domain.errors import DocumentInvalid
from tests.fuzz.running import fuzz
from tests.fuzz.targets import TARGETS, Target

LIST = next(target for target in TARGETS if target.name == "gauge_list")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_parser_crashes_or_invents(target: Target) -> None:
    counts: Counter[str] = Counter()

    assert list(fuzz(target, iter(range(25)), counts)) == []
    assert counts["read"]
    assert counts["refused"]


def crash(_: bytes) -> object:
    raise ValueError("not of ours")


def die(_: bytes) -> object:
    os.abort()


def say_nothing(_: bytes) -> object:
    raise DocumentInvalid("")


def one_reading(_: object) -> list[float]:
    return [4711.5]


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (replace(LIST, parse=crash), "ValueError: not of ours"),
        (replace(LIST, parse=die), "the process died with exit code -6"),
        (replace(LIST, parse=say_nothing), "an error without a message"),
        (replace(LIST, parse=len, readings=one_reading), "1 readings are in no cell, the first is 4711.5"),
    ],
)
def test_the_fuzzer_reports(target: Target, problem: str) -> None:
    counts: Counter[str] = Counter()

    assert [finding.problem for finding in fuzz(target, iter((1,)), counts)] == [problem]
    assert counts == {"wrong": 1}

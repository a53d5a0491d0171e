"""Looking into a queue and moving its messages, on a real SQS client."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gaugehouse_cli.dead_letters import Depth, depth, peek, redrive
from gaugehouse_local.aws import LocalAws


@pytest.fixture(scope="module")
def sqs() -> Iterator[Any]:
    """A client of a local SQS."""
    aws = LocalAws()
    yield aws.client("sqs")
    aws.close()


@pytest.fixture
def queue(sqs: Any) -> Iterator[str]:
    """A queue with twelve messages, more than SQS gives at once."""
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    for number in range(12):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"number": number}))
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def target(sqs: Any) -> Iterator[str]:
    """An empty queue."""
    url = sqs.create_queue(QueueName="target")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def numbers(letters: list[Any]) -> list[int]:
    return sorted(json.loads(letter.body)["number"] for letter in letters)


def test_peeking_shows_each_message_once_and_leaves_all(sqs: Any, queue: str) -> None:
    for receives in (1, 2):
        letters = peek(sqs, queue, limit=100, wait_seconds=0)

        assert numbers(letters) == list(range(12))
        assert {letter.receives for letter in letters} == {receives}
        assert depth(sqs, queue) == Depth(waiting=12, in_flight=0)


def test_peeking_stops_at_the_limit(sqs: Any, queue: str) -> None:
    assert len(peek(sqs, queue, limit=11, wait_seconds=0)) == 11
    assert depth(sqs, queue) == Depth(waiting=12, in_flight=0)


def test_a_redrive_moves_everything_as_it_was(sqs: Any, queue: str, target: str) -> None:
    assert redrive(sqs, queue, target, limit=100, wait_seconds=0) == 12

    assert depth(sqs, queue) == Depth(waiting=0, in_flight=0)
    assert numbers(peek(sqs, target, limit=100, wait_seconds=0)) == list(range(12))
    assert redrive(sqs, queue, target, limit=100, wait_seconds=0) == 0


def test_a_redrive_stops_at_the_limit_and_gives_the_rest_back(sqs: Any, queue: str, target: str) -> None:
    assert redrive(sqs, queue, target, limit=5, wait_seconds=0) == 5

    assert (depth(sqs, queue).waiting, depth(sqs, target).waiting) == (7, 5)


def test_a_redrive_that_fails_loses_nothing(sqs: Any, queue: str) -> None:
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        redrive(sqs, queue, f"{queue}-gone", limit=100, wait_seconds=0)

    assert depth(sqs, queue) == Depth(waiting=12, in_flight=0)

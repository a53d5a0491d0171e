"""The dead-letter queue: looking into it without losing anything, and moving messages back.

AWS actions: sqs:ReceiveMessage, ChangeMessageVisibility, DeleteMessage, PurgeQueue and GetQueueAttributes on
the dead-letter queue, sqs:SendMessage and GetQueueAttributes on the import queue.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BATCH_SIZE = 10  # SQS gives no more at once
# While we look, nobody else sees the messages; should we be killed, they are back after this time.
HELD_SECONDS = 60
LONG_POLL_SECONDS = 2  # asks all of SQS's servers: a short poll can miss messages; moto has only one


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How many messages wait in a queue, and how many are being handled. SQS calls both approximate."""

    waiting: int
    in_flight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One message. `sent_at` is when it was first sent; `receives` counts how often it was taken."""

    message_id: str
    sent_at: datetime
    receives: int
    body: str


def depth(sqs: Any, url: str) -> Depth:
    """Return how full a queue is."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return Depth(waiting=int(counts[names[0]]), in_flight=int(counts[names[1]]))


def peek(sqs: Any, url: str, *, limit: int, wait_seconds: int = LONG_POLL_SECONDS) -> list[DeadLetter]:
    """Look at up to `limit` messages. They stay in the queue, and are visible again afterwards."""
    with _held(sqs, url, limit=limit, wait_seconds=wait_seconds) as messages:
        return [_letter(message) for message in messages]


def redrive(
    sqs: Any, source_url: str, target_url: str, *, limit: int, wait_seconds: int = LONG_POLL_SECONDS
) -> int:
    """Move up to `limit` messages to another queue; return how many.

    Each is sent before it is deleted: what goes wrong in between doubles a message and loses none. This is
    done by hand, since StartMessageMoveTask would not say here when it is finished.
    """
    moved = 0
    while moved < limit:
        batch = min(BATCH_SIZE, limit - moved)
        with _held(sqs, source_url, limit=batch, wait_seconds=wait_seconds) as messages:
            if not messages:
                break
            while messages:
                sqs.send_message(QueueUrl=target_url, MessageBody=messages[0]["Body"])
                sqs.delete_message(QueueUrl=source_url, ReceiptHandle=messages[0]["ReceiptHandle"])
                del messages[0]
                moved += 1
    return moved


@contextmanager
def _held(sqs: Any, url: str, *, limit: int, wait_seconds: int) -> Iterator[list[dict[str, Any]]]:
    """Take messages for the block; those that are still in the list at its end are given back at once."""
    messages: list[dict[str, Any]] = []
    try:
        while len(messages) < limit:
            batch = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(BATCH_SIZE, limit - len(messages)),
                VisibilityTimeout=HELD_SECONDS,
                WaitTimeSeconds=0 if messages else wait_seconds,
                MessageSystemAttributeNames=["All"],
            ).get("Messages", [])
            if not batch:
                break
            messages += batch
        yield messages
    finally:
        for message in messages:
            sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )


def _letter(message: dict[str, Any]) -> DeadLetter:
    attributes = message["Attributes"]
    return DeadLetter(
        message_id=message["MessageId"],
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, tz=UTC),
        receives=int(attributes["ApproximateReceiveCount"]),
        body=message["Body"],
    )

"""Lambda's event source mapping for SQS: receives batches, invokes the function, deletes what it handled.

What failed stays on the queue, and comes back after its visibility time-out. The queue itself moves what came
too often to its dead-letter queue.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gaugehouse_local.function_pool import MAX_CONCURRENCY
from gaugehouse_local.physical_names import REGION
from gaugehouse_local.resources import EventSource
from gaugehouse_local.sqs_batch import failed_message_ids, sqs_event
from gaugehouse_local.worker import Invocation

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import DeleteMessageBatchRequestEntryTypeDef, MessageTypeDef

SQS_BATCH = 10  # SQS gives and takes no more at once
# Short polls with growing pauses, not long ones: a stop need not wait for them, and moto stays idle.
MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.02, 0.25

logger = logging.getLogger(__name__)


class EventSourcePoller:
    """Polls one queue for one function."""

    def __init__(
        self, source: EventSource, *, queue_url: str, sqs: "SQSClient", invoke: Callable[[object], Invocation]
    ) -> None:
        """`invoke` runs the function with an event and waits for its end. Nothing starts before `start`."""
        self._source = source
        self._queue_url = queue_url
        self._sqs = sqs
        self._invoke = invoke
        self._stop = threading.Event()
        self._free = threading.Semaphore(source.maximum_concurrency or MAX_CONCURRENCY)
        self._batches: set[threading.Thread] = set()
        self._poller = threading.Thread(target=self._poll, name=f"poll-{source.logical_id}", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._poller.start()

    def stop(self) -> None:
        """Take no more messages. Batches that are being handled go on; see `join`."""
        self._stop.set()
        self._poller.join()

    def join(self, timeout_seconds: float) -> None:
        """Wait for the batches that are being handled, but no longer than this."""
        deadline = time.monotonic() + timeout_seconds
        for batch in list(self._batches):
            batch.join(max(0.0, deadline - time.monotonic()))

    def _poll(self) -> None:
        pause = MIN_PAUSE_SECONDS
        while not self._stop.is_set():
            if not self._free.acquire(timeout=MAX_PAUSE_SECONDS):
                continue
            try:
                messages = self._receive_batch()
            except Exception:  # the server may be busy; the messages are still there
                logger.exception("cannot receive from %s", self._queue_url)
                messages = []
            if messages:
                pause = MIN_PAUSE_SECONDS
                batch = threading.Thread(target=self._handle, args=(messages,), name="batch", daemon=True)
                self._batches.add(batch)
                batch.start()
            else:
                self._free.release()
                self._stop.wait(pause)
                pause = min(2 * pause, MAX_PAUSE_SECONDS)

    def _receive_batch(self) -> list["MessageTypeDef"]:
        messages: list[MessageTypeDef] = []
        window_ends = time.monotonic() + self._source.batching_window_seconds
        while len(messages) < self._source.batch_size and not self._stop.is_set():
            received = self._receive(self._source.batch_size - len(messages))
            messages += received
            if received:
                continue
            if not messages or time.monotonic() >= window_ends:
                break
            self._stop.wait(MIN_PAUSE_SECONDS)
        return messages

    def _receive(self, wanted: int) -> list["MessageTypeDef"]:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=min(SQS_BATCH, wanted),
            WaitTimeSeconds=0,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _handle(self, messages: Sequence["MessageTypeDef"]) -> None:
        try:
            event = sqs_event(messages, queue_arn=self._source.queue_arn, region=REGION)
            failed = self._failed(self._invoke(event), [message["MessageId"] for message in messages])
            self._delete([message for message in messages if message["MessageId"] not in failed])
        except Exception:
            # The stack stops, or its server does not answer: the messages come back by themselves.
            if not self._stop.is_set():
                logger.exception("a batch of %s was not finished", self._source.logical_id)
        finally:
            self._batches.discard(threading.current_thread())
            self._free.release()

    def _failed(self, invocation: Invocation, message_ids: list[str]) -> frozenset[str]:
        if invocation.error_type is not None:
            return frozenset(message_ids)
        if not self._source.reports_item_failures:
            return frozenset()
        return failed_message_ids(invocation.payload, message_ids)

    def _delete(self, messages: Sequence["MessageTypeDef"]) -> None:
        entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
        ]
        for start in range(0, len(entries), SQS_BATCH):
            self._sqs.delete_message_batch(
                QueueUrl=self._queue_url, Entries=entries[start : start + SQS_BATCH]
            )

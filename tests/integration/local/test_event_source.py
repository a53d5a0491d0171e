"""The source mapping delivers, deletes and redelivers as Lambda does, with real queues and processes."""

from pathlib import Path
from typing import Any

import pytest

from gaugehouse_local.stack import LocalStack
from gaugehouse_local.template import load_template
from tests.integration.local.sample import (
    DATABASE_URL,
    SAMPLE,
    TEMPLATE,
    recorded,
    sample_stack,
    send,
    wait_until,
)


@pytest.fixture(autouse=True)
def fresh_record(state_dir: Path) -> None:
    (state_dir / "record").unlink(missing_ok=True)


def _done(state_dir: Path, what: str) -> list[dict[str, Any]]:
    return [entry for entry in recorded(state_dir) if entry["did"] == what]


def _is_empty(stack: LocalStack, queue: str) -> bool:
    return stack.queue_depth(queue) == (0, 0)


def _dead_letters(stack: LocalStack) -> list[str]:
    url = stack.queue_url("DeadLetterQueue")
    found = stack.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        stack.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in found]


def test_a_message_arrives_as_lambda_shapes_it(stack: LocalStack, state_dir: Path) -> None:
    sent = stack.client("sqs").send_message(
        QueueUrl=stack.queue_url("Queue"),
        MessageBody='{"do": "ok", "note": "Río Salado"}',
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "fopr"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
        },
    )
    wait_until(lambda: _done(state_dir, "after ok"))
    (entry,) = _done(state_dir, "ok")
    message = entry["message"]
    assert message["messageId"] == sent["MessageId"]
    assert message["body"] == '{"do": "ok", "note": "Río Salado"}'
    assert message["md5OfBody"] == sent["MD5OfMessageBody"]
    assert message["eventSource"] == "aws:sqs" and message["awsRegion"] == "us-west-2"
    assert message["eventSourceARN"] == "arn:aws:sqs:us-west-2:123456789012:sample-work"
    assert message["attributes"]["ApproximateReceiveCount"] == "1"
    assert message["attributes"].keys() >= {"SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"}
    assert message["receiptHandle"]
    assert message["messageAttributes"] == {
        "kind": {"stringValue": "fopr", "stringListValues": [], "binaryListValues": [], "dataType": "String"},
        "raw": {"binaryValue": "AAE=", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"},
    }
    wait_until(lambda: _is_empty(stack, "Queue"))


def test_a_partial_failure_brings_back_only_what_failed_and_then_dead_letters_it(
    stack: LocalStack, state_dir: Path
) -> None:
    for number in range(3):
        send(stack, "Queue", do="ok", number=number)
    send(stack, "Queue", do="fail", number=3)
    wait_until(lambda: stack.queue_depth("DeadLetterQueue")[0] == 1)
    assert sorted(entry["number"] for entry in _done(state_dir, "ok")) == [0, 1, 2]
    counts = [entry["message"]["attributes"]["ApproximateReceiveCount"] for entry in _done(state_dir, "fail")]
    assert counts == ["1", "2"]  # maxReceiveCount
    assert _dead_letters(stack) == ['{"do": "fail", "number": 3}']
    assert _is_empty(stack, "Queue")


def test_an_error_brings_back_the_whole_batch(stack: LocalStack, state_dir: Path) -> None:
    send(stack, "Queue", do="raise")
    wait_until(lambda: stack.queue_depth("DeadLetterQueue")[0] == 1)
    assert len(_done(state_dir, "raise")) == 2
    assert len(_dead_letters(stack)) == 1


def test_a_message_whose_worker_is_killed_is_delivered_again(stack: LocalStack, state_dir: Path) -> None:
    send(stack, "Queue", do="die")
    wait_until(lambda: _done(state_dir, "after die"))
    assert len(_done(state_dir, "die")) == 2
    wait_until(lambda: _is_empty(stack, "Queue"))
    assert _dead_letters(stack) == []


def test_without_report_batch_item_failures_an_answer_deletes_everything(
    stack: LocalStack, state_dir: Path
) -> None:
    send(stack, "PlainQueue", do="fail")
    wait_until(lambda: _done(state_dir, "after fail"))
    wait_until(lambda: _is_empty(stack, "PlainQueue"))
    assert len(_done(state_dir, "fail")) == 1
    assert _dead_letters(stack) == []


def test_no_more_batches_at_once_than_the_mapping_says(stack: LocalStack, state_dir: Path) -> None:
    for number in range(6):
        send(stack, "Queue", do="sleep", seconds=0.1, number=number)
    wait_until(lambda: len(_done(state_dir, "after sleep")) >= 6)
    pids = {entry["pid"] for entry in _done(state_dir, "after sleep")}
    assert 1 <= len(pids) <= 2
    assert len(stack.worker_pids("BatchesFunction")) <= 2
    events = sorted((entry["at"], 1 if entry["did"] == "sleep" else -1) for entry in recorded(state_dir))
    running = [sum(change for _, change in events[: end + 1]) for end in range(len(events))]
    assert max(running) <= 2
    wait_until(lambda: _is_empty(stack, "Queue"))


def test_a_large_batch_is_gathered_within_its_window(tmp_path: Path) -> None:
    template = load_template(TEMPLATE)
    event = template["Resources"]["PlainBatchesFunction"]["Properties"]["Events"]["PlainQueue"]["Properties"]
    event |= {"BatchSize": 25, "MaximumBatchingWindowInSeconds": 1}
    template["Resources"]["PlainQueue"]["Properties"]["VisibilityTimeout"] = 30
    with LocalStack(
        template,
        root=SAMPLE,
        database_url=DATABASE_URL,
        state_dir=tmp_path,
        stack_name="window",
        parameters={"RecordFile": str(tmp_path / "record")},
    ) as stack:
        url = stack.queue_url("PlainQueue")
        for start in range(0, 20, 10):
            entries = [
                {"Id": str(number), "MessageBody": f'{{"do": "ok", "number": {number}}}'}
                for number in range(start, start + 10)
            ]
            stack.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]
        wait_until(lambda: len(_done(tmp_path, "after ok")) == 20)
        assert sorted(entry["number"] for entry in _done(tmp_path, "ok")) == list(range(20))
        assert len(stack.worker_pids("PlainBatchesFunction")) == 1
        wait_until(lambda: _is_empty(stack, "PlainQueue"))


def test_event_sources_can_stay_off(tmp_path: Path) -> None:
    with sample_stack(tmp_path, stack_name="off", run_event_sources=False) as stack:
        send(stack, "Queue", do="ok")
        assert stack.queue_depth("Queue") == (1, 0)
        assert stack.worker_pids("BatchesFunction") == ()

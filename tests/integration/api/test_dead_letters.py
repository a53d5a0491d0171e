"""What failed at every try, as the API counts it in SQS."""

import os

import boto3

from tests.integration.api.conftest import Call


def counted(call: Call) -> dict[str, int]:
    answer = call("GET", "/dead-letters")
    assert answer.status == 200, answer.body
    return {item["queue"]: item["messages"] for item in answer.body["items"]}


def test_messages_are_counted_by_queue_and_stay_where_they_are(call: Call) -> None:
    assert counted(call) == {"imports": 0, "events": 0}
    sqs = boto3.client("sqs")
    for _ in range(2):
        sqs.send_message(QueueUrl=os.environ["IMPORT_DEAD_LETTER_QUEUE_URL"], MessageBody="{}")
    sqs.send_message(QueueUrl=os.environ["FAILED_EVENTS_QUEUE_URL"], MessageBody="{}")
    assert counted(call) == {"imports": 2, "events": 1}

    # What somebody looks at just now is not gone.
    sqs.receive_message(QueueUrl=os.environ["FAILED_EVENTS_QUEUE_URL"], VisibilityTimeout=60)
    assert counted(call) == {"imports": 2, "events": 1}


def test_a_queue_that_cannot_be_asked_is_told(call: Call) -> None:
    boto3.client("sqs").delete_queue(QueueUrl=os.environ["FAILED_EVENTS_QUEUE_URL"])

    answer = call("GET", "/dead-letters")

    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "SQS" in answer.body["detail"]

"""What Lambda's event source mapping makes of SQS messages, and of a function's answer to them. Pure."""

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef


def sqs_event(messages: Sequence["MessageTypeDef"], *, queue_arn: str, region: str) -> dict[str, Any]:
    """The event that a function gets for a batch."""
    return {"Records": [_record(message, queue_arn, region) for message in messages]}


def failed_message_ids(payload: object, message_ids: Sequence[str]) -> frozenset[str]:
    """The ids of the messages that a ReportBatchItemFailures answer leaves on the queue.

    Nothing, null, and a list that is empty, null or missing mean that all went well. An answer that cannot be
    understood, or names a message that was not in the batch, fails them all. The rule is in Lambda's user
    guide: "Using Lambda with Amazon SQS", success and failure conditions.
    """
    everything = frozenset(message_ids)
    if payload is None:
        return frozenset()
    if not isinstance(payload, Mapping):
        return everything
    failures = payload.get("batchItemFailures")
    if failures is None:
        return frozenset()
    if not isinstance(failures, list):
        return everything
    named = [failure.get("itemIdentifier") if isinstance(failure, Mapping) else None for failure in failures]
    failed = frozenset(name for name in named if isinstance(name, str) and name in everything)
    return failed if len(failed) == len(set(map(str, named))) else everything


def _record(message: "MessageTypeDef", queue_arn: str, region: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return attribute

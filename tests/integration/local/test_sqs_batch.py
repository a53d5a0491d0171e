"""What an answer to a batch means, case by case as Lambda's user guide has them."""

from typing import Any

import pytest

from gaugehouse_local.sqs_batch import failed_message_ids

IDS = ["a", "b", "c"]
NONE: frozenset[str] = frozenset()
ALL = frozenset(IDS)


@pytest.mark.parametrize(
    ("payload", "failed"),
    [
        (None, NONE),
        ({}, NONE),
        ({"batchItemFailures": []}, NONE),
        ({"batchItemFailures": None}, NONE),
        ({"somethingElse": 1}, NONE),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "c"}]}, {"a", "c"}),
        ({"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, ALL),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "unknown"}]}, ALL),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, ALL),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, ALL),
        ({"batchItemFailures": [{"itemIdentifier": 1}]}, ALL),
        ({"batchItemFailures": [{"ItemIdentifier": "a"}]}, ALL),
        ({"batchItemFailures": ["a"]}, ALL),
        ({"batchItemFailures": "a"}, ALL),
        ("done", ALL),
        ([], ALL),
        (0, ALL),
    ],
)
def test_which_messages_stay_on_the_queue(payload: Any, failed: set[str]) -> None:
    assert failed_message_ids(payload, IDS) == failed

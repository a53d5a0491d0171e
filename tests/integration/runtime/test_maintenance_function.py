"""What the API tells apart when it has maintenance act: refused, failed, not reached."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.config import Config

from gaugehouse.domain.errors import MaintenanceFailed, MaintenanceUnavailable, OperationRefused
from gaugehouse.runtime.maintenance_function import MaintenanceFunction
from gaugehouse_local.lambda_api import LambdaApi
from gaugehouse_local.worker import Invocation

READ_TIMEOUT_SECONDS = 0.3
NEVER = "comes too late"
Ending = tuple[object, str | None, str | None]  # the payload, or an error's type and message


@pytest.fixture
def asked() -> list[object]:
    """The events that the function was given."""
    return []


@pytest.fixture
def ends(asked: list[object]) -> Iterator[Callable[[Ending], MaintenanceFunction]]:
    """Makes a function that ends in a certain way, and the adapter that asks it."""
    ending: list[Ending] = []

    def invoke(event: object) -> Invocation:
        asked.append(event)
        payload, error_type, error_message = ending[0]
        if payload == NEVER:
            time.sleep(READ_TIMEOUT_SECONDS * 2)
        return Invocation(
            request_id="request",
            payload=payload,
            error_type=error_type,
            error_message=error_message,
            duration_seconds=0.0,
            cold_start=False,
            log=(),
        )

    with closing(LambdaApi({"maintenance": invoke})) as api:

        def adapter(how: Ending, name: str = "maintenance") -> MaintenanceFunction:
            ending[:] = [how]
            return MaintenanceFunction(_client(api.endpoint), name)

        yield adapter


def _client(endpoint: str) -> Any:
    return boto3.client(
        "lambda",
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(read_timeout=READ_TIMEOUT_SECONDS, retries={"total_max_attempts": 1}),
    )


def test_it_is_asked_as_the_command_asks_it(
    ends: Callable[[Ending], MaintenanceFunction], asked: list[object]
) -> None:
    answer = ends(({"answer": {"a": 1}, "changed": 1}, None, None)).operate("pause", name="imports")

    assert answer == {"a": 1}
    assert asked == [
        {"task": "operate", "operation": "pause", "arguments": {"name": "imports"}, "by_operator": True}
    ]


def test_a_refusal_is_told_in_its_words(ends: Callable[[Ending], MaintenanceFunction]) -> None:
    with pytest.raises(OperationRefused, match=r"^operate resume: 'a' is not paused$"):
        ends((None, "OperationRefused", "operate resume: 'a' is not paused")).operate("resume", name="a")


def test_any_other_error_is_a_failure_whose_words_stay_in_the_log(
    ends: Callable[[Ending], MaintenanceFunction],
) -> None:
    with pytest.raises(MaintenanceFailed, match=r"^operation pause: OperationalError$"):
        ends((None, "OperationalError", "host 10.0.0.5 does not answer")).operate("pause", name="a")


def test_an_answer_that_does_not_come_says_that_it_may_have_been_done(
    ends: Callable[[Ending], MaintenanceFunction],
) -> None:
    with pytest.raises(MaintenanceFailed, match="its answer did not come"):
        ends((NEVER, None, None)).operate("pause", name="a")


def test_where_there_is_no_function_nothing_was_done(
    ends: Callable[..., MaintenanceFunction], asked: list[object]
) -> None:
    with pytest.raises(MaintenanceUnavailable, match="cannot be reached"):
        ends((None, None, None), "nobody").operate("pause", name="a")

    with pytest.raises(MaintenanceUnavailable):
        MaintenanceFunction(_client("http://127.0.0.1:1"), "maintenance").begin("requeue_imports")
    assert asked == []

"""The local Invoke API as boto3's own Lambda client meets it."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from gaugehouse_local.clients import local_client
from gaugehouse_local.stack import LocalStack
from tests.integration.local.sample import recorded, wait_until


@pytest.fixture
def client(stack: LocalStack) -> Any:
    """boto3's Lambda client at the local endpoint."""
    return local_client("lambda", stack.lambda_endpoint, attempts=1)


def test_an_invocation_returns_what_the_handler_returned(stack: LocalStack, client: Any) -> None:
    name = stack.physical("ActionsFunction")
    arn = next(found.arn for found in stack.resources.functions if found.logical_id == "ActionsFunction")

    for function in (name, arn, f"{name}:$LATEST"):
        answer = client.invoke(FunctionName=function, Payload=b'{"do": "echo", "text": "caf\xc3\xa9"}')

        assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
        assert "FunctionError" not in answer
        assert json.load(answer["Payload"]) == {"do": "echo", "text": "café"}


def test_an_error_of_the_function_is_told_as_lambda_tells_it(stack: LocalStack, client: Any) -> None:
    answer = client.invoke(FunctionName=stack.physical("ActionsFunction"), Payload=b'{"do": "raise"}')

    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    error = json.load(answer["Payload"])
    assert (error["errorType"], error["errorMessage"]) == ("LookupError", "it is not here")
    assert error["requestId"] == answer["ResponseMetadata"]["RequestId"]


def test_a_function_that_dies_is_an_error_too(stack: LocalStack, client: Any) -> None:
    answer = client.invoke(
        FunctionName=stack.physical("ActionsFunction"), Payload=b'{"do": "exit", "code": 3}'
    )

    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "Runtime.ExitError"


def test_an_event_is_taken_at_once_and_handled_later(stack: LocalStack, client: Any, state_dir: Path) -> None:
    event = {"Records": [{"messageId": "1", "body": json.dumps({"do": "sleep", "seconds": 0.5})}]}
    answer = client.invoke(
        FunctionName=stack.physical("BatchesFunction"),
        InvocationType="Event",
        Payload=json.dumps(event).encode(),
    )

    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    assert "after sleep" not in str(recorded(state_dir))
    wait_until(lambda: "after sleep" in str(recorded(state_dir)))


def test_a_dry_run_runs_nothing(stack: LocalStack, client: Any) -> None:
    answer = client.invoke(
        FunctionName=stack.physical("ActionsFunction"),
        InvocationType="DryRun",
        Payload=b'{"do": "exit", "code": 3}',
    )

    assert answer["StatusCode"] == 204


@pytest.mark.parametrize(
    ("function", "payload", "code"),
    [
        ("nobody", b"{}", "ResourceNotFoundException"),
        ("sample-ActionsFunction", b"{half", "InvalidRequestContentException"),
    ],
)
def test_what_lambda_refuses_is_refused(client: Any, function: str, payload: bytes, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        client.invoke(FunctionName=function, Payload=payload)
    assert refused.value.response["Error"]["Code"] == code

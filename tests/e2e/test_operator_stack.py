"""The operator's verbs where the house is not the one that runs here: a stack in AWS, or one of their own."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from gaugehouse_local.clients import local_client
from tests.e2e.operator import Operator, gaugehouse

STACK = "gaugehouse-prod"


@pytest.fixture(scope="module")
def aws(operator: Operator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an operator who has an AWS account, and no house on this machine."""
    cloudformation = local_client("cloudformation", operator.house.endpoint)
    for name, outputs in {STACK: operator.house.outputs, "another-product": {"Website": "x"}}.items():
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template(outputs)))
    return {
        **os.environ,
        "GAUGEHOUSE_HOME": str(tmp_path_factory.mktemp("nobody")),
        "COLUMNS": "200",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": "operator",
        "AWS_SECRET_ACCESS_KEY": "operator",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",  # nothing else is to be asked
        "AWS_ENDPOINT_URL_CLOUDFORMATION": operator.house.endpoint,
        "AWS_ENDPOINT_URL_SQS": operator.house.endpoint,
        "AWS_ENDPOINT_URL_LAMBDA": operator.house.lambda_endpoint,
    }


def template(outputs: Any) -> dict[str, Any]:
    """A stack with these outputs, whatever else is in it."""
    return {
        "Parameters": {"SchedulesState": {"Type": "String", "Default": "DISABLED"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }


def asks(environment: dict[str, str], *arguments: str, exit_code: int = 0) -> Any:
    done = gaugehouse(environment, *arguments, "--json")
    assert done.returncode == exit_code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_stack_is_operated_through_lambda(operator: Operator, aws: dict[str, str]) -> None:
    asks(aws, "task", "run", "purge_security_events", "--stack", STACK)

    (run, *_) = operator.rows(
        "SELECT * FROM job_runs WHERE job_name = 'purge_security_events' ORDER BY started_at DESC"
    )
    assert (run["trigger"], run["status"]) == ("operator", "succeeded")
    listed = {job["job_name"]: job for job in asks(aws, "jobs", "list", "--stack", STACK)}
    assert listed["purge_security_events"]["last_run"]["id"] == run["id"]
    assert listed["cleanup_rejects"]["next_run_at"] is None, "this stack's schedules are disabled"
    status = gaugehouse(aws, "status", "--stack", STACK)
    assert (status.returncode, status.stdout.splitlines()[0]) == (0, f"stack {STACK}: healthy")


def test_imports_of_a_stack(operator: Operator, aws: dict[str, str]) -> None:
    (found,) = asks(aws, "import", "fopr", "--station-id", "59700", "--stack", STACK)

    assert (found["status"], found["mismatches"]) == ("completed", 0)
    (job,) = operator.rows("SELECT source FROM import_jobs WHERE subject = '59700'")
    assert job["source"] == "operator"


def test_dead_letters_of_a_stack_are_moved_through_sqs(operator: Operator, aws: dict[str, str]) -> None:
    url = operator.house.outputs["ImportDeadLetterQueueUrl"]
    operator.sqs().send_message(QueueUrl=url, MessageBody='{"kind": "fopr", "subject": "59700"}')

    (letter,) = asks(aws, "dlq", "show", "--stack", STACK, exit_code=1)
    assert json.loads(letter["body"])["subject"] == "59700"
    assert asks(aws, "dlq", "redrive", "--stack", STACK) == {"moved": 1}
    assert operator.asks("dlq", "show") == []


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("status", "--stack", "nobody"), "nobody does not exist"),
        (("status", "--stack", "another-product"), "has no output MaintenanceFunctionName"),
        (("imports", "show", "99999", "--stack", STACK), "no fopr import of 99999"),
    ],
)
def test_what_a_stack_refuses_is_told_in_a_line(
    aws: dict[str, str], command: tuple[str, ...], told: str
) -> None:
    done = gaugehouse(aws, *command)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


def test_without_a_running_house_a_verb_starts_its_own(tmp_path: Path) -> None:
    own = {**os.environ, "GAUGEHOUSE_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}

    (found,) = asks(own, "import", "fopr", "--station-id", "59700", "--gauges", "2")
    assert (found["status"], found["mismatches"]) == ("completed", 0)

    (entry,) = asks(own, "imports", "list", "--gauges", "2")
    assert (entry["subject"], entry["status"], entry["priority"]) == ("59700", "completed", 10)

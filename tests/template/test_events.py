"""Every file in events/ is an event that AWS would deliver to a function of the template."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.runtime.import_queue import parse_message
from gaugehouse.runtime.invocation import parse_event
from gaugehouse.runtime.maintenance_event import MaintenanceEvent
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import SOURCES
from gaugehouse.runtime.tasks import TASKS
from tests.template.parsed import PROJECT_ROOT, Template, environment, events, functions, mappings, of_type
from tests.template.rules_schedules import SCHEDULED_TIME

FILES = sorted((PROJECT_ROOT / "events").glob("*.json"))
POLLER = [file for file in FILES if file.stem.startswith("poller_")]
MAINTENANCE = [file for file in FILES if file.stem.startswith("maintenance_")]
BATCHES = [file for file in FILES if "_sqs" in file.stem]


def name_of(file: Path) -> str:
    return file.stem


def read(file: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(file.read_text())
    return event


def folder(function: dict[str, Any]) -> str:
    return Path(function["CodeUri"]).name


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_it_belongs_to_one_function(file: Path, template: Template) -> None:
    owners = [
        name for name, function in functions(template).items() if file.stem.startswith(f"{folder(function)}_")
    ]

    assert len(owners) == 1


def test_every_function_has_one(template: Template) -> None:
    for function in functions(template).values():
        assert [file for file in FILES if file.stem.startswith(f"{folder(function)}_")], folder(function)


@pytest.mark.parametrize("file", POLLER, ids=name_of)
def test_the_poller_takes_it(file: Path) -> None:
    assert parse_event(PollerEvent, read(file)).source in SOURCES


@pytest.mark.parametrize("file", MAINTENANCE, ids=name_of)
def test_maintenance_takes_it(file: Path) -> None:
    assert parse_event(MaintenanceEvent, read(file)).task in TASKS


def test_each_source_and_task_has_one() -> None:
    assert {read(file)["source"] for file in POLLER} == set(SOURCES)
    assert {read(file)["task"] for file in MAINTENANCE} == set(TASKS)


def test_each_schedule_has_one_as_the_scheduler_delivers_it(template: Template) -> None:
    delivered = [read(file) for file in FILES]
    for _, name, schedule in events(template, "Schedule"):
        written = json.loads(schedule["Input"])
        matching = [event for event in delivered if written == event | {"scheduled_time": SCHEDULED_TIME}]
        assert [event for event in matching if "scheduled_time" in event], name


@pytest.mark.parametrize("file", BATCHES, ids=name_of)
def test_a_batch_looks_as_sqs_sends_it(file: Path, template: Template) -> None:
    function = next(
        name for name, value in functions(template).items() if file.stem.startswith(folder(value))
    )
    queue = next(queue for consumer, queue, _ in mappings(template) if consumer == function)
    name = of_type(template, "SQS::Queue")[queue]["QueueName"]["Fn::Sub"].replace(
        "${AWS::StackName}", "gaugehouse"
    )
    records = read(file)["Records"]

    assert len({record["messageId"] for record in records}) == len(records)
    for record in records:
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode()).hexdigest()
        assert record["eventSource"] == "aws:sqs"
        assert record["eventSourceARN"] == f"arn:aws:sqs:{record['awsRegion']}:123456789012:{name}"
        assert int(record["attributes"]["SentTimestamp"]) <= int(
            record["attributes"]["ApproximateFirstReceiveTimestamp"]
        )


@pytest.mark.parametrize("file", BATCHES, ids=name_of)
def test_only_the_malformed_message_is_refused(file: Path) -> None:
    records = read(file)["Records"]
    refused = []
    for position, record in enumerate(records):
        try:
            parse_message(record["body"])
        except EventInvalid as error:
            refused.append((position, str(error)))

    if "malformed" not in file.stem:
        assert refused == []
    else:
        [(position, message)] = refused
        assert position == 1
        assert "subject" in message


def test_the_file_for_sam_local_sets_what_the_template_declares(template: Template) -> None:
    """sam local leaves out a variable that the template does not declare, without a word."""
    given = read(PROJECT_ROOT / "tools" / "sam" / "local-env.json")["Parameters"]
    declared = {name for function in functions(template).values() for name in environment(function)}

    assert set(given) <= declared
    assert {"DATABASE_SECRET_ARN", "DATABASE_HOST", "IMPORT_QUEUE_URL", "DOCUMENT_BUCKET"} <= set(given)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_the_deployment_guide_says_how_to_run_it(file: Path) -> None:
    assert f"events/{file.name}" in (PROJECT_ROOT / "docs" / "deploy.md").read_text()

"""What of a template runs here, and what is said of one that cannot run."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gaugehouse_local.errors import TemplateInvalid
from gaugehouse_local.physical_names import PhysicalNames
from gaugehouse_local.resources import Resources
from gaugehouse_local.template import describe, load_template
from tests.integration.local.sample import SAMPLE, TEMPLATE

ENDPOINT = "http://127.0.0.1:5000"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:sample-database"


@pytest.fixture
def template() -> dict[str, Any]:
    return load_template(TEMPLATE)


def _describe(template: dict[str, Any], **parameters: str) -> Resources:
    names = PhysicalNames(
        template,
        parameters={"DatabaseSecretArn": SECRET, **parameters},
        endpoint=ENDPOINT,
        http_url="http://y",
        stack_name="sample",
    )
    return describe(template, root=SAMPLE, names=names)


def test_functions_get_what_globals_and_they_themselves_say(template: dict[str, Any]) -> None:
    functions = {function.logical_id: function for function in _describe(template, RecordFile="/r").functions}
    actions, impatient = functions["ActionsFunction"], functions["ImpatientFunction"]
    assert (actions.handler, actions.code) == ("app.lambda_handler", SAMPLE / "actions")
    assert (actions.timeout_seconds, impatient.timeout_seconds) == (30, 1)
    assert (actions.memory_mb, impatient.memory_mb) == (256, 128)
    assert (actions.async_retries, impatient.async_retries) == (1, 2)
    assert actions.pythonpath == (SAMPLE / "layer",)
    assert dict(actions.environment) == {
        "DATABASE_SECRET_ARN": SECRET,
        "RECORD_FILE": "/r",
        "WHERE": "sample in us-west-2",
        "BUCKET": "sample-bucket-123456789012",
        "QUEUE_URL": f"{ENDPOINT}/123456789012/sample-work",
    }
    assert impatient.environment["WHERE"] == "everywhere"


def test_queues_get_their_times_and_dead_letter_queue(template: dict[str, Any]) -> None:
    queues = {queue.logical_id: queue for queue in _describe(template).queues}
    work, dead = queues["Queue"], queues["DeadLetterQueue"]
    assert (work.name, work.visibility_timeout_seconds, work.max_receive_count) == ("sample-work", 1, 2)
    assert work.dead_letter_arn == dead.arn == "arn:aws:sqs:us-west-2:123456789012:sample-DeadLetterQueue"
    assert (dead.visibility_timeout_seconds, dead.retention_seconds) == (30, 345_600)
    assert (dead.dead_letter_arn, dead.max_receive_count) == (None, None)


def test_event_sources_get_batch_concurrency_and_reports(template: dict[str, Any]) -> None:
    first, second = _describe(template).event_sources
    assert (first.function_id, first.batch_size, first.maximum_concurrency) == ("BatchesFunction", 5, 2)
    assert first.reports_item_failures and not second.reports_item_failures
    assert (second.batch_size, second.maximum_concurrency) == (10, None)


def test_schedules_get_expression_and_input(template: dict[str, Any]) -> None:
    (schedule,) = _describe(template).schedules
    created = datetime(2026, 7, 1, 12, 2, tzinfo=UTC)
    due = schedule.expression.due_between(created, created.replace(minute=12), created=created)
    assert [time.minute for time in due] == [7, 12]
    assert schedule.function_id == "ActionsFunction"
    assert "<aws.scheduler.scheduled-time>" in schedule.input
    assert _describe(template, SchedulesState="DISABLED").schedules == ()


def test_the_real_template_can_be_run() -> None:
    root = Path(__file__).parents[3]
    template = load_template(root / "template.yaml")
    names = PhysicalNames(
        template,
        parameters={"DatabaseSecretArn": f"{SECRET}-AbCdEf"},
        endpoint=ENDPOINT,
        http_url="http://y",
        stack_name="x",
    )
    resources = describe(template, root=root, names=names)
    assert {"PollerFunction", "FoprImporterFunction", "MaintenanceFunction"} <= {
        function.logical_id for function in resources.functions
    }
    (imports,) = resources.event_sources
    assert imports.reports_item_failures
    assert imports.queue_arn in {queue.arn for queue in resources.queues}
    assert resources.schedules


def test_a_layer_that_is_built_is_taken_from_its_python_folder(
    template: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "layer" / "python").mkdir(parents=True)
    template["Resources"]["Layer"]["Properties"]["ContentUri"] = str(tmp_path / "layer")
    assert _describe(template).functions[0].pythonpath == (tmp_path / "layer" / "python",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "${!literal} ${Queue.QueueName}"}, "${literal} sample-work"),
        ({"Fn::Sub": ["${a}-${AWS::Region}", {"a": {"Ref": "AWS::AccountId"}}]}, "123456789012-us-west-2"),
        ({"Fn::Join": ["/", ["a", {"Ref": "AWS::Partition"}]]}, "a/aws"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b,c"]}]}, "b"),
        ({"Fn::If": ["InVpc", "inside", "outside"]}, "outside"),
        ({"Fn::If": ["Both", "yes", "no"]}, "yes"),
        ({"Fn::FindInMap": ["Sizes", "small", "memory"]}, "128"),
        (
            {"Fn::GetAtt": ["ActionsFunction", "Arn"]},
            "arn:aws:lambda:us-west-2:123456789012:function:sample-A",
        ),
        (True, "true"),
        (2, "2"),
    ],
)
def test_values_are_resolved(template: dict[str, Any], value: object, expected: str) -> None:
    template["Mappings"] = {"Sizes": {"small": {"memory": 128}}}
    template["Conditions"]["Both"] = {
        "Fn::And": [
            {"Fn::Not": [{"Condition": "InVpc"}]},
            {"Fn::Or": [{"Condition": "InVpc"}, {"Fn::Equals": ["1", 1]}]},
        ]
    }
    _variables(template)["NEW"] = value
    environment = _describe(template).functions[0].environment
    assert environment["NEW"].startswith(expected)


def test_no_value_takes_its_entry_away(template: dict[str, Any]) -> None:
    _variables(template)["WHERE"] = {"Fn::If": ["InVpc", "inside", {"Ref": "AWS::NoValue"}]}
    assert "WHERE" not in _describe(template).functions[0].environment


def test_a_resource_whose_condition_does_not_hold_is_left_out(template: dict[str, Any]) -> None:
    template["Resources"]["Extra"] = {"Type": "AWS::SQS::Queue", "Condition": "InVpc"}
    assert "Extra" not in {queue.logical_id for queue in _describe(template).queues}
    assert "Extra" in {queue.logical_id for queue in _describe(template, SubnetIds="a,b").queues}


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"Fn::Base64": "x"}, r"Variables\.NEW: the local stack does not know Fn::Base64"),
        ({"Ref": "Nothing"}, r"Variables\.NEW: cannot resolve Ref of 'Nothing'"),
        ({"Fn::Sub": "${Nothing}"}, r"Variables\.NEW: cannot resolve Fn::Sub"),
        ({"Fn::GetAtt": ["Queue", "Color"]}, r"does not know Color of AWS::SQS::Queue"),
        ({"Fn::If": ["Nothing", 1, 2]}, r"there is no condition Nothing"),
        ({"Fn::Select": [7, ["a"]]}, r"cannot resolve Fn::Select"),
        (["a"], r"Variables\.NEW: text is expected"),
    ],
)
def test_what_cannot_be_resolved_is_named(template: dict[str, Any], value: object, complaint: str) -> None:
    _variables(template)["NEW"] = value
    with pytest.raises(TemplateInvalid, match=rf"ActionsFunction\.Environment\..*{complaint}|{complaint}"):
        _describe(template)


def test_what_is_not_run_need_not_be_resolved(template: dict[str, Any]) -> None:
    template["Resources"]["Role"] = {"Type": "AWS::IAM::Role", "Properties": {"X": {"Fn::Base64": "x"}}}
    template["Resources"]["ActionsFunction"]["Properties"]["Role"] = {"Fn::GetAtt": ["Role", "Arn"]}
    assert len(_describe(template).functions) == 5


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("ActionsFunction.CodeUri", "nowhere", r"ActionsFunction\.CodeUri: there is no folder"),
        ("ActionsFunction.Timeout", "soon", r"ActionsFunction\.Timeout: a number is expected"),
        (
            "ActionsFunction.Layers",
            ["arn:aws:x"],
            r"ActionsFunction\.Layers: .* is no layer of this template",
        ),
        ("Queue.RedrivePolicy", {"maxReceiveCount": 3}, r"Queue\.RedrivePolicy\.deadLetterTargetArn"),
    ],
)
def test_a_wrong_property_is_named(
    template: dict[str, Any], path: str, value: object, complaint: str
) -> None:
    logical_id, name = path.split(".")
    template["Resources"][logical_id]["Properties"][name] = value
    with pytest.raises(TemplateInvalid, match=complaint):
        _describe(template)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("ScheduleExpression", "rate(0 minutes)", r"EveryFiveMinutes\.ScheduleExpression: rate\(0 minutes\)"),
        ("ScheduleExpressionTimezone", "America/Phoenix", "knows only UTC"),
        ("Input", "{not json", r"EveryFiveMinutes\.Input: not JSON"),
    ],
)
def test_a_wrong_schedule_is_named(template: dict[str, Any], name: str, value: str, complaint: str) -> None:
    event = template["Resources"]["ActionsFunction"]["Properties"]["Events"]["EveryFiveMinutes"]
    event["Properties"][name] = value
    with pytest.raises(TemplateInvalid, match=complaint):
        _describe(template)


def test_an_event_that_nothing_here_sends_is_named(template: dict[str, Any]) -> None:
    template["Resources"]["ActionsFunction"]["Properties"]["Events"]["Upload"] = {"Type": "S3"}
    with pytest.raises(
        TemplateInvalid, match=r"Events\.Upload: the local stack cannot send events of type S3"
    ):
        _describe(template)


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"Nothing": "x"}, "the template has no parameter Nothing"),
        ({"SchedulesState": "PERHAPS"}, "SchedulesState: 'PERHAPS' is none of ENABLED, DISABLED"),
    ],
)
def test_wrong_parameters_are_named(
    template: dict[str, Any], parameters: dict[str, str], complaint: str
) -> None:
    with pytest.raises(TemplateInvalid, match=complaint):
        _describe(template, **parameters)


def test_a_parameter_must_match_its_pattern_and_be_there(template: dict[str, Any]) -> None:
    changed = deepcopy(template)
    changed["Parameters"]["RecordFile"]["AllowedPattern"] = "^/.+$"
    with pytest.raises(TemplateInvalid, match="RecordFile: 'relative' must match"):
        _describe(changed, RecordFile="relative")
    with pytest.raises(TemplateInvalid, match="parameter DatabaseSecretArn has no default"):
        PhysicalNames(template, parameters={}, endpoint=ENDPOINT, http_url="http://y", stack_name="sample")


@pytest.mark.parametrize("text", ["", "just text", "a: [", "Parameters: {}"])
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "template.yaml").write_text(text)
    with pytest.raises(TemplateInvalid, match=r"template\.yaml"):
        load_template(tmp_path / "template.yaml")


def _variables(template: dict[str, Any]) -> dict[str, Any]:
    variables: dict[str, Any] = template["Resources"]["ActionsFunction"]["Properties"]["Environment"][
        "Variables"
    ]
    return variables


def test_a_functions_own_computed_value_replaces_the_general_one(template: dict[str, Any]) -> None:
    """As SAM merges: `!If` over `!Ref` is one value, and no group of two."""
    template["Globals"]["Function"]["Environment"]["Variables"]["WHICH"] = {"Ref": "AWS::StackName"}
    own = template["Resources"]["ActionsFunction"]["Properties"].setdefault("Environment", {})
    own.setdefault("Variables", {})["WHICH"] = {"Fn::If": ["Always", "own", {"Ref": "Nothing"}]}
    template.setdefault("Conditions", {})["Always"] = {"Fn::Equals": ["a", "a"]}

    functions = {one.logical_id: one for one in _describe(template, RecordFile="/r").functions}

    assert functions["ActionsFunction"].environment["WHICH"] == "own"
    assert functions["ImpatientFunction"].environment["WHICH"] == "sample"

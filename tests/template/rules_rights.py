"""Rules for rights: what a function's environment names is granted to it, and nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any

from gaugehouse.store.roles import FUNCTION_ROLES
from tests.template.parsed import (
    PROJECT_ROOT,
    Properties,
    Template,
    branches,
    environment,
    functions,
    listed,
    mappings,
    of_type,
    target,
)
from tests.template.rules_queues import failure_queues

RUNTIME = PROJECT_ROOT / "layers" / "common" / "gaugehouse" / "runtime"
SEND = {"sqs:SendMessage"}
CONSUME = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
READ_SECRET = {"secretsmanager:GetSecretValue"}
CONNECT = {"rds-db:connect"}
OWNER = "gaugehouse_owner"

# The whole of what each function may do, by the resource that it may do it to.
GRANTS: dict[str, dict[str, set[str]]] = {
    "PollerFunction": {
        "PollerLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "Database": CONNECT,
        "UsgsApiKeySecretArn": READ_SECRET,
        "ImportQueue": SEND,
        "FailedEventsQueue": SEND,
    },
    "FoprImporterFunction": {
        "FoprImporterLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "Database": CONNECT,
        "UsgsApiKeySecretArn": READ_SECRET,
        "ImportQueue": SEND | CONSUME,
        "DocumentBucket": {"s3:PutObject", "s3:GetObject"},
    },
    "MaintenanceFunction": {
        "MaintenanceLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "Database": CONNECT,
        "ImportQueue": SEND,
        "FailedEventsQueue": SEND,
    },
    "ApiFunction": {
        "ApiLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "Database": CONNECT,
        "MaintenanceFunction": {"lambda:InvokeFunction"},
        "ImportDeadLetterQueue": {"sqs:GetQueueAttributes"},
        "FailedEventsQueue": {"sqs:GetQueueAttributes"},
    },
    # Database: the owner's secret is its attribute.
    "SchemaFunction": {
        "SchemaLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "Database": READ_SECRET | CONNECT,
    },
}

# What AWS does not let narrow to a resource: X-Ray at all, and the interfaces that Lambda itself attaches.
ON_EVERYTHING = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
}


def grants_are_the_table(template: Template) -> Iterator[str]:
    """A right more is a risk, a right less is a function that fails."""
    for name in functions(template):
        actual, expected = grants(template, name), GRANTS[name]
        for resource in sorted(actual | expected):
            extra = actual.get(resource, set()) - expected.get(resource, set())
            missing = expected.get(resource, set()) - actual.get(resource, set())
            if extra or missing:
                yield f"{name} on {resource}: {sorted(extra)} too much, {sorted(missing)} missing"


def what_is_named_is_granted(template: Template) -> Iterator[str]:
    """Whatever a function's environment and source mapping name, and nothing else."""
    for name, function in functions(template).items():
        named = stores_named(template, name)
        granted = set(grants(template, name)) - {target(function["LoggingConfig"]["LogGroup"])}
        granted -= {failure_queues(template).get(name, "")}  # Lambda sends there, not the code
        yield from (f"{name} names {store} and may not use it" for store in sorted(named - granted))
        yield from (f"{name} may use {store}, which it never names" for store in sorted(granted - named))


def everything_is_exact(template: Template) -> Iterator[str]:
    """No action has a star, and a star for a resource stands only where AWS has no other way."""
    for holder, statement in _allowed(template):
        actions, resources = listed(statement["Action"]), listed(statement["Resource"])
        if starred := [action for action in actions if "*" in action]:
            yield f"{holder} may {starred}"
        if "*" in resources and not set(actions) <= ON_EVERYTHING:
            yield f"{holder} may {sorted(set(actions) - ON_EVERYTHING)} on everything"
        for resource in resources:
            if resource != "*" and not isinstance(resource, dict):
                yield f"{holder}: {resource} is not a resource of this stack"
            if "*" in json.dumps(resource).replace("${DocumentBucket.Arn}/*", "") and resource != "*":
                yield f"{holder}: {json.dumps(resource)} is wider than one resource"


def each_function_has_its_own_role(template: Template) -> Iterator[str]:
    """Roles that SAM makes may receive from any queue; a shared one sums up the rights of its users."""
    roles = of_type(template, "IAM::Role")
    used = [target(function.get("Role", "")) for function in functions(template).values()]
    if sorted(used) != sorted(roles):
        yield f"functions use the roles {sorted(used)}; there are {sorted(roles)}"
    for name, role in roles.items():
        principals = [s["Principal"] for s in role["AssumeRolePolicyDocument"]["Statement"]]
        if principals != [{"Service": "lambda.amazonaws.com"}]:
            yield f"{name} can be assumed by {principals}"
        if role.get("ManagedPolicyArns") != [{"Ref": "TracingAndNetworkPolicy"}]:
            yield f"{name} has policies of AWS"
    for name, function in functions(template).items():
        if "Policies" in function:
            yield f"{name}: SAM ignores Policies beside a Role"


def grants(template: Template, function: str) -> dict[str, set[str]]:
    """Give the actions that a function's own role allows, by resource."""
    role = of_type(template, "IAM::Role").get(target(functions(template)[function].get("Role", "")), {})
    granted: dict[str, set[str]] = {}
    for statement in _statements(role):
        for resource in listed(statement["Resource"]):
            granted.setdefault(target(resource), set()).update(listed(statement["Action"]))
    return granted


def stores_named(template: Template, function: str) -> set[str]:
    """Give the queues, buckets, secrets and functions that its environment and source mapping refer to."""
    secrets = {name for name in template["Parameters"] if name.endswith("SecretArn")}
    databases = of_type(template, "RDS::DBInstance")
    queues, buckets = of_type(template, "SQS::Queue"), of_type(template, "S3::Bucket")
    stores = {*queues, *buckets, *databases, *secrets, *functions(template)}
    variables = environment(functions(template)[function]).values()
    named = {target(one) for value in variables for one in branches(value)}
    consumed = {queue for consumer, queue, _ in mappings(template) if consumer == function}
    return (named | consumed) & stores


def _allowed(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, role in of_type(template, "IAM::Role").items():
        yield from ((name, statement) for statement in _statements(role))
    for name, policy in of_type(template, "IAM::ManagedPolicy").items():
        yield from ((name, statement) for statement in listed(policy["PolicyDocument"]["Statement"]))


def _statements(role: Properties) -> Iterator[dict[str, Any]]:
    for policy in role.get("Policies", []):
        yield from listed(policy["PolicyDocument"]["Statement"])


def each_function_is_its_own_role_in_the_database(template: Template) -> Iterator[str]:
    """The one that it connects as is the one that it may connect as, and one that the migrations make."""
    for name, function in functions(template).items():
        role = environment(function).get("DATABASE_ROLE")
        allowed = [
            str(resource["Fn::Sub"]).rpartition("/")[2]
            for statement in _statements(of_type(template, "IAM::Role")[target(function["Role"])])
            if set(listed(statement["Action"])) & CONNECT
            for resource in listed(statement["Resource"])
        ]
        owner = [one for one in branches(environment(function).get("DATABASE_OWNER", "")) if one]
        if allowed != (owner if role is None else [role]) or owner not in ([], [OWNER]):
            yield f"{name} acts as {role} and may connect as {allowed}"
        if role is not None and role not in FUNCTION_ROLES:
            yield f"{name} acts as {role}, whom no migration makes"
    roles = [environment(function).get("DATABASE_ROLE") for function in functions(template).values()]
    if len(set(roles)) != len(roles):
        yield f"functions share a role: {roles}"


def adapters_say_what_they_need(template: Template) -> Iterator[str]:
    """What the code's own words ask for is what the functions may do; only Lambda's own needs come on top."""
    asked = {action for actions in actions_of_adapters().values() for action in actions}
    granted = {
        action
        for name in functions(template)
        for actions in grants(template, name).values()
        for action in actions
    }
    for action in sorted(asked ^ (granted - LOG - (CONSUME - asked))):
        yield f"{action} is asked for and not granted, or granted and not asked for"


def actions_of_adapters() -> dict[str, set[str]]:
    """Give the actions that each module of `runtime` states, in its sentences of `AWS actions: …`."""
    stated = {}
    for path in sorted(RUNTIME.glob("*.py")):
        sentences = re.findall(r"AWS actions: ([^.]*)\.", path.read_text())
        stated[path.stem] = {a for text in sentences for a in re.findall(r"[a-z0-9-]+:[A-Za-z]+", text)}
        uses_aws = re.search(r"mypy_boto3_(?!.*_defs)", path.read_text())
        if uses_aws and not stated[path.stem]:
            stated[path.stem] = {f"{path.stem}: states no actions"}
    return stated


RULES = (
    each_function_is_its_own_role_in_the_database,
    adapters_say_what_they_need,
    grants_are_the_table,
    what_is_named_is_granted,
    everything_is_exact,
    each_function_has_its_own_role,
)

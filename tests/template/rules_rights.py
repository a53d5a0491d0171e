"""Rules for rights: what a function's environment names is granted to it, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

from tests.template.parsed import (
    Properties,
    Template,
    environment,
    functions,
    listed,
    mappings,
    of_type,
    target,
)

SEND = {"sqs:SendMessage"}
CONSUME = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
READ_SECRET = {"secretsmanager:GetSecretValue"}

# The whole of what each function may do, by the resource that it may do it to.
GRANTS: dict[str, dict[str, set[str]]] = {
    "PollerFunction": {
        "PollerLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "UsgsApiKeySecretArn": READ_SECRET,
        "ImportQueue": SEND,
    },
    "FoprImporterFunction": {
        "FoprImporterLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "UsgsApiKeySecretArn": READ_SECRET,
        "ImportQueue": SEND | CONSUME,
        "DocumentBucket": {"s3:PutObject", "s3:GetObject"},
    },
    "MaintenanceFunction": {
        "MaintenanceLogGroup": LOG,
        "DatabaseSecretArn": READ_SECRET,
        "ImportQueue": SEND,
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
    """Each queue, bucket and secret of a function's environment and source mapping, and no other."""
    for name, function in functions(template).items():
        named = stores_named(template, name)
        granted = set(grants(template, name)) - {target(function["LoggingConfig"]["LogGroup"])}
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
    """Give the queues, buckets and secrets that a function's environment and source mapping refer to."""
    secrets = {name for name in template["Parameters"] if name.endswith("SecretArn")}
    stores = {*of_type(template, "SQS::Queue"), *of_type(template, "S3::Bucket"), *secrets}
    named = {target(value) for value in environment(functions(template)[function]).values()}
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


RULES = (
    grants_are_the_table,
    what_is_named_is_granted,
    everything_is_exact,
    each_function_has_its_own_role,
)

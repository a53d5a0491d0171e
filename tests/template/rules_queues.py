"""Rules for queues, source mappings and the bucket: the ratios that keep messages from being lost."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.template.parsed import Template, events, functions, listed, mappings, of_type, target

VISIBILITY_RATIO = 6
LEAST_RECEIVES = 5
NAMES = (
    "AlarmName", "BucketName", "DashboardName", "DBInstanceIdentifier",
    "FunctionName", "GroupName", "LogGroupName", "QueueName", "RoleName", "TopicName",
)  # fmt: skip
DAY = 86_400
OPTIONAL = {"Fn::If": ["HasReservedConcurrency", {"Ref": "ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]}


def visibility_is_six_times_the_timeout(template: Template) -> Iterator[str]:
    """A message must not come back while it is worked on."""
    queues = of_type(template, "SQS::Queue")
    for function, queue, _ in mappings(template):
        visibility = queues[queue].get("VisibilityTimeout", 30)
        timeout = functions(template)[function]["Timeout"]
        if visibility < VISIBILITY_RATIO * timeout:
            yield f"{queue} hides a message for {visibility} s; {function} may take {timeout} s"


def messages_get_enough_tries(template: Template) -> Iterator[str]:
    """With fewer receives, throttled messages are dead-lettered before they ever ran."""
    for name, queue in of_type(template, "SQS::Queue").items():
        receives = queue.get("RedrivePolicy", {}).get("maxReceiveCount", LEAST_RECEIVES)
        if receives < LEAST_RECEIVES:
            yield f"{name} gives up after {receives} receives"


def dead_letters_are_kept(template: Template) -> Iterator[str]:
    """Each queue has a dead-letter queue or is one. Dead ones stay 14 days, longer than before."""
    queues = of_type(template, "SQS::Queue")
    dead = dead_letter_queues(template)
    for name, queue in queues.items():
        if name not in dead and name not in queues_of_a_person(template):
            yield f"{name} has no dead-letter queue"
        if name in queues_of_a_person(template) and queue.get("MessageRetentionPeriod") != 14 * DAY:
            yield f"{name} does not keep dead letters for 14 days"
    for source, letters in dead.items():
        kept = queues[source].get("MessageRetentionPeriod", 4 * DAY)
        if kept >= queues[letters].get("MessageRetentionPeriod", 4 * DAY):
            yield f"{source} keeps messages as long as {letters}, where their age goes on counting"


def dead_letters_come_from_their_queue_only(template: Template) -> Iterator[str]:
    """The dead-letter queue names its sources by ARN, since the two cannot refer to each other."""
    queues = of_type(template, "SQS::Queue")
    for source, dead in dead_letter_queues(template).items():
        allowed = queues[dead].get("RedriveAllowPolicy", {})
        name = queues[source].get("QueueName", {}).get("Fn::Sub", source)
        arns = [f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{name}"]
        if (
            allowed.get("redrivePermission") != "byQueue"
            or [arn.get("Fn::Sub") for arn in allowed.get("sourceQueueArns", [])] != arns
        ):
            yield f"{dead} does not admit {source}, and nothing else"


def names_belong_to_the_stack(template: Template) -> Iterator[str]:
    """A fixed name would collide with a second stack in the account."""
    for resource, properties in template["Resources"].items():
        for key in NAMES:
            name = properties.get("Properties", {}).get(key)
            if name is not None and "AWS::StackName" not in str(name):
                yield f"{resource} has the fixed {key} {name}"


def failures_are_partial_and_alone(template: Template) -> Iterator[str]:
    """A handler's list of failures is ignored unless the mapping asks for it."""
    for function, queue, mapping in mappings(template):
        if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{function} cannot report which messages of {queue} failed"
        if mapping.get("BatchSize", 10) != 1:
            yield f"{function} takes {mapping.get('BatchSize', 10)} messages of {queue} at once"


def concurrency_is_bounded_at_the_mapping(template: Template) -> Iterator[str]:
    """Reserved concurrency dead-letters messages that never ran. Elsewhere it is an option."""
    for function, queue, mapping in mappings(template):
        if "MaximumConcurrency" not in mapping.get("ScalingConfig", {}):
            yield f"{function} takes from {queue} without a maximum concurrency"
    for function, properties in functions(template).items():
        consumes = any(consumer == function for consumer, _, _ in mappings(template))
        reserved = properties.get("ReservedConcurrentExecutions", OPTIONAL)
        if reserved != OPTIONAL or (consumes and "ReservedConcurrentExecutions" in properties):
            yield f"{function} has a reserved concurrency"


def each_queue_has_one_consumer(template: Template) -> Iterator[str]:
    """Of two consumers, each gets only some of the messages. Dead letters wait for a person."""
    consumers = Counter(queue for _, queue, _ in mappings(template))
    for queue in of_type(template, "SQS::Queue"):
        expected = 0 if queue in queues_of_a_person(template) else 1
        if consumers[queue] != expected:
            yield f"{queue} has {consumers[queue]} consumers, not {expected}"


def stores_are_private(template: Template) -> Iterator[str]:
    """Queues and buckets are encrypted and answer over TLS only; buckets are not public and are kept."""
    queues, buckets = of_type(template, "SQS::Queue"), of_type(template, "S3::Bucket")
    tls = _tls_only(template)
    yield from (f"{name} takes requests without TLS" for name in queues | buckets if name not in tls)
    yield from (
        f"{name} is not encrypted" for name, queue in queues.items() if not queue.get("SqsManagedSseEnabled")
    )
    for name, bucket in buckets.items():
        blocks = bucket.get("PublicAccessBlockConfiguration", {})
        if len(blocks) != 4 or not all(blocks.values()):
            yield f"{name} can be made public"
        if "BucketEncryption" not in bucket:
            yield f"{name} is not encrypted"
        if bucket.get("VersioningConfiguration", {}).get("Status") != "Enabled":
            yield f"{name} can lose a document to an overwrite"
        if template["Resources"][name].get("DeletionPolicy") != "Retain":
            yield f"{name} goes with its stack"


def dead_letter_queues(template: Template) -> dict[str, str]:
    """Give the dead-letter queue of each queue that has one."""
    return {
        name: target(queue["RedrivePolicy"]["deadLetterTargetArn"])
        for name, queue in of_type(template, "SQS::Queue").items()
        if "RedrivePolicy" in queue
    }


def queues_of_a_person(template: Template) -> set[str]:
    """Give the queues that nobody consumes: dead letters, and events that no function could handle."""
    return {*dead_letter_queues(template).values(), *failure_queues(template).values()}


def failure_queues(template: Template) -> dict[str, str]:
    """Give where each function's events go that failed at every try."""
    found = {}
    for name, function in functions(template).items():
        on_failure = function.get("EventInvokeConfig", {}).get("DestinationConfig", {}).get("OnFailure", {})
        if on_failure.get("Type") == "SQS":
            found[name] = target(on_failure["Destination"])
    return found


def _tls_only(template: Template) -> set[str]:
    policies = [
        *of_type(template, "SQS::QueuePolicy").values(),
        *of_type(template, "S3::BucketPolicy").values(),
    ]
    return {
        target(store)
        for policy in policies
        for store in policy.get("Queues", [policy.get("Bucket")])
        if any(
            _denies_plain_requests(statement, store) for statement in policy["PolicyDocument"]["Statement"]
        )
    }


def _denies_plain_requests(statement: dict[str, Any], store: Any) -> bool:
    return (
        statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] in ("sqs:*", "s3:*")
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        and {target(resource) for resource in listed(statement["Resource"])} == {target(store)}
    )


def failed_events_are_kept(template: Template) -> Iterator[str]:
    """What fails at every try, or is never delivered, stays somewhere: for the scheduler, and for Lambda."""
    kept = failure_queues(template)
    for function, name, schedule in events(template, "Schedule"):
        if function not in kept:
            yield f"{function}: an event that fails at every try is gone"
        if target(schedule.get("DeadLetterConfig", {}).get("Arn")) != kept.get(function):
            yield f"{function}.{name}: an event that cannot be delivered is gone"


def documents_get_cheaper(template: Template) -> Iterator[str]:
    """After 90 days a document is seldom read again; a web page is read every day."""
    pages = {target(policy["Bucket"]) for policy in of_type(template, "S3::BucketPolicy").values()
             if "cloudfront.amazonaws.com" in str(policy)}  # fmt: skip
    for name, bucket in of_type(template, "S3::Bucket").items():
        if name in pages:
            continue
        rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        if not any(
            move.get("TransitionInDays") == 90 and move.get("StorageClass") == "STANDARD_IA"
            for rule in rules
            if rule.get("Status") == "Enabled"
            for move in rule.get("Transitions", [])
        ):
            yield f"{name} pays for its oldest documents as for its newest"


RULES = (
    failed_events_are_kept,
    documents_get_cheaper,
    visibility_is_six_times_the_timeout,
    messages_get_enough_tries,
    dead_letters_are_kept,
    dead_letters_come_from_their_queue_only,
    names_belong_to_the_stack,
    failures_are_partial_and_alone,
    concurrency_is_bounded_at_the_mapping,
    each_queue_has_one_consumer,
    stores_are_private,
)

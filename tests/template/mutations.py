"""Ways to break queues, functions and rights, by the rule that must notice: rule, place, new value, words."""

from typing import Any

from tests.template.places import REMOVE, Path, event, of

MAPPING = ("FoprImporterFunction", "ImportQueue")
POLLER_GRANTS = ("Policies", 0, "PolicyDocument", "Statement")
SECOND_CONSUMER = {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["ImportQueue", "Arn"]}}}
EVERY_QUEUE = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
DEAD_LETTERS = {
    "Effect": "Allow",
    "Action": "sqs:SendMessage",
    "Resource": {"Fn::GetAtt": ["ImportDeadLetterQueue", "Arn"]},
}

MUTATIONS: list[tuple[str, Path, Any, str]] = [
    ("visibility_is_six_times_the_timeout", of("ImportQueue", "VisibilityTimeout"), 719, "719 s"),
    ("visibility_is_six_times_the_timeout", of("ImportQueue", "VisibilityTimeout"), REMOVE, "30 s"),
    ("visibility_is_six_times_the_timeout", of("FoprImporterFunction", "Timeout"), 121, "121 s"),
    ("messages_get_enough_tries", of("ImportQueue", "RedrivePolicy", "maxReceiveCount"), 4, "after 4"),
    ("dead_letters_are_kept", of("ImportQueue", "RedrivePolicy"), REMOVE, "no dead-letter queue"),
    ("dead_letters_are_kept", of("ImportDeadLetterQueue", "MessageRetentionPeriod"), 345_600, "14 days"),
    ("dead_letters_are_kept", of("ImportQueue", "MessageRetentionPeriod"), 1_209_600, "as long as"),
    (
        "dead_letters_come_from_their_queue_only",
        of("ImportDeadLetterQueue", "RedriveAllowPolicy"),
        REMOVE,
        "admit",
    ),
    (
        "dead_letters_come_from_their_queue_only",
        of("ImportQueue", "QueueName"),
        {"Fn::Sub": "other"},
        "admit",
    ),
    ("names_belong_to_the_stack", of("ImportQueue", "QueueName"), "gauge-imports", "fixed QueueName"),
    (
        "names_belong_to_the_stack",
        of("PollerLogGroup", "LogGroupName"),
        "/aws/lambda/poller",
        "fixed LogGroupName",
    ),
    ("failures_are_partial_and_alone", event(*MAPPING, "FunctionResponseTypes"), REMOVE, "cannot report"),
    ("failures_are_partial_and_alone", event(*MAPPING, "BatchSize"), REMOVE, "takes 10"),
    ("concurrency_is_bounded_at_the_mapping", event(*MAPPING, "ScalingConfig"), REMOVE, "without a maximum"),
    (
        "concurrency_is_bounded_at_the_mapping",
        of("FoprImporterFunction", "ReservedConcurrentExecutions"),
        5,
        "reserved",
    ),
    (
        "each_queue_has_one_consumer",
        of("PollerFunction", "Events", "Imports"),
        SECOND_CONSUMER,
        "2 consumers",
    ),
    ("each_queue_has_one_consumer", of(*MAPPING[:1], "Events"), {}, "0 consumers"),
    ("stores_are_private", ("Resources", "ImportDeadLetterQueuePolicy"), {"Type": "None"}, "without TLS"),
    ("stores_are_private", ("Resources", "DocumentBucketPolicy"), {"Type": "None"}, "without TLS"),
    ("stores_are_private", of("ImportQueue", "SqsManagedSseEnabled"), False, "not encrypted"),
    ("stores_are_private", of("DocumentBucket", "BucketEncryption"), REMOVE, "not encrypted"),
    ("stores_are_private", of("DocumentBucket", "PublicAccessBlockConfiguration"), {}, "public"),
    ("stores_are_private", of("DocumentBucket", "VersioningConfiguration"), {}, "overwrite"),
    (
        "stores_are_private",
        ("Resources", "DocumentBucket", "DeletionPolicy"),
        "Delete",
        "goes with its stack",
    ),
    ("runtime_is_the_one_we_build_for", ("Globals", "Function", "Runtime"), "python3.12", "python3.13"),
    (
        "runtime_is_the_one_we_build_for",
        ("Resources", "CommonLayer", "Metadata", "BuildArchitecture"),
        "x86_64",
        "chosen processor",
    ),
    (
        "runtime_is_the_one_we_build_for",
        ("Parameters", "Architecture", "Default"),
        "x86_64",
        "another processor",
    ),
    (
        "runtime_is_the_one_we_build_for",
        ("Resources", "CommonLayer", "Metadata", "BuildMethod"),
        "python3.12",
        "not built for python3.13",
    ),
    ("code_is_where_the_template_says", of("PollerFunction", "CodeUri"), "functions/poler/", "poler/app.py"),
    ("code_is_where_the_template_says", ("Globals", "Function", "Handler"), "app.handle", "with handle"),
    ("code_is_where_the_template_says", of("CommonLayer", "ContentUri"), "layers", "no package"),
    ("limits_are_explicit", of("MaintenanceFunction", "MemorySize"), REMOVE, "no MemorySize"),
    ("logs_are_json_and_end", of("PollerLogGroup", "RetentionInDays"), REMOVE, "for ever"),
    ("logs_are_json_and_end", of("PollerFunction", "LoggingConfig"), REMOVE, "functions log to"),
    ("logs_are_json_and_end", ("Globals", "Function", "LoggingConfig", "LogFormat"), "Text", "JSON"),
    (
        "logs_are_json_and_end",
        ("Globals", "Function", "LoggingConfig", "ApplicationLogLevel"),
        REMOVE,
        "disagree",
    ),
    ("tracing_is_lambdas_own", ("Globals", "Function", "Tracing"), "PassThrough", "not traced"),
    (
        "environment_is_what_the_code_reads",
        of("FoprImporterFunction", "Environment", "Variables", "DOCUMENT_BUCKET"),
        REMOVE,
        "DOCUMENT_BUCKET",
    ),
    (
        "environment_is_what_the_code_reads",
        ("Globals", "Function", "Environment", "Variables", "DOCUMENT_BUCKET_NAME"),
        "x",
        "no setting reads",
    ),
    (
        "environment_is_what_the_code_reads",
        of("PollerFunction", "Environment", "Variables", "IMPORT_QUEUE_URL"),
        REMOVE,
        "lacks",
    ),
    (
        "defaults_agree_with_the_settings",
        ("Parameters", "ImportMaxInFlight", "Default"),
        20,
        "20 in the template",
    ),
    (
        "defaults_agree_with_the_settings",
        ("Parameters", "ImportRetryDelaysSeconds", "Default"),
        "300,900",
        "(300.0, 900.0) in the template",
    ),
    (
        "secrets_come_by_arn",
        ("Globals", "Function", "Environment", "Variables", "DATABASE_PASSWORD"),
        {"Ref": "DatabaseSecretArn"},
        "DATABASE_PASSWORD",
    ),
    (
        "secrets_come_by_arn",
        ("Globals", "Function", "Environment", "Variables", "DATABASE_SECRET_ARN"),
        {"Fn::Sub": "{{resolve:secretsmanager:${DatabaseSecretArn}}}"},
        "dynamic reference",
    ),
    ("parameters_are_used_and_described", ("Parameters", "Spare"), {"Type": "String"}, "Spare is not used"),
    ("parameters_are_used_and_described", ("Parameters", "LogLevel", "Description"), REMOVE, "not described"),
    ("grants_are_the_table", of("PollerRole", *POLLER_GRANTS, 2), DEAD_LETTERS, "too much"),
    (
        "grants_are_the_table",
        of("FoprImporterRole", *POLLER_GRANTS, 2, "Action", 2),
        "sqs:PurgeQueue",
        "missing",
    ),
    ("grants_are_the_table", of("MaintenanceFunction", "Role"), REMOVE, "missing"),
    ("what_is_named_is_granted", of("PollerRole", *POLLER_GRANTS, 2), DEAD_LETTERS, "never names"),
    (
        "what_is_named_is_granted",
        of("ApiFunction", "Environment", "Variables", "MAINTENANCE_FUNCTION"),
        REMOVE,
        "may use MaintenanceFunction, which it never names",
    ),
    ("what_is_named_is_granted", of("FoprImporterRole", *POLLER_GRANTS, 3), REMOVE, "may not use it"),
    (
        "what_is_named_is_granted",
        of("PollerFunction", "Environment", "Variables", "DOCUMENT_BUCKET"),
        {"Ref": "DocumentBucket"},
        "DocumentBucket and may not",
    ),
    ("everything_is_exact", of("PollerRole", *POLLER_GRANTS, 2), EVERY_QUEUE, "on everything"),
    ("everything_is_exact", of("PollerRole", *POLLER_GRANTS, 2, "Action"), "sqs:*", "sqs:*"),
    (
        "everything_is_exact",
        of("PollerRole", *POLLER_GRANTS, 2, "Resource"),
        "arn:aws:sqs:a",
        "not a resource",
    ),
    (
        "everything_is_exact",
        of("PollerRole", *POLLER_GRANTS, 2, "Resource"),
        {"Fn::Sub": "arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:x"},
        "wider",
    ),
    ("each_function_has_its_own_role", of("PollerFunction", "Role"), REMOVE, "functions use"),
    (
        "each_function_has_its_own_role",
        of("PollerFunction", "Role"),
        {"Fn::GetAtt": ["FoprImporterRole", "Arn"]},
        "functions use",
    ),
    (
        "each_function_has_its_own_role",
        of("PollerRole", "ManagedPolicyArns"),
        ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"],
        "policies of AWS",
    ),
    ("each_function_has_its_own_role", of("PollerFunction", "Policies"), [], "ignores Policies"),
]

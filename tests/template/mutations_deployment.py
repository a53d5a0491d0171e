"""Ways to break database, network, roles, failure queues and dashboard: rule, place, new value, words."""

from typing import Any

from tests.template.places import REMOVE, Path, event, of

DATABASE = ("Resources", "Database", "Properties")
POLLER_STATEMENTS = ("Policies", 0, "PolicyDocument", "Statement")
CONNECT_AS_ANOTHER = {"Fn::Sub": "arn:aws:rds-db:r:a:dbuser:${Database.DbiResourceId}/gaugehouse_importer"}
NEAR_THE_TIMEOUT = of("PollerSlowAlarm", "Threshold")

MUTATIONS: list[tuple[str, Path, Any, str]] = [
    ("the_database_is_safe", (*DATABASE, "StorageEncrypted"), False, "StorageEncrypted is False"),
    ("the_database_is_safe", (*DATABASE, "PubliclyAccessible"), True, "PubliclyAccessible is True"),
    ("the_database_is_safe", (*DATABASE, "ManageMasterUserPassword"), REMOVE, "ManageMasterUserPassword"),
    ("the_database_is_safe", (*DATABASE, "DeletionProtection"), False, "DeletionProtection is False"),
    ("the_database_is_safe", ("Resources", "Database", "DeletionPolicy"), "Delete", "goes with its stack"),
    ("the_database_is_safe", of("DatabaseParameters", "Parameters", "rds.force_ssl"), "0", "without TLS"),
    ("the_database_is_safe", of("DatabaseParameters", "Parameters", "max_connections"), REMOVE, "how many"),
    ("the_schema_comes_first", of("Schema", "Migrations"), "old", "run make digest"),
    ("the_schema_comes_first", ("Resources", "PollerFunction", "DependsOn"), REMOVE, "may run before"),
    ("the_schema_comes_first", ("Resources", "SchemaFunction", "DependsOn"), "Schema", "waits for itself"),
    ("the_schema_comes_first", of("Schema", "ServiceTimeout"), 900, "gives up before"),
    ("the_network_is_closed", of("DatabaseIngressFromFunctions", "FromPort"), 0, "more than the functions"),
    (
        "the_network_is_closed",
        of("FunctionSecurityGroup", "SecurityGroupIngress"),
        [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
        "lets somebody in",
    ),
    ("the_network_is_closed", of("DatabaseSecurityGroup", "SecurityGroupEgress"), [], "everything out"),
    ("the_network_is_closed", of("PrivateSubnetA", "MapPublicIpOnLaunch"), True, "public addresses"),
    (
        "each_function_is_its_own_role_in_the_database",
        of("PollerFunction", "Environment", "Variables", "DATABASE_ROLE"),
        "gaugehouse_importer",
        "acts as gaugehouse_importer and may connect as ['gaugehouse_poller']",
    ),
    (
        "each_function_is_its_own_role_in_the_database",
        of("PollerRole", *POLLER_STATEMENTS, 1, "Fn::If", 2, "Resource"),
        CONNECT_AS_ANOTHER,
        "may connect as ['gaugehouse_importer']",
    ),
    (
        "each_function_is_its_own_role_in_the_database",
        of("MaintenanceFunction", "Environment", "Variables", "DATABASE_ROLE"),
        "gaugehouse_owner",
        "whom no migration makes",
    ),
    (
        "adapters_say_what_they_need",
        of("FoprImporterRole", *POLLER_STATEMENTS, 3, "Action"),
        ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
        "s3:DeleteObject is asked for and not granted, or",
    ),
    (
        "adapters_say_what_they_need",
        of("FoprImporterRole", *POLLER_STATEMENTS, 3),
        REMOVE,
        "s3:PutObject is asked for",
    ),
    (
        "failed_events_are_kept",
        of("PollerFunction", "EventInvokeConfig", "DestinationConfig"),
        REMOVE,
        "at every try is gone",
    ),
    (
        "failed_events_are_kept",
        event("PollerFunction", "Usgs", "DeadLetterConfig"),
        REMOVE,
        "Usgs: an event that cannot be delivered is gone",
    ),
    ("documents_get_cheaper", of("DocumentBucket", "LifecycleConfiguration"), REMOVE, "oldest documents"),
    (
        "concurrency_is_bounded_at_the_mapping",
        of("PollerFunction", "ReservedConcurrentExecutions"),
        5,
        "PollerFunction has a reserved",
    ),
    ("names_belong_to_the_stack", of("Database", "DBInstanceIdentifier"), "gauges", "DBInstanceIdentifier"),
    ("names_belong_to_the_stack", of("Dashboard", "DashboardName"), "gauges", "fixed DashboardName"),
    ("functions_are_heard", ("Resources", "PollerErrorsAlarm"), {"Type": "None"}, "no alarm on Errors"),
    ("functions_are_heard", ("Resources", "MaintenanceThrottledAlarm"), {"Type": "None"}, "on Throttles"),
    ("functions_are_heard", NEAR_THE_TIMEOUT, 300_000, "four fifths of its 300 s"),
    ("the_database_is_heard", ("Resources", "DatabaseFullAlarm"), {"Type": "None"}, "FreeStorageSpace"),
    ("the_database_is_heard", ("Resources", "DatabaseConnectionsAlarm"), {"Type": "None"}, "Connections"),
    ("the_database_is_heard", ("Resources", "DatabaseBusyAlarm", "Condition"), REMOVE, "CPUUtilization"),
    (
        "the_runbook_knows_every_alarm",
        ("Resources", "NewAlarm"),
        {"Type": "AWS::CloudWatch::Alarm"},
        "NewAlarm",
    ),
    (
        "the_dashboard_draws_what_exists",
        of("Dashboard", "DashboardBody", "Fn::Sub"),
        '{"widgets": [{"properties": {"metrics": [["Gaugehouse", "PollTidesSucceeded", "service", "x"]]}}]}',
        "nobody reports PollTidesSucceeded",
    ),
    (
        "the_dashboard_shows_every_poll",
        of("Dashboard", "DashboardBody", "Fn::Sub"),
        '{"widgets": []}',
        "does not show PollUsgsFailed",
    ),
]

"""Ways to break schedules and alarms, by the rule that must notice: rule, place, new value, words."""

from typing import Any

from tests.template.places import REMOVE, Path, event, of, service

POLL = ("PollerFunction", "McfcdGaugeList")
SWEEP = ("MaintenanceFunction", "RequeueImports")
SENT = "NumberOfMessagesSent"

MUTATIONS: list[tuple[str, Path, Any, str]] = [
    ("dead_letters_are_heard", of("DeadLettersAlarm", "MetricName"), SENT, "at the first message"),
    ("dead_letters_are_heard", of("DeadLettersForgottenAlarm", "MetricName"), SENT, "stays 0"),
    ("dead_letters_are_heard", of("DeadLettersAlarm", "Threshold"), 1, "at the first message"),
    ("dead_letters_are_heard", of("DeadLettersAlarm", "Statistic"), "Average", "at the first message"),
    (
        "dead_letters_are_heard",
        of("DeadLettersForgottenAlarm", "Threshold"),
        1_209_600,
        "deletes its oldest",
    ),
    ("alarms_reach_somebody", of("DeadLettersAlarm", "AlarmActions"), REMOVE, "tells nobody"),
    ("alarms_reach_somebody", of("DeadLettersAlarm", "TreatMissingData"), REMOVE, "missing data"),
    ("alarms_reach_somebody", of("DeadLettersAlarm", "TreatMissingData"), "breaching", "where it is none"),
    ("alarms_reach_somebody", ("Resources", "ImportsLateAlarm", "Condition"), REMOVE, "where it is none"),
    ("schedules_can_be_deployed_twice", event(*POLL, "OmitName"), REMOVE, "fixed name"),
    ("schedules_are_due_some_time", event(*SWEEP, "ScheduleExpression"), "every 5 minutes", "neither rate"),
    ("schedules_can_be_switched_off", event(*SWEEP, "State"), "ENABLED", "whatever"),
    ("schedules_carry_their_slot", event(*SWEEP, "Input"), '{"task": "requeue_imports"}', "which time"),
    ("schedules_carry_their_slot", of(POLL[0], "Events", POLL[1], "Type"), "Schedule", "not a ScheduleV2"),
    ("schedules_try_again_but_not_for_ever", event(*SWEEP, "RetryPolicy"), REMOVE, "without measure"),
    ("schedules_name_what_exists", event(*SWEEP, "Input"), '{"task": "requeue"}', "'requeue'"),
    ("schedules_name_what_exists", of("MaintenanceFunction", "Events"), {}, "scheduled tasks are []"),
    ("schedules_name_what_exists", event(*POLL, "Input"), '{"task": "migrate"}', "does not name a source"),
    ("tasks_are_the_registrys", event(*SWEEP, "ScheduleExpression"), "rate(6 minutes)", "runs at rate(6"),
    (
        "tasks_are_the_registrys",
        of(SWEEP[0], "Events", "CheckStaleness"),
        REMOVE,
        "check_staleness runs at None",
    ),
    (
        "tasks_are_the_registrys",
        event(SWEEP[0], "CheckStaleness", "Input"),
        '{"task": "migrate", "scheduled_time": "<aws.scheduler.scheduled-time>"}',
        "migrate runs at rate(15 minutes) in the template and None",
    ),
    ("tasks_are_the_registrys", of("MaintenanceFunction", "Timeout"), 299, "may take 300 s"),
    (
        "tasks_are_the_registrys",
        event(*SWEEP, "Input"),
        '{"task": "requeue_imports", "scheduled_time": "<aws.scheduler.scheduled-time>", "limit": 1}',
        "as it is delivered",
    ),
    ("metrics_belong_to_the_stack", service("PollerFunction"), "poller", "of every stack"),
    (
        "metrics_belong_to_the_stack",
        service("PollerFunction"),
        {"Fn::Sub": "${AWS::StackName}-maintenance"},
        "shares the service",
    ),
    ("silence_is_heard", ("Resources", "GaugeListSilentAlarm"), {"Type": "None"}, "McfcdGaugeList: no alarm"),
    ("silence_is_heard", of("CheckStalenessSilentAlarm", "Period"), 300, "3 periods of 900 s"),
    (
        "silence_is_heard",
        of("CheckStalenessSilentAlarm", "TreatMissingData"),
        "notBreaching",
        "no alarm after",
    ),
    ("silence_is_heard", of("CleanupRejectsSilentAlarm", "EvaluationPeriods"), 1, "3 periods of 86400 s"),
    ("silence_is_heard", event(*SWEEP, "ScheduleExpression"), "rate(10 minutes)", "3 periods of 600 s"),
    (
        "silence_is_heard",
        ("Resources", "RequeueImportsSilentAlarm", "Condition"),
        REMOVE,
        "schedules are off",
    ),
    ("silence_is_heard", ("Conditions", "SchedulesRun"), {"Fn::Equals": ["a", "a"]}, "schedules are off"),
    (
        "silence_is_heard",
        service("MaintenanceFunction"),
        {"Fn::Sub": "${AWS::StackName}-m"},
        "no alarm after",
    ),
    ("silence_is_heard", ("Resources", "RefreshGaugeRecordsFailedAlarm"), {"Type": "None"}, "of its failure"),
    (
        "polls_are_as_frequent_as_promised",
        event(POLL[0], "Usgs", "ScheduleExpression"),
        "rate(30 minutes)",
        "usgs is polled every 1800 s instead of 900 s",
    ),
    (
        "polls_are_the_registrys",
        event(POLL[0], "McfcdTips", "ScheduleExpression"),
        "rate(5 minutes)",
        "mcfcd_tips is polled at rate(5 minutes) in the template, rate(15 minutes) in the registry",
    ),
    (
        "an_agency_that_is_down_is_one_alarm",
        ("Resources", "UsgsSilentAlarm"),
        {"Type": "None"},
        "Usgs: 0 alarms ring",
    ),
    (
        "an_agency_that_is_down_is_one_alarm",
        of("UsgsSitesSilentAlarm", "MetricName"),
        "PollUsgsFailed",
        "Usgs: 2 alarms ring",
    ),
    (
        "an_agency_that_is_down_is_one_alarm",
        of("ImportsLateAlarm", "MetricName"),
        "PublishSystemStateSeriesOffline",
        "for each of many",
    ),
    ("late_imports_are_heard", of("ImportsLateAlarm", "Threshold"), 7200, "more than an hour"),
    ("late_imports_are_heard", of("ImportsLateAlarm", "MetricName"), "OldestDue", "more than an hour"),
    (
        "late_imports_are_heard",
        of("ImportsLateAlarm", "TreatMissingData"),
        "notBreaching",
        "nothing is known",
    ),
    (
        "events_that_were_given_up_are_heard",
        ("Resources", "MaintenanceGaveUpAlarm"),
        {"Type": "None"},
        "MaintenanceFunction: nobody hears",
    ),
    (
        "events_that_were_given_up_are_heard",
        of("PollerGaveUpAlarm", "Threshold"),
        5,
        "PollerFunction: nobody",
    ),
    (
        "alarms_fit_cloudwatch",
        of("CleanupRejectsSilentAlarm", "EvaluationPeriods"),
        8,
        "8 periods of 86400 s",
    ),
    (
        "alarms_fit_cloudwatch",
        of("CheckStalenessSilentAlarm", "EvaluationPeriods"),
        97,
        "97 periods of 900 s",
    ),
]

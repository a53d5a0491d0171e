"""The table of rules: each takes a parsed template and gives its faults, one line each."""

from collections.abc import Callable, Iterator

from tests.template import (
    rules_alarms,
    rules_dashboard,
    rules_database,
    rules_functions,
    rules_queues,
    rules_rights,
    rules_schedules,
    rules_silence,
    rules_web,
)
from tests.template.parsed import Template

Rule = Callable[[Template], Iterator[str]]

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        *rules_queues.RULES,
        *rules_functions.RULES,
        *rules_rights.RULES,
        *rules_schedules.RULES,
        *rules_alarms.RULES,
        *rules_silence.RULES,
        *rules_database.RULES,
        *rules_dashboard.RULES,
        *rules_web.RULES,
    )
}

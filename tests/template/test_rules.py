"""template.yaml keeps every rule, and every rule notices when it does not."""

from copy import deepcopy
from typing import Any

import pytest

from tests.template import mutations, mutations_deployment, mutations_runs, mutations_web
from tests.template.parsed import Template
from tests.template.places import REMOVE, Path
from tests.template.rules import RULES

MUTATIONS = [
    *mutations.MUTATIONS,
    *mutations_runs.MUTATIONS,
    *mutations_deployment.MUTATIONS,
    *mutations_web.MUTATIONS,
]


@pytest.mark.parametrize("rule", RULES)
def test_the_template_keeps_the_rule(rule: str, template: Template) -> None:
    assert list(RULES[rule](template)) == []


@pytest.mark.parametrize(("rule", "path", "value", "fault"), MUTATIONS)
def test_the_rule_notices(rule: str, path: Path, value: Any, fault: str, template: Template) -> None:
    broken = deepcopy(template)
    *way, last = path
    place: Any = broken
    for step in way:
        place = place[step]
    if value is REMOVE:
        del place[last]
    else:
        place[last] = value

    assert any(fault in found for found in RULES[rule](broken)), list(RULES[rule](broken))


def test_every_rule_is_tried() -> None:
    assert {rule for rule, *_ in MUTATIONS} == set(RULES)

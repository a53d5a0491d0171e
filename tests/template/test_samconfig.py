"""samconfig.toml sets only what the template has, and its stacks can share an account."""

import tomllib
from typing import Any

import pytest

from tests.template.parsed import PROJECT_ROOT, Template

CONFIG: dict[str, Any] = tomllib.loads((PROJECT_ROOT / "samconfig.toml").read_text())
ENVIRONMENTS = ("dev", "staging", "prod")


def deploy(environment: str) -> dict[str, Any]:
    settings: dict[str, Any] = CONFIG[environment]["deploy"]["parameters"]
    return settings


def overrides(environment: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in deploy(environment)["parameter_overrides"])


def test_there_are_three_environments() -> None:
    assert set(CONFIG) == {"version", "default", *ENVIRONMENTS}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_its_parameters_exist_and_take_the_value(environment: str, template: Template) -> None:
    for name, value in overrides(environment).items():
        parameter = template["Parameters"][name]
        assert value in parameter.get("AllowedValues", [value])


def test_dev_runs_nothing_by_itself_and_logs_everything() -> None:
    assert overrides("dev")["SchedulesState"] == "DISABLED"
    assert overrides("dev")["LogLevel"] == "DEBUG"


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_others_run(environment: str) -> None:
    assert overrides(environment)["SchedulesState"] == "ENABLED"
    assert overrides(environment)["LogLevel"] == "INFO"


def test_a_person_confirms_production() -> None:
    assert deploy("prod")["confirm_changeset"] is True


def test_stacks_do_not_share_a_name() -> None:
    assert len({deploy(environment)["stack_name"] for environment in ENVIRONMENTS}) == len(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_it_asks_for_no_named_roles(environment: str) -> None:
    assert deploy(environment)["capabilities"] == "CAPABILITY_IAM"

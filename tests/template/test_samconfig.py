"""samconfig.toml sets only what the template has, and its stacks can share an account."""

import tomllib
from copy import deepcopy
from ipaddress import ip_network
from itertools import combinations
from typing import Any

import pytest

from tests.template.connections import most_connections
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


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_all_functions_together_stay_below_the_databases_limit(environment: str, template: Template) -> None:
    """With a fifth to spare, at which the alarm rings."""
    limit = int(
        overrides(environment).get(
            "DatabaseMaxConnections", template["Parameters"]["DatabaseMaxConnections"]["Default"]
        )
    )

    needed = most_connections(template)

    assert sum(needed.values()) <= 0.8 * limit, needed


def test_the_count_of_connections_follows_schedules_and_mappings(template: Template) -> None:
    before = most_connections(template)
    more = deepcopy(template)
    resources = more["Resources"]
    events = resources["FoprImporterFunction"]["Properties"]["Events"]
    events["ImportQueue"]["Properties"]["ScalingConfig"]["MaximumConcurrency"] += 10
    polls = resources["PollerFunction"]["Properties"]["Events"]
    polls["Usgs"]["Properties"]["ScheduleExpression"] = "rate(1 minute)"

    after = most_connections(more)

    assert after["FoprImporterFunction"] == before["FoprImporterFunction"] + 10
    # Each may take five minutes, so five of a minute's schedule overlap instead of one.
    assert after["PollerFunction"] >= before["PollerFunction"] + 2 * 4


# Memory of the classes that we use, in GiB: RDS would give about 100 connections for each.
CLASSES = {"db.t4g.micro": 1, "db.t4g.small": 2, "db.t4g.medium": 4}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_limit_fits_the_class(environment: str, template: Template) -> None:
    """RDS's own default is its memory divided by 9531392; a connection costs memory."""
    limit = int(overrides(environment).get("DatabaseMaxConnections", 80))

    assert limit <= CLASSES[overrides(environment)["DatabaseInstanceClass"]] * 2**30 / 9_531_392


def test_only_dev_can_be_thrown_away() -> None:
    protected = {name: overrides(name)["DatabaseDeletionProtection"] for name in ENVIRONMENTS}
    assert protected == {"dev": "false", "staging": "true", "prod": "true"}
    assert overrides("prod")["DatabaseMultiAz"] == "true"


def test_their_networks_could_be_joined() -> None:
    blocks = [ip_network(overrides(environment)["VpcCidr"]) for environment in ENVIRONMENTS]
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))

"""Rules for the dashboard: what it draws exists, and every poll is on it."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from gaugehouse.domain.system_state import SystemState
from gaugehouse.runtime.polls import SOURCES
from gaugehouse.runtime.tasks import TASKS
from gaugehouse.runtime.telemetry import NAMESPACE, metric_name
from gaugehouse.services.import_outcome import ImportOutcome
from tests.template.parsed import Template, functions, of_type
from tests.template.rules_silence import service_of


def the_dashboard_draws_what_exists(template: Template) -> Iterator[str]:
    """CloudWatch draws an empty picture for a metric that nobody sends, and says nothing."""
    services = {service_of(function)["Fn::Sub"] for function in functions(template).values()}
    for metric in _metrics(template):
        if metric[0] == NAMESPACE and (metric[1] not in _reported() or metric[3] not in services):
            yield f"nobody reports {metric[1]} of {metric[3]}"


def the_dashboard_shows_every_poll(template: Template) -> Iterator[str]:
    """An operator looks for a source and must not miss that it is missing."""
    shown = {metric[1] for metric in _metrics(template)}
    for source in SOURCES:
        for ending in ("succeeded", "failed"):
            if metric_name(f"poll:{source}_{ending}") not in shown:
                yield f"the dashboard does not show {metric_name(f'poll:{source}_{ending}')}"


def _metrics(template: Template) -> Iterator[list[Any]]:
    for dashboard in of_type(template, "CloudWatch::Dashboard").values():
        body = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
        for widget in body["widgets"]:
            yield from widget["properties"].get("metrics", [])


def _reported() -> set[str]:
    jobs = [*TASKS, *(f"poll:{source}" for source in SOURCES)]
    ended = {f"{job}_{ending}" for job in jobs for ending in ("succeeded", "failed")}
    state = {f"publish_system_state_{field.name}" for field in fields(SystemState)}
    imports = {f"import_{outcome}" for outcome in ImportOutcome}
    return {metric_name(name) for name in ended | state | imports}


RULES = (the_dashboard_draws_what_exists, the_dashboard_shows_every_poll)

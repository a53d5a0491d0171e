"""Which jobs there are, and when: the tasks of the registry, and the polls of the template."""

import json
from typing import Any

from gaugehouse_local.home import TEMPLATE


def job_schedules() -> dict[str, str | None]:
    """Return each job's schedule expression, None for manual ones. Raises: TemplateInvalid."""
    from gaugehouse.runtime.tasks import TASKS

    tasks = {task.name: task.schedule for task in TASKS.values() if task.name != "operate"}
    return {**_polls(), **tasks}


def _polls() -> dict[str, str | None]:
    from gaugehouse_local.template import load_template

    schedules: dict[str, str | None] = {}
    for resource in load_template(TEMPLATE)["Resources"].values():
        events: dict[str, Any] = resource.get("Properties", {}).get("Events", {})
        for event in events.values():
            if event["Type"] == "ScheduleV2":
                source = json.loads(event["Properties"]["Input"]).get("source")
                if source is not None:
                    schedules[f"poll:{source}"] = event["Properties"]["ScheduleExpression"]
    return schedules

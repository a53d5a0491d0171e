"""The documents agree with the tables in the code."""

import json
import re

from gaugehouse.runtime.tasks import TASKS
from tests.real_files import PROJECT_ROOT


def test_the_table_of_tasks_in_the_architecture_is_the_registry() -> None:
    text = (PROJECT_ROOT / "docs" / "architecture.md").read_text()
    table = text.split("| task | schedule | does |\n|---|---|---|\n")[1].split("\n\n")[0]

    assert table.splitlines() == [
        f"| `{task.name}` | {task.schedule or 'manual'} | {task.does} |" for task in TASKS.values()
    ]


def test_the_guide_to_the_api_has_an_example_of_each_route() -> None:
    docs = PROJECT_ROOT / "docs"
    examples = [
        line.split("$API", 1)[1].split('"')[0].split("?")[0]
        for line in (docs / "api.md").read_text().splitlines()
        if line.startswith("    curl ")
    ]

    for path in json.loads((docs / "openapi.json").read_text())["paths"]:
        route = re.compile(re.sub(r"\{\w+\}", "[^/]+", path.removeprefix("/api/v1")))
        assert any(route.fullmatch(example) for example in examples), path

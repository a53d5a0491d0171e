"""The documents agree with the tables in the code."""

from gaugehouse.runtime.tasks import TASKS
from tests.real_files import PROJECT_ROOT


def test_the_table_of_tasks_in_the_architecture_is_the_registry() -> None:
    text = (PROJECT_ROOT / "docs" / "architecture.md").read_text()
    table = text.split("| task | schedule | does |\n|---|---|---|\n")[1].split("\n\n")[0]

    assert table.splitlines() == [
        f"| `{task.name}` | {task.schedule or 'manual'} | {task.does} |" for task in TASKS.values()
    ]

"""Which jobs there are, and when they run: the polls and the tasks of the registries."""


def job_schedules() -> dict[str, str | None]:
    """Return each job's schedule expression, None for manual ones.

    The registries say what the template says: a rule of the template's tests compares them.
    """
    from gaugehouse.runtime.polls import SOURCES
    from gaugehouse.runtime.tasks import TASKS

    polls = {f"poll:{source.name}": source.schedule for source in SOURCES.values()}
    tasks = {task.name: task.schedule for task in TASKS.values() if task.name != "operate"}
    return {**polls, **tasks}

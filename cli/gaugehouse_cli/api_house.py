"""A house that is asked by its HTTP API: some of what a `Deployment` answers, in the same words."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gaugehouse.runtime.operation import plain
from gaugehouse_cli.api_client import ApiClient
from gaugehouse_cli.api_gauges import covered, gauge_page, listed, near
from gaugehouse_cli.dead_letters import Depth

if TYPE_CHECKING:
    from gaugehouse.runtime.api.job_routes import Job

# No option: those stand in the history of the shell and in the list of processes.
KEY_VARIABLE = "GAUGEHOUSE_API_KEY"


class ApiHouse:
    """Answers the operations of the verbs that are marked `over_api`, and nothing else."""

    stays = True
    is_local = False

    def __init__(self, api: ApiClient) -> None:
        self._api = api
        self.name = api.url

    def operate(self, operation: str, **arguments: Any) -> Any:
        """Answer as the operation of that name does. Raises: ApiRefused, ApiUnreachable."""
        return plain(OPERATIONS[operation](self, self._api, **arguments))

    @property
    def runs_schedules(self) -> bool:
        """Whether things happen by themselves: then some job has a next time."""
        return any(job.next_run_at is not None for job in self.jobs)

    @property
    def since(self) -> datetime:
        """From when on schedules ran, as far as the API tells: since the oldest of the newest successes."""
        succeeded = (job.last_succeeded_at for job in self.jobs if job.last_succeeded_at is not None)
        return min(succeeded, default=datetime.now(UTC))

    def queue_depths(self) -> tuple[None, Depth]:
        """Return how full the dead-letter queue is; of the import queue the API does not tell."""
        counts = {each.queue: each.messages for each in self._api.dead_letters()}
        return None, Depth(waiting=counts["imports"], in_flight=0)

    @cached_property
    def jobs(self) -> "list[Job]":
        """The jobs that have run, asked for once."""
        return self._api.jobs()


@contextmanager
def open_api_house(url: str) -> Iterator[ApiHouse]:
    """Ask the API at that address, with the key of the environment. Raises: ApiUnreachable."""
    with ApiClient(url, os.environ.get(KEY_VARIABLE, "").strip() or None) as api:
        yield ApiHouse(api)


def _jobs_list(house: ApiHouse, api: ApiClient) -> dict[str, Any]:
    return {
        "runs": [job.last_run for job in house.jobs],
        "milestones": [
            {
                "job_name": job.job_name,
                "last_succeeded_at": job.last_succeeded_at,
                "last_failed_at": job.last_failed_at,
                "last_scheduled_slot": job.last_scheduled_at,
            }
            for job in house.jobs
        ],
        "pauses": api.pauses(),
    }


def _status(house: ApiHouse, api: ApiClient) -> dict[str, Any]:
    return {
        "state": api.system_state(),
        **_jobs_list(house, api),
        "quotas": api.quotas(),
        "failures": list(api.imports(status="failed", limit=500)),
        "gauges_by_water_year": None,
    }


def _gauges_list(_: ApiHouse, api: ApiClient, *, network: str | None) -> dict[str, Any]:
    return {"gauges": [listed(gauge) for gauge in api.gauges(network=network)], "next": None}


def _gauges_near(
    _: ApiHouse, api: ApiClient, *, latitude: float, longitude: float, radius_miles: float, limit: int
) -> list[dict[str, Any]]:
    found = api.gauges(near=(latitude, longitude), radius_miles=radius_miles, limit=limit)
    return [near(gauge, latitude=latitude, longitude=longitude) for gauge in found]


def _imports_list(_: ApiHouse, api: ApiClient, *, status: str | None, limit: int) -> list[Any]:
    return list(api.imports(status=status, limit=limit))


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "status": _status,
    "jobs_list": _jobs_list,
    "jobs_history": lambda _, api, *, job_name, limit: list(api.job_runs(job_name, limit=limit)),
    "coverage": lambda _, api: {"gauges": [covered(gauge) for gauge in api.coverage()], "next": None},
    "gauges_list": _gauges_list,
    "gauges_near": _gauges_near,
    "gauge": lambda _, api, *, station_id: gauge_page(api, station_id),
    "imports_list": _imports_list,
    "imports_show": lambda _, api, *, kind, subject: api.one_import(kind, subject),
    "quota": lambda _, api: api.quotas(),
    "rejects_list": lambda _, api, *, limit: api.rejects(limit=limit),
}

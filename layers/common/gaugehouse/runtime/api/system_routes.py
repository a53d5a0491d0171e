"""How the system is doing."""

from dataclasses import dataclass
from typing import Literal

from aws_lambda_powertools.event_handler import Response

from gaugehouse import __version__
from gaugehouse.domain.system_state import SystemState
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.store.migrate import schema_version
from gaugehouse.store.system_state import get_system_state

router = new_router()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The service answers, and so does its database."""

    status: Literal["ok"]
    version: str
    schema_version: int


@router.get("/health", tags=["system"], responses=described(Health, "Service and database answer"))
def get_health() -> Response[str]:
    """Say whether service and database answer."""
    return json_answer(
        Health(status="ok", version=__version__, schema_version=schema_version(connection_of(router)))
    )


@router.get("/system/state", tags=["system"], responses=described(SystemState, "One row of counts"))
def get_state() -> Response[str]:
    """Count everything: gauges, imports by state, stale gauges, what waits (the view `system_state`)."""
    return json_answer(get_system_state(connection_of(router)), max_age=10)

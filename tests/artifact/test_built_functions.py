"""Every event through the built artifact: a full environment hides what the layer lacks.

What each event does to the database is tested with its handler's source (tests/e2e). Here it must get the
right answer from the code that is shipped, with the layer's libraries only. The events build on each other.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from gaugehouse.store.migrate import load_migrations
from gaugehouse_local.stack import LocalStack
from tests.artifact.conftest import ARTIFACT, House
from tests.real_files import PROJECT_ROOT

EVENTS = PROJECT_ROOT / "events"
NEWEST = len(load_migrations())
FUNCTIONS = {
    "schema": "SchemaFunction",
    "poller": "PollerFunction",
    "fopr_importer": "FoprImporterFunction",
    "maintenance": "MaintenanceFunction",
    "api": "ApiFunction",
}
HANDLED: dict[str, Any] = {"batchItemFailures": []}
# The second of the three messages of a batch is malformed.
MALFORMED = {"batchItemFailures": [{"itemIdentifier": "7c3b1e90-55d4-4f0e-9a51-0d1f6a3c2b18"}]}
# In this order, into an empty database: what the answer must hold.
ANSWERS: dict[str, dict[str, Any]] = {
    "schema_create": {"Status": "SUCCESS"},
    "schema_migrate": {"applied": 0, "schema_version": NEWEST},
    "poller_mcfcd_gauge_list": {"listed": 3, "discovered": 3, "rejected": 0},
    "poller_manual": {"listed": 3, "discovered": 0},
    "poller_usgs_sites": {"sites": 6, "gauges_discovered": 6},
    "poller_usgs": {"sites": 6, "sites_failed": 0, "sites_not_asked": 0},
    "poller_usgs_backfill": {"sites_failed": 0, "sites_left": 0},
    "poller_mcfcd_rainfall": {"gauges": 3, "discovered": 0, "offline": 0},
    "poller_mcfcd_tips": {"sites": 0},
    "fopr_importer_sqs": HANDLED,
    "fopr_importer_sqs_redriven": HANDLED,
    "fopr_importer_sqs_malformed": MALFORMED,
    "fopr_importer_sqs_backfill": HANDLED,
    "fopr_importer_sqs_water_year": HANDLED,
    "fopr_importer_sqs_monthly_pdf": HANDLED,
    "maintenance_requeue_imports": {"dead_workers": 0, "refused": 0},
    "maintenance_check_staleness": {"turned_fresh": 0},
    "maintenance_backfill": {},
    "maintenance_publish_system_state": {"gauges": 9, "import_jobs_completed": 5},
    "maintenance_refresh_gauge_records": {"reopened": 0},
    "maintenance_ensure_partitions": {},
    "maintenance_cleanup_rejects": {"deleted": 0},
    "maintenance_purge_security_events": {"deleted": 0},
    "maintenance_import_current_water_year": {"requested": 1},
    "maintenance_import_recent_water_years": {"requested": 2},
    "maintenance_reparse_documents": {"reopened": 0},
    "maintenance_operate": {},
    "poller_usgs_manual": {"sites": 6, "sites_failed": 0},
    "poller_usgs_sites_manual": {"sites": 6, "gauges_discovered": 0},
    "maintenance_requeue_imports_manual": {"dead_workers": 0, "refused": 0},
    "maintenance_check_staleness_manual": {"turned_fresh": 0},
    "maintenance_publish_system_state_manual": {"gauges": 9},
    "maintenance_refresh_gauge_records_manual": {"reopened": 0},
    "maintenance_ensure_partitions_manual": {"made": 0},
    "maintenance_cleanup_rejects_manual": {"deleted": 0},
    "maintenance_purge_security_events_manual": {"deleted": 0},
    "maintenance_import_current_water_year_manual": {"requested": 1},
    "maintenance_import_recent_water_years_manual": {"requested": 2},
    "maintenance_reparse_documents_manual": {"reopened": 0},
    "poller_mcfcd_rainfall_manual": {"gauges": 3, "discovered": 0},
    "poller_mcfcd_tips_manual": {"sites": 0},
    "api_health": {"statusCode": 200},
    "api_system_state": {"statusCode": 200},
    "api_unknown_parameter": {"statusCode": 422},
    "api_pause_without_key": {"statusCode": 401},
}
REFUSED = {"maintenance_migrate": "MigrationRefused"}


@pytest.fixture
def cloudformation(httpserver: HTTPServer) -> str:
    """Takes one answer of a custom resource."""
    httpserver.expect_request("/answer", method="PUT").respond_with_data()
    url: str = httpserver.url_for("/answer")
    return url


def logical_id(event: str) -> str:
    return next(name for prefix, name in FUNCTIONS.items() if event.startswith(prefix))


@pytest.mark.timeout(600)
def test_every_event_is_answered(house: House, cloudformation: str) -> None:
    """One test for all of them: they build on each other, and workers would share them out."""
    wrong = {
        event: told for event in [*ANSWERS, *REFUSED] if (told := wrong_with(event, house, cloudformation))
    }

    assert wrong == {}


def wrong_with(event: str, house: House, cloudformation: str) -> str | None:
    """Say what is wrong with the answer to an event, if anything is."""
    content = json.loads((EVENTS / f"{event}.json").read_text())
    if "ResponseURL" in content:
        content["ResponseURL"] = cloudformation
    result = house.stack.invoke(logical_id(event), content)
    if result.error_type != REFUSED.get(event):
        return "\n".join([str(result.error_message), *result.log])
    expected = ANSWERS.get(event)
    if expected is None:
        return None
    assert isinstance(result.payload, dict)
    answer = {key: result.payload.get(key) for key in expected}
    return None if answer == expected else f"{answer} is not {expected}"


def test_every_event_is_here() -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} == {*ANSWERS, *REFUSED}


def test_the_functions_ran_on_the_layer_alone(house: House) -> None:
    stack: LocalStack = house.stack
    for function in stack.resources.functions:
        assert function.pythonpath == (ARTIFACT / "CommonLayer" / "python",)
        assert function.runtime == "python3.13"


def test_everything_is_compiled_and_nothing_is_written(house: House) -> None:
    """Bytecode by content, for the folder that Lambda puts it into; a run leaves the artifact as it was."""
    layer = ARTIFACT / "CommonLayer" / "python"
    compiled = {
        path.parents[1] / path.name.replace(".cpython-313.pyc", ".py") for path in layer.rglob("*.pyc")
    }

    assert compiled == set(layer.rglob("*.py"))
    code = (layer / "gaugehouse" / "__pycache__" / "__init__.cpython-313.pyc").read_bytes()
    assert int.from_bytes(code[4:8], "little") == 0b01, "by its hash, which nobody checks"
    assert b"/opt/python/gaugehouse" in code


def test_no_library_is_there_twice_that_lambda_brings(artifact: Path) -> None:
    shipped = {path.name for path in (artifact / "CommonLayer" / "python").iterdir()}
    assert not shipped & {"boto3", "botocore", "s3transfer", "awslambdaric"}

"""What `make artifact` built, running: a bare Python 3.13, the built layer, and what Lambda brings along."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gaugehouse_local.functions import Runtime
from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.simulator.agency import Together
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network, create_network
from gaugehouse_local.simulator.usgs.usgs_agency import UsgsAgency
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.template import load_template
from tests.conftest import NOON
from tests.real_files import PROJECT_ROOT

ARTIFACT = PROJECT_ROOT / ".aws-sam" / "artifact"


@dataclass(frozen=True, slots=True)
class House:
    """The running artifact, and the world that it is told about."""

    stack: LocalStack
    climate: Climate
    network: Network


@pytest.fixture(scope="session")
def artifact() -> Path:
    """The folder of the built artifact."""
    if not (ARTIFACT / ".built").is_file():
        pytest.skip("not built: `make artifact` needs Python 3.13, the functions' own")
    return ARTIFACT


@pytest.fixture(scope="session")
def runtime(artifact: Path) -> Runtime:
    """No library of this environment: only the interpreter that it was built for, and Lambda's own."""
    return Runtime(
        interpreter=Path((artifact / ".built").read_text().strip()),
        packages=(artifact / "runtime",),
        portable=False,
    )


@pytest.fixture(scope="module")
def house(
    artifact: Path,
    runtime: Runtime,
    postgres: LocalPostgres,
    climate: Climate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """Every built function, before an empty database."""
    network = create_network(sites=6, now=NOON, calm=True)
    streams = UsgsAgency(network, keys=["a-right-key"], hourly_limit_without_key=1000)
    with Simulator(Together(ClimateAgency(climate), streams)) as agency:
        parameters = {
            "Architecture": "x86_64",
            "McfcdBaseUrl": agency.url,
            "McfcdDownloadIntervalSeconds": "0",
            "UsgsBaseUrl": f"{agency.url}/ogcapi/v1",
            "UsgsLegacyBaseUrl": agency.url,
            "UsgsSites": ",".join(site.station_id for site in network.sites),
            "PublicRead": "true",
        }
        with LocalStack(
            load_template(artifact / "template.yaml"),
            root=artifact,
            database_url=postgres.create_database("artifact"),
            state_dir=tmp_path_factory.mktemp("artifact"),
            stack_name="artifact",
            run_event_sources=False,
            runtime=runtime,
            parameters=parameters,
        ) as stack:
            yield House(stack, climate, network)

"""A whole network of stream gauges: the simulator in a process of its own, and the poller in another.

As a script it is that simulator: it serves the network of `SITES SERIES NOW`, prints its address, moves its
present forward by each number of minutes that it reads, and ends with its input.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import create_network
from gaugehouse_local.simulator.usgs.usgs_agency import UsgsAgency
from gaugehouse_local.stack import LocalStack
from tests.real_files import PROJECT_ROOT


@dataclass(slots=True)
class ServedNetwork:
    """A network behind a server; `now` is its present."""

    url: str
    now: datetime
    process: "subprocess.Popen[str]"

    def advance(self, minutes: int) -> None:
        """Let time pass at the agency."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{minutes}\n")
        self.process.stdin.flush()
        self.process.stdout.readline()
        self.now += timedelta(minutes=minutes)


@contextmanager
def served_network(sites: int, series: int) -> Iterator[ServedNetwork]:
    """Serve a network from a process of its own, so that its work and memory are not the poller's."""
    # Nearly the present: a site counts as active by the database's clock, and no poll is for a time to come.
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    command = [sys.executable, "-m", "benchmarks.streams", str(sites), str(series), now.isoformat()]
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield ServedNetwork(url=process.stdout.readline().strip(), now=now, process=process)
        finally:
            process.stdin.close()


@contextmanager
def polling_stack(network: ServedNetwork, database_url: str, folder: Path) -> Iterator[LocalStack]:
    """Run the functions of template.yaml against the network. All of its sites are polled."""
    with LocalStack(
        PROJECT_ROOT / "template.yaml",
        database_url=database_url,
        state_dir=folder,
        stack_name=f"benchmark-{folder.name}",
        run_event_sources=False,
        parameters={
            "UsgsBaseUrl": f"{network.url}/ogcapi/v1",
            "UsgsWholeNetwork": "true",
        },
    ) as stack:
        yield stack


def poll(stack: LocalStack, network: ServedNetwork, source: str = "usgs") -> dict[str, Any]:
    """Invoke the poller as its schedule would, through its handler; return its summary."""
    result = stack.invoke("PollerFunction", {"source": source, "scheduled_time": network.now.isoformat()})
    assert result.error_type is None, result.error_message
    assert isinstance(result.payload, dict)
    return result.payload


def peak_memory_bytes(pid: int) -> int:
    """Return the most memory that a process ever had, on Linux."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main() -> None:
    """Serve until the input ends."""
    sites, series, now = int(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    network = create_network(sites=sites, series=series, now=now)
    agency = UsgsAgency(network, hourly_limit_without_key=1_000_000)
    with Simulator(agency) as simulator:
        print(simulator.url, flush=True)
        for line in sys.stdin:
            network.advance(int(line))
            print("moved", flush=True)


if __name__ == "__main__":
    main()

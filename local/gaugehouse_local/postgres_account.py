"""The operating system's account that PostgreSQL runs as, and how to run something as it."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group to switch to; `None` where PostgreSQL runs as we do."""

    user: int | None = None
    group: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        """None of root's other groups where we switch away from root."""
        return None if self.user is None else []

    def can(self, test: str, path: Path) -> bool:
        """Whether this account passes the shell's `test` on a path: asked of the system, since ACLs count."""
        return self.run(["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]).returncode == 0

    def run(
        self, command: list[str], *, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as this account, with its output captured."""
        return subprocess.run(  # noqa: S603 - our own fixed commands
            command,
            cwd="/",
            env=env,
            capture_output=True,
            text=True,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=self.extra_groups,
        )

    def give(self, path: Path) -> None:
        """Make this account the owner of a path."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)


def account_for(cluster: Path) -> Account:
    """Ourselves; for root, as whom PostgreSQL refuses to run, the data's owner or else `nobody`."""
    if os.geteuid() != 0:
        return Account()
    if cluster.exists() and cluster.stat().st_uid != 0:  # made earlier, perhaps by an ordinary user
        return Account(cluster.stat().st_uid, cluster.stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)

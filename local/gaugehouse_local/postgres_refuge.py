"""A place for PostgreSQL's data and binaries where the account that runs the server can go.

Needed only when root starts the stack below a folder that is closed to others: a clone below /root, or a
folder made by `mktemp -d`. The data then lies in a folder of root's own (/var/lib/gaugehouse if it can be
made), and the data folder holds a note that says where. The note is what counts, so a data folder may be
moved. When it is deleted, a later start sweeps up what was put here for it.
"""

import hashlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.postgres_account import Account
from gaugehouse_local.postgres_pid import running_server

NOTE = "location.txt"
ORIGIN = "origin.txt"
PARENTS = (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir()))  # noqa: S108 - _base looks who owns it
# A data folder may be on its way to another name: what was used a moment ago is not swept up.
SWEEP_AFTER_SECONDS = 24 * 3600


def copy_binaries(install: Path, account: Account) -> Path:
    """Copy PostgreSQL's programs to where `account` can reach them, once for each version."""
    mark = (install / "bin" / "postgres").stat()
    name = hashlib.sha256(f"{install}|{mark.st_size}|{mark.st_mtime_ns}".encode()).hexdigest()[:16]
    copy = _base(account) / f"postgresql-{name}"
    if not copy.exists():
        # Copied aside and renamed, so that another start never sees half a copy.
        aside = Path(tempfile.mkdtemp(prefix="copy-", dir=copy.parent))
        try:
            shutil.copytree(install, aside / "pginstall", symlinks=True)
            _open_to_readers(aside / "pginstall")
            (aside / "pginstall").rename(copy)
        except OSError:
            if not copy.exists():  # else somebody else was faster
                raise
        finally:
            shutil.rmtree(aside)
    return copy


def place_for(data_dir: Path, account: Account) -> Path:
    """The place that stands for this data folder, the same at every start. Made at the first one."""
    base = _base(account)
    _sweep(base)
    place = noted_place(data_dir)
    if place is None or place.parent != base or not place.is_dir() or _is_of_another(place, data_dir):
        place = Path(tempfile.mkdtemp(prefix="data-", dir=base))
        place.chmod(0o711)
    (data_dir / NOTE).write_text(
        f"{place}\nThe data is there: PostgreSQL's account, uid {account.user}, cannot reach this folder.\n"
    )
    (place / ORIGIN).write_text(f"{data_dir.resolve()}\n")
    return place


def noted_place(data_dir: Path) -> Path | None:
    """The place that the data folder's note names, if it has a note."""
    note = data_dir / NOTE
    return Path(note.read_text().splitlines()[0]) if note.exists() else None


def delete_place(place: Path) -> None:
    """Delete a place, if it is one of ours."""
    if (place / ORIGIN).exists():
        shutil.rmtree(place, ignore_errors=True)


def _base(account: Account) -> Path:
    for parent in PARENTS:
        base = parent / "gaugehouse"
        try:
            if not base.exists():
                base.mkdir()
                base.chmod(0o711)  # whatever the umask
            status = base.lstat()
        except OSError:
            continue
        # In a folder that everybody writes to, somebody else may have made it first.
        is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == 0 and not status.st_mode & 0o022
        if is_ours and account.can("-x", base):
            return base
    raise LocalStackError(
        f"PostgreSQL does not run as root, and uid {account.user} can reach none of "
        f"{', '.join(str(parent) for parent in PARENTS)}. Start as an ordinary user, or set DATABASE_URL."
    )


def _open_to_readers(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            may_execute = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(path.stat().st_mode | (0o055 if may_execute else 0o044))


def _sweep(base: Path) -> None:
    for origin in base.glob(f"data-*/{ORIGIN}"):
        place = origin.parent
        wanted = noted_place(Path(origin.read_text().strip())) == place
        recent = time.time() - origin.stat().st_mtime < SWEEP_AFTER_SECONDS
        if not wanted and not recent and running_server(place / "cluster") is None:
            delete_place(place)


def _is_of_another(place: Path, data_dir: Path) -> bool:
    # A copied data folder has a copied note; the data stays with the folder that it was made for.
    origin = Path((place / ORIGIN).read_text().strip())
    return origin != data_dir.resolve() and noted_place(origin) == place

"""Apply the numbered SQL files in `migrations/`, each once, each in its own transaction."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection

from gaugehouse.domain.errors import DatabaseIsNewer, MigrationRefused
from gaugehouse.store.connection import only_row

MIGRATIONS_DIRECTORY = Path(__file__).parent / "migrations"

# Any number that nobody else uses. Session advisory locks are allowed here and nowhere else: the lock
# table does not exist before the first migration.
ADVISORY_LOCK_KEY = 0x6761756765  # "gauge"

CREATE_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer     PRIMARY KEY,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
COMMENT_HISTORY = """
COMMENT ON TABLE schema_migrations IS 'The migrations of this database, each with the digest of its file.'
"""
SELECT_VERSION = "SELECT coalesce(max(version), 0) FROM schema_migrations"
SELECT_APPLIED = "SELECT version, name, sha256 FROM schema_migrations ORDER BY version"
INSERT_APPLIED = (
    "INSERT INTO schema_migrations (version, name, sha256) VALUES (%(version)s, %(name)s, %(sha256)s)"
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration file: `0003_import_jobs.sql` is version 3, name `import_jobs`."""

    version: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Return the digest that must stay the same once the migration has landed."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationSummary:
    """How many migrations were applied now, and which version the schema has."""

    applied: int
    schema_version: int

    @property
    def rows_affected(self) -> int:
        """Migrations that were applied."""
        return self.applied


def load_migrations(directory: Path = MIGRATIONS_DIRECTORY) -> tuple[Migration, ...]:
    """Read the migration files in order.

    Raises: MigrationRefused when numbers are missing or used twice.
    """
    migrations = tuple(_read(path) for path in sorted(directory.glob("*.sql")))
    if [migration.version for migration in migrations] != list(range(1, len(migrations) + 1)):
        names = ", ".join(path.name for path in sorted(directory.glob("*.sql")))
        raise MigrationRefused(f"migrations must be numbered 0001, 0002, … without holes; found: {names}")
    return migrations


def digest_of(migrations: Sequence[Migration]) -> str:
    """Return one digest of all of them. The template carries it, so that a new one is a change to deploy."""
    return hashlib.sha256("".join(migration.sha256 for migration in migrations).encode()).hexdigest()


def migrate(conn: Connection, migrations: Sequence[Migration] | None = None) -> MigrationSummary:
    """Bring the database to the newest version. Safe to run at any time, also twice at once.

    Raises: MigrationRefused when a landed migration was edited or removed, DatabaseIsNewer when the database
    is newer than these files; psycopg.Error when a migration fails (it is rolled back, earlier ones stay).
    """
    wanted = load_migrations() if migrations is None else tuple(migrations)
    with _only_migrator(conn):
        landed = _landed(conn)
        _refuse_edited(wanted, landed)
        pending = wanted[len(landed) :]
        for migration in pending:
            with conn.transaction():
                conn.execute(migration.text.encode())
                conn.execute(
                    INSERT_APPLIED,
                    {"version": migration.version, "name": migration.name, "sha256": migration.sha256},
                )
    return MigrationSummary(applied=len(pending), schema_version=len(wanted))


def schema_version(conn: Connection) -> int:
    """Return the version of the schema that the database has."""
    version: int = only_row(conn.execute(SELECT_VERSION))[0]
    return version


@contextmanager
def _only_migrator(conn: Connection) -> Iterator[None]:
    """Hold the migration lock; a second migrator waits, then finds nothing left to do."""
    conn.execute("SET lock_timeout = 0; SET statement_timeout = 0")  # building an index may take long
    conn.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK_KEY,))
    try:
        yield
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK_KEY,))
        conn.execute("RESET lock_timeout; RESET statement_timeout")


def _landed(conn: Connection) -> list[tuple[int, str, str]]:
    with conn.transaction():
        conn.execute(CREATE_HISTORY)
        conn.execute(COMMENT_HISTORY)
    return conn.execute(SELECT_APPLIED).fetchall()


def _refuse_edited(wanted: Sequence[Migration], landed: Sequence[tuple[int, str, str]]) -> None:
    for migration, (version, name, sha256) in zip(wanted, landed, strict=False):
        if (migration.version, migration.sha256) != (version, sha256):
            raise MigrationRefused(
                f"migration {version:04d}_{name} was edited after it landed: "
                "restore the file and put the change into a new migration"
            )
    if len(landed) > len(wanted):
        raise DatabaseIsNewer(
            f"the database has {len(landed)} migrations, this release only {len(wanted)}: "
            f"deploy the release that brought {landed[-1][0]:04d}_{landed[-1][1]}"
        )


def _read(path: Path) -> Migration:
    number, _, name = path.stem.partition("_")
    if not (number.isdigit() and name):
        raise MigrationRefused(f"{path.name}: a migration is named NNNN_name.sql")
    return Migration(int(number), name, path.read_text(encoding="utf-8"))

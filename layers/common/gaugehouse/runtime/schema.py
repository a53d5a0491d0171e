"""What a deployment does to the database: migrate it as its owner, and let the functions' roles in."""

from dataclasses import dataclass, replace
from typing import Literal

from gaugehouse.runtime.invocation import Run, ScheduledEvent
from gaugehouse.runtime.slots import new_run, run_unlocked
from gaugehouse.store.migrate import migrate
from gaugehouse.store.roles import admit_by_iam


class SchemaEvent(ScheduledEvent):
    """What the schema function can be given by hand."""

    task: Literal["migrate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSummary:
    """How many migrations were applied now, which version the schema has, and how many roles IAM lets in."""

    applied: int
    schema_version: int
    roles_admitted: int

    @property
    def rows_affected(self) -> int:
        """Migrations that were applied."""
        return self.applied


def update_schema(event: SchemaEvent, run: Run) -> SchemaSummary:
    """Migrate under the migration lock alone, and record the run afterwards.

    Raises: MigrationRefused, DatabaseIsNewer, psycopg.Error when a migration fails.
    """
    conn = run.wiring.connection()
    summary: SchemaSummary

    def work() -> SchemaSummary:
        nonlocal summary
        done = migrate(conn)
        summary = SchemaSummary(
            applied=done.applied, schema_version=done.schema_version, roles_admitted=admit_by_iam(conn)
        )
        return summary

    # Migrating twice for one slot is no mistake, and both runs are to be seen.
    run_unlocked(replace(new_run("migrate", event, run), forced=True), conn, work)
    return summary

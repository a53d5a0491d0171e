"""Kept documents that an older parser has read: asking for them to be read again, without a download."""

from collections import Counter
from collections.abc import Mapping

from psycopg import Connection

from gaugehouse.domain.import_jobs import Kind

# Open jobs stay as they are: whatever they read, the new parser reads it.
REOPEN_OUTDATED = """
UPDATE import_jobs AS job
SET status = 'pending', retry_count = 0, error_message = NULL, priority = %(priority)s, source = 'reparse',
    document_id = newest.id
FROM (
    SELECT DISTINCT ON (source, subject) id, source, subject, parser_version
    FROM source_documents
    WHERE outcome = 'imported' AND source = ANY (%(kinds)s)
    ORDER BY source, subject, imported_at DESC
) AS newest
JOIN unnest(%(kinds)s::text[], %(older_than)s::int[]) AS parser (kind, older_than)
    ON parser.kind = newest.source
WHERE newest.parser_version < parser.older_than AND job.kind = newest.source
    AND job.subject = newest.subject
    AND job.status IN ('completed', 'failed') AND job.next_retry_at IS NULL
RETURNING job.kind
"""


def reopen(conn: Connection, older_than: Mapping[Kind, int], *, priority: int) -> dict[Kind, int]:
    """Ask for the newest imported document of each subject that a parser older than that version has read.

    Return how many of each kind.
    """
    rows = conn.execute(
        REOPEN_OUTDATED,
        {"kinds": list(older_than), "older_than": list(older_than.values()), "priority": priority},
    )
    return dict(Counter(Kind(kind) for (kind,) in rows))

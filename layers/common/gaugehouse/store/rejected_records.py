"""What was dropped instead of stored. Seeing it again counts up; it does not pile up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.documents import RejectedRecord

# DISTINCT ON: one statement may not touch a row twice, and a document can hold the same fault twice.
UPSERT = """
INSERT INTO rejected_records AS known (source, reason, fingerprint, detail, raw)
SELECT DISTINCT ON (source, reason, fingerprint) dropped.*
FROM unnest(%(sources)s::text[], %(reasons)s::text[], %(fingerprints)s::text[], %(details)s::text[],
            %(raws)s::text[]) AS dropped (source, reason, fingerprint, detail, raw)
ON CONFLICT (source, reason, fingerprint) DO UPDATE
    SET seen_count = known.seen_count + 1, last_seen_at = now(), raw = excluded.raw
"""

# Of those that were seen at one moment, a page goes on after the detail of the record that it is told: a
# detail has any length, and its digest not.
SELECT_NEWEST = """
SELECT source, reason, detail, raw, first_seen_at, last_seen_at, seen_count
FROM rejected_records
WHERE %(before)s::timestamptz IS NULL OR last_seen_at < %(before)s
    OR (last_seen_at = %(before)s AND (detail, source, reason) > (
        SELECT detail, source, reason FROM rejected_records
        WHERE source = %(source)s AND reason = %(reason)s AND fingerprint = %(fingerprint)s))
ORDER BY last_seen_at DESC, detail, source, reason
LIMIT %(limit)s
"""
DELETE_UNSEEN = """
DELETE FROM rejected_records
WHERE (source, reason, fingerprint) IN (
    SELECT source, reason, fingerprint FROM rejected_records
    WHERE last_seen_at < clock_timestamp() - make_interval(days => %(days)s)
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Something that was dropped, and why: `detail` says where it stood, `raw` is its text as it came."""

    source: str
    reason: str
    detail: str
    raw: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen_count: int


def record(conn: Connection, rejects: Sequence[RejectedRecord]) -> int:
    """Keep what was dropped. Return how many different records these were."""
    if not rejects:
        return 0
    return conn.execute(
        UPSERT,
        {
            "sources": [reject.source for reject in rejects],
            "reasons": [reject.reason for reject in rejects],
            "fingerprints": [reject.fingerprint for reject in rejects],
            "details": [reject.detail for reject in rejects],
            # PostgreSQL's text holds no NUL; everything else is kept as it came.
            "raws": [
                reject.raw[: RejectedRecord.MAX_RAW_LENGTH].replace("\0", "\N{REPLACEMENT CHARACTER}")
                for reject in rejects
            ],
        },
    ).rowcount


def delete_unseen(conn: Connection, *, days: int, limit: int) -> int:
    """Delete up to `limit` records not seen for so long, on the database's clock. Return how many."""
    return conn.execute(DELETE_UNSEEN, {"days": days, "limit": limit}).rowcount


class RejectKey(NamedTuple):
    """Where a record stands among the newest, and which one it is."""

    last_seen_at: datetime
    source: str
    reason: str
    fingerprint: str


def key_of(reject: Reject) -> RejectKey:
    """Return the key of a record, after which a next page begins."""
    known = RejectedRecord(source=reject.source, reason=reject.reason, raw=reject.raw, detail=reject.detail)
    return RejectKey(reject.last_seen_at, known.source, known.reason, known.fingerprint)


def newest(conn: Connection, *, after: RejectKey | None = None, limit: int) -> list[Reject]:
    """Return the records that were dropped last, newest first: a page of them, after the given one."""
    before, source, reason, fingerprint = after or (None, None, None, None)
    where = {
        "before": before, "source": source, "reason": reason, "fingerprint": fingerprint, "limit": limit
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(Reject)) as cursor:
        return cursor.execute(SELECT_NEWEST, where).fetchall()

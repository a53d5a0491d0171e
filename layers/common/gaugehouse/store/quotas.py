"""One request per interval to each agency, and its budget where it tells one; shared by all functions.

Kept in PostgreSQL, so that a cold start knows what the last sandbox used up.
"""

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.errors import SourceBusy
from gaugehouse.domain.quotas import Budget, Quota

# Whoever comes takes the first free moment and moves it on by one interval, and takes one request of the
# budget, in one atomic statement. A budget whose window is over is whole again, once. Nothing is taken when
# that moment is further away than the caller is willing to wait, or when the budget is used up. Whether the
# window is over is asked three times and must get one answer, so the clock stands still for it.
CONSUME = """
INSERT INTO upstream_quotas AS quota (source, next_request_at)
VALUES (%(source)s, clock_timestamp() + make_interval(secs => %(interval_seconds)s))
ON CONFLICT (source) DO UPDATE
    SET next_request_at = greatest(quota.next_request_at, clock_timestamp())
                          + make_interval(secs => %(interval_seconds)s),
        remaining = CASE WHEN quota.resets_at <= statement_timestamp() THEN quota.request_limit
                         ELSE quota.remaining END - 1,
        resets_at = CASE WHEN quota.resets_at <= statement_timestamp()
                         THEN clock_timestamp() + make_interval(secs => quota.window_seconds)
                         ELSE quota.resets_at END
    WHERE quota.next_request_at <= clock_timestamp() + make_interval(secs => %(longest_wait_seconds)s)
        AND (quota.remaining IS NULL OR quota.remaining > %(spare)s * quota.request_limit
            OR quota.resets_at <= statement_timestamp())
RETURNING extract(epoch FROM next_request_at - clock_timestamp())::float8 - %(interval_seconds)s
"""
SELECT_WAIT = """
SELECT extract(epoch FROM greatest(next_request_at,
                                   CASE WHEN remaining <= %(spare)s * request_limit THEN resets_at END)
                          - clock_timestamp())::float8
FROM upstream_quotas WHERE source = %(source)s
"""
HOLD = """
INSERT INTO upstream_quotas AS quota (source, next_request_at)
VALUES (%(source)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (source) DO UPDATE
    SET next_request_at = greatest(quota.next_request_at, excluded.next_request_at)
"""
# The agency's own count is right, whatever ours says: others may share our key. Only a newer window may
# raise what is left, for answers overtake each other.
ADOPT = """
INSERT INTO upstream_quotas AS quota
    (source, next_request_at, request_limit, remaining, window_seconds, resets_at)
VALUES (%(source)s, clock_timestamp(), %(limit)s, %(remaining)s, %(window_seconds)s,
        clock_timestamp() + make_interval(secs => %(window_seconds)s))
ON CONFLICT (source) DO UPDATE
    SET request_limit = excluded.request_limit,
        window_seconds = excluded.window_seconds,
        remaining = CASE WHEN quota.resets_at > statement_timestamp()
                         THEN least(quota.remaining, excluded.remaining) ELSE excluded.remaining END,
        resets_at = CASE WHEN quota.resets_at > statement_timestamp() THEN quota.resets_at
                         ELSE excluded.resets_at END
"""
SELECT_ALL = """
SELECT source, greatest(0, extract(epoch FROM next_request_at - clock_timestamp()))::float8 AS wait_seconds,
       request_limit, remaining, resets_at
FROM upstream_quotas ORDER BY source
"""


def consume(
    conn: Connection,
    source: str,
    *,
    interval_seconds: float,
    longest_wait_seconds: float,
    spare: float = 0.0,
) -> float:
    """Take the right to send one request; return how many seconds to wait before sending it.

    `spare` is the share of the budget that is left to others: 0.2 takes nothing of its last fifth.
    Raises: SourceBusy, with the wait, when it is longer than `longest_wait_seconds` or the budget is used
    up; nothing is taken.
    """
    row = conn.execute(
        CONSUME,
        {
            "source": source,
            "interval_seconds": interval_seconds,
            "longest_wait_seconds": longest_wait_seconds,
            "spare": spare,
        },
    ).fetchone()
    if row is not None:
        return max(0.0, float(row[0]))
    waiting = conn.execute(SELECT_WAIT, {"source": source, "spare": spare}).fetchone()
    seconds = max(0.0, float(waiting[0])) if waiting else 0.0
    raise SourceBusy(f"{source} may be asked again in {seconds:.0f} s", retry_after_seconds=seconds)


def hold(conn: Connection, source: str, *, seconds: float) -> None:
    """Ask the agency nothing for this long: it told one of us so (Retry-After)."""
    conn.execute(HOLD, {"source": source, "seconds": seconds})


def adopt(conn: Connection, source: str, budget: Budget) -> None:
    """Keep what the agency's headers say of our budget."""
    conn.execute(
        ADOPT,
        {
            "source": source,
            "limit": budget.limit,
            "remaining": budget.remaining,
            "window_seconds": budget.window_seconds,
        },
    )


def all_quotas(conn: Connection) -> list[Quota]:
    """Return every agency's quota as it stands."""
    with conn.cursor(row_factory=class_row(Quota)) as cursor:
        return cursor.execute(SELECT_ALL).fetchall()

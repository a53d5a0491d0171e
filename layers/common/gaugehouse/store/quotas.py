"""One request per interval to each agency, shared by all functions and kept across cold starts."""

from psycopg import Connection

from gaugehouse.domain.errors import SourceBusy

# Whoever comes takes the first free moment and moves it on by one interval, in one atomic statement.
# Nothing is taken when that moment is further away than the caller is willing to wait.
CONSUME = """
INSERT INTO upstream_quotas AS quota (source, next_request_at)
VALUES (%(source)s, clock_timestamp() + make_interval(secs => %(interval_seconds)s))
ON CONFLICT (source) DO UPDATE
    SET next_request_at = greatest(quota.next_request_at, clock_timestamp())
                          + make_interval(secs => %(interval_seconds)s)
    WHERE quota.next_request_at <= clock_timestamp() + make_interval(secs => %(longest_wait_seconds)s)
RETURNING extract(epoch FROM next_request_at - clock_timestamp())::float8 - %(interval_seconds)s
"""
SELECT_WAIT = """
SELECT extract(epoch FROM next_request_at - clock_timestamp())::float8
FROM upstream_quotas WHERE source = %(source)s
"""
HOLD = """
INSERT INTO upstream_quotas AS quota (source, next_request_at)
VALUES (%(source)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (source) DO UPDATE
    SET next_request_at = greatest(quota.next_request_at, excluded.next_request_at)
"""


def consume(conn: Connection, source: str, *, interval_seconds: float, longest_wait_seconds: float) -> float:
    """Take the right to send one request; return how many seconds to wait before sending it.

    Raises: SourceBusy, with the wait, when it is longer than `longest_wait_seconds`; nothing is taken.
    """
    row = conn.execute(
        CONSUME,
        {
            "source": source,
            "interval_seconds": interval_seconds,
            "longest_wait_seconds": longest_wait_seconds,
        },
    ).fetchone()
    if row is not None:
        return max(0.0, float(row[0]))
    waiting = conn.execute(SELECT_WAIT, {"source": source}).fetchone()
    seconds = max(0.0, float(waiting[0])) if waiting else 0.0
    raise SourceBusy(f"{source} may be asked again in {seconds:.0f} s", retry_after_seconds=seconds)


def hold(conn: Connection, source: str, *, seconds: float) -> None:
    """Ask the agency nothing for this long: it told one of us so (Retry-After)."""
    conn.execute(HOLD, {"source": source, "seconds": seconds})

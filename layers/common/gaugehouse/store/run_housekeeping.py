"""The bounded housekeeping that each invocation does first: runs without an end, old runs, dead locks."""

from psycopg import Connection

RETENTION_DAYS = 30
# A run cannot last longer than its lock; where the lock's row is gone or lies, two hours are the end.
LONGEST_RUN = "2 hours"
MOST_AT_ONCE = 200  # housekeeping must not delay the work: the rest is done by the next invocation
CRASH = """
UPDATE job_runs AS run
SET status = 'crashed', completed_at = clock_timestamp(),
    error_text = 'it never ended: killed, timed out or out of memory'
WHERE id = ANY (ARRAY(
    SELECT id FROM job_runs AS stale
    WHERE status = 'running'
        AND (started_at < clock_timestamp() - %(longest)s::interval
            OR NOT EXISTS (
                SELECT FROM job_locks
                WHERE job_locks.id = stale.job_name || ':' || stale.slot
                    AND job_locks.fencing_token = stale.fencing_token
                    AND job_locks.expires_at > clock_timestamp()))
    ORDER BY started_at
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED))
"""
DELETE_OLD = """
DELETE FROM job_runs
WHERE id = ANY (ARRAY(
    SELECT id FROM job_runs AS old
    WHERE started_at < clock_timestamp() - make_interval(days => %(days)s) AND status <> 'running'
        AND EXISTS (SELECT FROM job_runs AS newer
            WHERE newer.job_name = old.job_name AND newer.started_at > old.started_at)
    ORDER BY started_at
    LIMIT %(most)s))
"""
# A day's grace, so that an operator can still see who held what.
DELETE_EXPIRED_LOCKS = """
DELETE FROM job_locks
WHERE id = ANY (ARRAY(
    SELECT id FROM job_locks WHERE expires_at < clock_timestamp() - interval '1 day'
    ORDER BY expires_at LIMIT %(most)s FOR UPDATE SKIP LOCKED))
    AND expires_at < clock_timestamp() - interval '1 day'
"""


def declare_crashed(conn: Connection) -> int:
    """Give an end to runs that never got one: their lock is gone, or they began over two hours ago."""
    return conn.execute(CRASH, {"longest": LONGEST_RUN, "most": MOST_AT_ONCE}).rowcount


def delete_old(conn: Connection) -> int:
    """Delete runs older than 30 days, except the newest of each job."""
    return conn.execute(DELETE_OLD, {"days": RETENTION_DAYS, "most": MOST_AT_ONCE}).rowcount


def delete_expired_locks(conn: Connection) -> int:
    """Delete slot locks that nobody released: their holders died long ago."""
    return conn.execute(DELETE_EXPIRED_LOCKS, {"most": MOST_AT_ONCE}).rowcount

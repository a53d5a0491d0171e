"""Wait for our turn at an agency: all functions together keep one distance between their requests."""

import math
import time

from psycopg import Connection

from gaugehouse.store import quotas

LONGEST_WAIT_SECONDS = 10.0  # in place; whoever would have to wait longer comes back later


def wait_for_turn(
    conn: Connection,
    quota: str,
    *,
    interval_seconds: float,
    seconds_left: float = math.inf,
    spare: float = 0.0,
) -> None:
    """Take the next free moment of the agency's quota and sleep until it has come.

    `spare` is the share of the agency's budget that is left to others.
    Raises: SourceBusy when that is more than 10 s away, or than the seconds that are left; nothing is taken
    then.
    """
    time.sleep(
        quotas.consume(
            conn,
            quota,
            interval_seconds=interval_seconds,
            longest_wait_seconds=min(LONGEST_WAIT_SECONDS, max(0.0, seconds_left)),
            spare=spare,
        )
    )

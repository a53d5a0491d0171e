"""The functions' roles, as the deployment lets them in. The migrations make them and say what each may do."""

from psycopg import Connection

from gaugehouse.store.connection import only_row

FUNCTION_ROLES = (
    "gaugehouse_poller",
    "gaugehouse_importer",
    "gaugehouse_maintenance",
    "gaugehouse_api",
    "gaugehouse_reader",
)

# This role exists on Amazon RDS only: a member comes in with a token of IAM, and with no password.
HAS_IAM = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam')"
GRANT_IAM = """
GRANT rds_iam
TO gaugehouse_poller, gaugehouse_importer, gaugehouse_maintenance, gaugehouse_api, gaugehouse_reader
"""
LET_IN = """
ALTER ROLE gaugehouse_poller LOGIN;
ALTER ROLE gaugehouse_importer LOGIN;
ALTER ROLE gaugehouse_maintenance LOGIN;
ALTER ROLE gaugehouse_api LOGIN;
ALTER ROLE gaugehouse_reader LOGIN
"""


def admit_by_iam(conn: Connection) -> int:
    """Let the functions' roles in by IAM, where the server knows it. Return how many were. Safe to repeat.

    Raises: psycopg.errors.InsufficientPrivilege when the session's user is not RDS's master user.
    """
    if not only_row(conn.execute(HAS_IAM))[0]:
        return 0
    with conn.transaction():
        # In this order: without the first they would be open to whoever a server trusts.
        conn.execute(GRANT_IAM)
        conn.execute(LET_IN)
    return len(FUNCTION_ROLES)

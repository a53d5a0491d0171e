"""The database of a function: one connection per sandbox, kept between invocations, proven before use."""

from contextlib import suppress

import psycopg

from gaugehouse.runtime.database_login import Login
from gaugehouse.store.connection import STATEMENT_SECONDS, connect, is_alive


class Database:
    """Connects by what a login says, or by the next one where it is refused.

    See `gaugehouse.runtime.database_login` for the two that there are.
    """

    def __init__(
        self, *logins: Login, application_name: str, statement_seconds: int = STATEMENT_SECONDS
    ) -> None:
        self._logins = logins
        self._application_name = application_name
        self._statement_seconds = statement_seconds
        self._connection: psycopg.Connection | None = None

    def connection(self) -> psycopg.Connection:
        """Return a connection that answers: the one of the last invocation, or a new one.

        The login is asked again when it is refused: a password may have been rotated.

        Raises: psycopg.OperationalError when the database cannot be reached.
        """
        if self._connection is None or not is_alive(self._connection):
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> psycopg.Connection:
        *_, last = self._logins
        for login in self._logins:
            known = login.known()
            if known is not None:
                with suppress(psycopg.OperationalError):
                    return self._open(known)
            if login is not last:
                with suppress(psycopg.OperationalError):
                    return self._open(login.ask())
        return self._open(last.ask())

    def _open(self, conninfo: str) -> psycopg.Connection:
        return connect(
            conninfo, application_name=self._application_name, statement_seconds=self._statement_seconds
        )

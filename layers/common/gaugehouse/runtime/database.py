"""The database of a function: one connection per sandbox, kept between invocations, proven before use.

AWS actions: secretsmanager:GetSecretValue on the database's secret.
"""

import json
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import make_conninfo

from gaugehouse.domain.errors import ConfigurationInvalid
from gaugehouse.store.connection import connect, is_alive

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class Database:
    """Connects by a secret with host, port, username, password and dbname, as JSON."""

    def __init__(self, secrets: "SecretsManagerClient", secret_arn: str, application_name: str) -> None:
        self._secrets = secrets
        self._secret_arn = secret_arn
        self._application_name = application_name
        self._conninfo: str | None = None
        self._connection: psycopg.Connection | None = None

    def connection(self) -> psycopg.Connection:
        """Return a connection that answers: the one of the last invocation, or a new one.

        The secret is read again when its credentials are refused: they may have been rotated.

        Raises: psycopg.OperationalError when the database cannot be reached.
        """
        if self._connection is None or not is_alive(self._connection):
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> psycopg.Connection:
        if self._conninfo is not None:
            try:
                return connect(self._conninfo, application_name=self._application_name)
            except psycopg.OperationalError:
                self._conninfo = None
        self._conninfo = self._read_secret()
        return connect(self._conninfo, application_name=self._application_name)

    def _read_secret(self) -> str:
        text = self._secrets.get_secret_value(SecretId=self._secret_arn)["SecretString"]
        try:
            secret: dict[str, Any] = json.loads(text)
            return make_conninfo(
                host=secret["host"],
                port=secret["port"],
                user=secret["username"],
                password=secret["password"],
                dbname=secret["dbname"],
            )
        except (ValueError, TypeError, KeyError) as error:
            raise ConfigurationInvalid(
                f"secret {self._secret_arn}: needs host, port, username, password and dbname as JSON "
                f"({type(error).__name__})"
            ) from None  # the cause could quote the secret

"""How a function comes into the database: with a password from a secret, or with a token that IAM checks.

Both verify the server's certificate by the roots of Amazon RDS, which no other bundle of this runtime holds.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from psycopg.conninfo import make_conninfo

from gaugehouse.domain.errors import ConfigurationInvalid
from gaugehouse.runtime.settings import DatabaseSettings

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

RDS_ROOTS = Path(__file__).with_name("rds-ca-bundle.pem")
VERIFIED = {"sslmode": "verify-full", "sslrootcert": str(RDS_ROOTS)}


class Login(Protocol):
    """A way in. What it returns holds a password: it is for `connect` alone, and for no log."""

    def known(self) -> str | None:
        """Return what worked before, if it can work again without being asked for."""
        ...

    def ask(self) -> str:
        """Ask for a way in, and return it."""
        ...


class SecretLogin:
    """The user of a secret: username and password, and host, port and dbname unless the settings have them.

    Where the settings name a role, the session takes it on: the function then has that role's rights only.
    Without an `sslmode` of its own the connection is verified; `sslrootcert` can be `system` for a database
    that is not of RDS.

    AWS actions: secretsmanager:GetSecretValue on the database's secret.
    """

    def __init__(self, secrets: "SecretsManagerClient", settings: DatabaseSettings) -> None:
        self._secrets = secrets
        self._settings = settings
        self._known: str | None = None

    def known(self) -> str | None:
        """Return what the secret said last."""
        return self._known

    def ask(self) -> str:
        """Read the secret. Raises: ConfigurationInvalid, naming what it lacks and nothing that is in it."""
        arn = self._settings.database_secret_arn
        text = self._secrets.get_secret_value(SecretId=arn)["SecretString"]
        try:
            self._known = self._conninfo(json.loads(text))
        except (ValueError, TypeError, KeyError) as error:
            raise ConfigurationInvalid(
                f"secret {arn}: needs host, port, username, password and dbname as JSON "
                f"({type(error).__name__})"
            ) from None  # the cause could quote the secret
        return self._known

    def _conninfo(self, secret: dict[str, Any]) -> str:
        # The secret that RDS manages holds a user and a password only.
        place = (
            {
                "host": self._settings.database_host,
                "port": self._settings.database_port,
                "dbname": self._settings.database_name,
            }
            if self._settings.database_host
            else {"host": secret["host"], "port": secret["port"], "dbname": secret["dbname"]}
        )
        tls = VERIFIED | {name: secret[name] for name in VERIFIED if name in secret}
        if "sslrootcert" not in secret and not tls["sslmode"].startswith("verify"):
            del tls["sslrootcert"]  # with a root, libpq verifies although it was told not to
        role = {"options": f"-c role={self._settings.database_role}"} if self._settings.database_role else {}
        return make_conninfo(user=secret["username"], password=secret["password"], **place, **tls, **role)


class TokenLogin:
    """A user without a password: a token for a quarter of an hour stands for one, made on the spot.

    AWS actions: rds-db:connect as the function's role, or as the owner.
    """

    def __init__(self, rds: "RDSClient", settings: DatabaseSettings, *, user: str) -> None:
        self._rds = rds
        self._settings = settings
        self._user = user

    def known(self) -> str | None:
        """Return nothing: a token is made for each connection, since making one asks nobody."""
        return None

    def ask(self) -> str:
        """Make a token. It only has to be valid when the connection begins."""
        settings = self._settings
        token = self._rds.generate_db_auth_token(
            DBHostname=settings.database_host, Port=settings.database_port, DBUsername=self._user
        )
        return make_conninfo(
            host=settings.database_host,
            port=settings.database_port,
            dbname=settings.database_name,
            user=self._user,
            password=token,
            **VERIFIED,
        )

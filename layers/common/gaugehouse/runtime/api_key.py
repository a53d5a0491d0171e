"""The API key of an agency, from its secret.

AWS actions: secretsmanager:GetSecretValue on the key's secret, where there is one.
"""

import time
from typing import TYPE_CHECKING

from gaugehouse.domain.errors import ConfigurationInvalid

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT_SECONDS = 300.0  # a new key is used soon after it was put there
MOST_CHARACTERS = 200


class ApiKey:
    """The key in a secret of plain text. Without a secret there is none."""

    def __init__(self, secrets: "SecretsManagerClient | None", secret_arn: str) -> None:
        self._secrets = secrets
        self._secret_arn = secret_arn
        self._key: str | None = None
        self._read_at = -KEPT_SECONDS

    def get(self) -> str | None:
        """Return the key; None where the deployment has none.

        Raises: ConfigurationInvalid when the secret holds no key; its text is in no message.
        """
        if self._secrets is None:
            return None
        if time.monotonic() - self._read_at >= KEPT_SECONDS:
            text = self._secrets.get_secret_value(SecretId=self._secret_arn).get("SecretString", "").strip()
            if (
                not text.isascii()
                or not text.isprintable()
                or not 0 < len(text) <= MOST_CHARACTERS
                or " " in text
            ):
                raise ConfigurationInvalid(f"secret {self._secret_arn}: needs an API key as plain text")
            self._key, self._read_at = text, time.monotonic()
        return self._key

"""The only composition root: what a function's services are given.

Everything is made when it is first used, and its libraries are imported there: a poller's cold start
does not pay for reading workbooks, nor a maintenance task for HTTP.
"""

import math
import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg

from gaugehouse.runtime.settings import (
    ApiSettings,
    DatabaseSettings,
    Settings,
    read_api_settings,
    read_database_settings,
    read_settings,
)

if TYPE_CHECKING:
    from requests import Session

    from gaugehouse.domain.import_jobs import Kind
    from gaugehouse.runtime.api_key import ApiKey
    from gaugehouse.runtime.database import Database
    from gaugehouse.runtime.dead_letter_queues import DeadLetterQueues
    from gaugehouse.runtime.document_archive import S3DocumentArchive
    from gaugehouse.runtime.import_queue import SqsImportQueue
    from gaugehouse.runtime.maintenance_function import MaintenanceFunction
    from gaugehouse.services.document_kinds import DocumentKind


class Wiring:
    """What one sandbox has, for as long as it lives.

    It has one invocation at a time, and no request to an agency outlives that.
    """

    def __init__(self) -> None:
        self._seconds_left: Callable[[], float] = lambda: math.inf

    def begin(self, seconds_left: Callable[[], float]) -> None:
        """Begin an invocation that has so much time left."""
        self._seconds_left = seconds_left

    def seconds_left(self) -> float:
        """Return how long the invocation may still work."""
        return self._seconds_left()

    @cached_property
    def settings(self) -> Settings:
        """The function's settings."""
        return read_settings(os.environ)

    @cached_property
    def api_settings(self) -> ApiSettings:
        """The API's settings."""
        return read_api_settings(os.environ)

    @cached_property
    def maintenance(self) -> "MaintenanceFunction":
        """The function that does what the API is asked to do."""
        from gaugehouse.runtime.maintenance_function import MaintenanceFunction

        # Once: a second try could do it twice. Its answer may take as long as the API may, nearly.
        client = _client("lambda", read_timeout=15, attempts=1)
        return MaintenanceFunction(client, self.api_settings.maintenance_function)

    @cached_property
    def dead_letters(self) -> "DeadLetterQueues":
        """The queues of what failed at every try."""
        from gaugehouse.runtime.dead_letter_queues import DeadLetterQueues

        settings = self.api_settings
        urls = {"imports": settings.import_dead_letter_queue_url, "events": settings.failed_events_queue_url}
        return DeadLetterQueues(_client("sqs", read_timeout=5), urls)

    @cached_property
    def database(self) -> "Database":
        """The way to PostgreSQL. Ask it for a connection in each invocation."""
        return _open_database(read_database_settings(os.environ))

    def connection(self) -> psycopg.Connection:
        """Return a live connection."""
        return self.database.connection()

    @cached_property
    def queue(self) -> "SqsImportQueue":
        """The import queue."""
        from gaugehouse.runtime.import_queue import SqsImportQueue

        return SqsImportQueue(_client("sqs"), self.settings.import_queue_url)

    @cached_property
    def archive(self) -> "S3DocumentArchive":
        """The document archive."""
        from gaugehouse.runtime.document_archive import S3DocumentArchive

        return S3DocumentArchive(_client("s3"), self.settings.document_bucket)

    @cached_property
    def http(self) -> "Session":
        """The HTTP session with which agencies are asked."""
        from gaugehouse.sources.http import open_session

        return open_session(self.settings.user_agent, seconds_left=self.seconds_left)

    @cached_property
    def usgs_api_key(self) -> "ApiKey":
        """The key with which the USGS is asked, if there is one."""
        from gaugehouse.runtime.api_key import ApiKey

        arn = self.settings.usgs_api_key_secret_arn
        return ApiKey(_client("secretsmanager") if arn else None, arn)

    @cached_property
    def document_kinds(self) -> "dict[Kind, DocumentKind[Any]]":
        """The kinds of documents that were asked for so far."""
        return {}

    def document_kind(self, kind: "Kind") -> "DocumentKind[Any]":
        """Return how that kind of document is fetched, read and stored."""
        from gaugehouse.runtime.kinds import KIND_MAKERS

        if kind not in self.document_kinds:
            self.document_kinds[kind] = KIND_MAKERS[kind](self)
        return self.document_kinds[kind]


def _open_database(settings: DatabaseSettings) -> "Database":
    """Give the way to PostgreSQL: by the secret where there is one, and by IAM as a role or as the owner."""
    from gaugehouse.runtime.database import Database
    from gaugehouse.runtime.database_login import Login, SecretLogin, TokenLogin

    logins: list[Login] = []
    if settings.database_secret_arn:
        logins.append(SecretLogin(_client("secretsmanager"), settings))
    if user := settings.database_owner or ("" if logins else settings.database_role):
        logins.append(TokenLogin(_client("rds"), settings, user=user))
    return Database(
        *logins,
        application_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "gaugehouse"),
        statement_seconds=settings.database_statement_seconds,
    )


def _client(service: str, *, read_timeout: int = 10, attempts: int = 2) -> Any:
    """Make a client that gives up in time: boto3's own patience outlasts a function and its locks."""
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=3, read_timeout=read_timeout, retries={"total_max_attempts": attempts})
    return boto3.client(service, config=config)  # type: ignore[call-overload]

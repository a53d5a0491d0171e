"""AWS on this machine: moto in server mode, in this process, on a free port of 127.0.0.1.

It plays SQS, S3 and Secrets Manager. What it does not play (event source mappings, schedules) is in
`event_source` and `scheduler`. It keeps everything in memory: queues start empty, since PostgreSQL is the
truth of what is to do; the buckets' content is kept in a folder by `bucket_folder`.
"""

import json
import threading
from typing import TYPE_CHECKING, Any, Literal, overload

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from psycopg.conninfo import conninfo_to_dict
from werkzeug.serving import make_server

from gaugehouse_local.clients import local_client
from gaugehouse_local.physical_names import REGION
from gaugehouse_local.resources import Bucket, Queue, Resources

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

HOST = "127.0.0.1"


class LocalAws:
    """A running server with what a stack needs in it. Several in one process share their content."""

    def __init__(self) -> None:
        """Start the server."""
        application = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(HOST, 0, application, threaded=True, request_handler=_QuietHandler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="local-aws", daemon=True
        )
        self._thread.start()
        self._clients: dict[str, Any] = {}
        self._clients_lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        """The URL of every service, without a slash at its end."""
        return f"http://{HOST}:{self._server.port}"

    @overload
    def client(self, name: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def client(self, name: Literal["s3"]) -> "S3Client": ...
    @overload
    def client(self, name: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
    def client(self, name: str) -> Any:
        """A client of the service of that name. Safe to use from several threads."""
        with self._clients_lock:
            if name not in self._clients:
                self._clients[name] = local_client(name, self.endpoint)
            return self._clients[name]

    def keep_database_secret(self, name: str, database_url: str) -> str:
        """Keep what is needed to reach the database, in the form that RDS uses. Returns the secret's ARN."""
        parts = conninfo_to_dict(database_url)
        secret = {
            "host": parts.get("host", "127.0.0.1"),
            "port": int(parts.get("port") or 5432),
            "username": parts.get("user", ""),
            "password": parts.get("password", ""),
            "dbname": parts.get("dbname", "postgres"),
            # On this machine there is no certificate of RDS to verify.
            "sslmode": parts.get("sslmode", "prefer"),
        }
        kept = self.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(secret))
        return kept["ARN"]

    def create(self, resources: Resources) -> None:
        """Create the queues and buckets."""
        for queue in sorted(resources.queues, key=lambda queue: queue.dead_letter_arn is not None):
            self._create_queue(queue)
        for bucket in resources.buckets:
            self._create_bucket(bucket)

    def delete(self, resources: Resources) -> None:
        """Delete what `create` made and what is in it, so that this process can start such a stack again."""
        for queue in resources.queues:
            self.client("sqs").delete_queue(QueueUrl=queue.url)
        s3 = self.client("s3")
        for bucket in resources.buckets:
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket.name):
                versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                gone: list[ObjectIdentifierTypeDef] = [
                    {"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions
                ]
                if gone:
                    s3.delete_objects(Bucket=bucket.name, Delete={"Objects": gone})
            s3.delete_bucket(Bucket=bucket.name)

    def delete_secret(self, arn: str) -> None:
        """Delete a secret at once."""
        self.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    def close(self) -> None:
        """Stop the server."""
        for client in self._clients.values():
            client.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _create_queue(self, queue: Queue) -> None:
        attributes: dict[QueueAttributeNameType, str] = {
            "VisibilityTimeout": str(queue.visibility_timeout_seconds),
            "MessageRetentionPeriod": str(queue.retention_seconds),
            "DelaySeconds": str(queue.delay_seconds),
        }
        if queue.dead_letter_arn is not None:
            attributes["RedrivePolicy"] = json.dumps(
                {"deadLetterTargetArn": queue.dead_letter_arn, "maxReceiveCount": queue.max_receive_count}
            )
        self.client("sqs").create_queue(QueueName=queue.name, Attributes=attributes)

    def _create_bucket(self, bucket: Bucket) -> None:
        s3 = self.client("s3")
        s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if bucket.is_versioned:
            s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})


class _QuietHandler(MotoRequestHandler):
    # Otherwise an answer in two packets waits 40 ms for the client's ACK.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Log errors only: a line for each request would bury what the functions say."""
        if type != "info":
            super().log(type, message, *args)

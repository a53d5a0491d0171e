"""The document archive: every download is kept in S3 under its hash.

AWS actions: s3:PutObject and s3:GetObject on the document bucket's objects.
"""

from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3DocumentArchive:
    """The document bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, download: Download, *, kind: str, subject: str, suffix: str) -> str:
        """Keep the bytes; return the key. Bytes that are there already are not sent twice.

        Raises: SourceUnavailable when S3 does not take them: the import is tried again.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        key = f"{kind}/{subject}/{download.sha256}{suffix}"
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=download.content, IfNoneMatch="*")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "PreconditionFailed":
                raise SourceUnavailable(f"the document archive refused {key}: {error}") from error
        except BotoCoreError as error:
            raise SourceUnavailable(f"the document archive did not answer for {key}: {error}") from error
        return key

    def read(self, key: str) -> bytes:
        """Return the bytes that are kept under a key.

        Raises: SourceUnavailable when S3 does not answer; DocumentInvalid when it has nothing there.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            # Without the right to list the bucket, S3 says "access denied" of what is not there.
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                raise DocumentInvalid(
                    f"the document archive has no {key}; import again without a file"
                ) from error
            raise SourceUnavailable(f"the document archive refused {key}: {error}") from error
        except BotoCoreError as error:
            raise SourceUnavailable(f"the document archive did not answer for {key}: {error}") from error

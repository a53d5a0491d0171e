"""Keeps a bucket's content in a folder, since moto forgets it with its process.

A key is a path below the folder. Saving runs every few seconds and at the stop; what is lost when the process
is killed in between is lost to the archive only, never to the database.
"""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SAVE_INTERVAL_SECONDS = 5.0
UNFINISHED = ".unfinished"

logger = logging.getLogger(__name__)


class BucketFolder:
    """One bucket and its folder."""

    def __init__(self, client: "S3Client", bucket: str, folder: Path) -> None:
        """Both must exist, or for the folder, its parent."""
        self._client = client
        self._bucket = bucket
        self._folder = folder
        self._saved: dict[str, str] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._save_regularly, name="bucket-folder", daemon=True)

    def start(self) -> None:
        """Put what the folder holds into the bucket, and begin to save what comes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(self._folder.rglob("*")):
            if file.is_file() and file.suffix != UNFINISHED:
                key = unquote(file.relative_to(self._folder).as_posix())
                answer = self._client.put_object(Bucket=self._bucket, Key=key, Body=file.read_bytes())
                self._saved[key] = answer["ETag"]
        self._thread.start()

    def close(self) -> None:
        """Save for the last time and stop."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._save()

    def _save_regularly(self) -> None:
        while not self._stop.wait(SAVE_INTERVAL_SECONDS):
            try:
                self._save()
            except Exception:  # the next round or the stop tries again
                logger.exception("could not save bucket %s in %s", self._bucket, self._folder)

    def _save(self) -> None:
        for key, etag in self._listed():
            if self._saved.get(key) == etag:
                continue
            file = self._folder / quote(key)
            if ".." in file.parts or key.startswith("/"):
                logger.warning("the object %r of bucket %s is not kept: it is no path", key, self._bucket)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_name(f"{file.name}{UNFINISHED}")
            unfinished.write_bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
            unfinished.replace(file)
            self._saved[key] = etag

    def _listed(self) -> Iterator[tuple[str, str]]:
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
            for listed in page.get("Contents", []):
                yield listed["Key"], listed["ETag"]

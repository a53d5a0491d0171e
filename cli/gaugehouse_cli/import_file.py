"""Import a document that lies here as a file: into the document bucket, and from there like any other.

AWS actions, with the operator's own credentials: s3:PutObject on the document bucket's objects.
"""

from datetime import UTC, datetime
from pathlib import Path

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import ImportRequest
from gaugehouse.domain.import_subjects import WHOLE_DOCUMENTS
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import sweep

LARGEST_BYTES = 64 * 2**20  # the largest that the agency publishes has 3 MB


def offer_file(deployment: Deployment, request: ImportRequest, file: Path) -> str:
    """Put a file into the archive, and ask for its import. Return the state of the job.

    The file's modification time counts as the date of a document that does not tell its own.

    Raises: OperationRefused for an empty or huge file, OSError, SourceUnavailable, StackUnusable.
    """
    from gaugehouse.runtime.document_archive import S3DocumentArchive

    told = file.stat()
    if not 0 < told.st_size <= LARGEST_BYTES:
        raise OperationRefused(f"{file} has {told.st_size:,} bytes: no document of the agency has")
    last_modified = datetime.fromtimestamp(told.st_mtime, UTC)
    document = Download(
        url=f"file:{file.name}", content=file.read_bytes(), etag=None, last_modified=last_modified
    )
    archive = S3DocumentArchive(deployment.open_s3(), deployment.document_bucket)
    key = archive.keep(
        document, kind=request.kind, subject=request.subject, suffix=WHOLE_DOCUMENTS[request.kind]
    )
    states: dict[str, str] = deployment.operate(
        "documents_offer",
        kind=request.kind.value,
        subject=request.subject,
        sha256=document.sha256,
        s3_key=key,
        size_bytes=told.st_size,
        file_name=file.name,
        last_modified=last_modified.isoformat(),
    )
    if deployment.stays:
        sweep(deployment)
    return states[request.subject]

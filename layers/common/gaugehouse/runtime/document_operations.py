"""The operator's verbs for documents: bringing one, and having kept ones read again."""

from psycopg import Connection

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import OPERATOR_PRIORITY, ImportRequest
from gaugehouse.runtime.kinds import parser_versions
from gaugehouse.runtime.operation_arguments import OfferedDocument, Reparse
from gaugehouse.services.reparse_documents import ReparseSummary, reparse_documents
from gaugehouse.store import import_jobs, source_documents


def offer_document(conn: Connection, offered: OfferedDocument) -> str:
    """Record a document that is in the archive, and ask for its import. Return the state of its job.

    Raises: OperationRefused when the key is another document's.
    """
    if not offered.s3_key.startswith(f"{offered.kind}/{offered.subject}/{offered.sha256}."):
        raise OperationRefused(
            f"operate documents_offer: {offered.s3_key!r} is not where the archive keeps this document"
        )
    with conn.transaction():
        document_id = source_documents.offer(
            conn,
            source=offered.kind,
            subject=offered.subject,
            sha256=offered.sha256,
            s3_key=offered.s3_key,
            url=f"file:{offered.file_name}",
            size_bytes=offered.size_bytes,
            last_modified=offered.last_modified,
        )
        state = import_jobs.request(
            conn,
            ImportRequest(kind=offered.kind, subject=offered.subject),
            source="operator",
            priority=OPERATOR_PRIORITY,
            document_id=document_id,
        )
    return state.value


def reparse(conn: Connection, wanted: Reparse) -> ReparseSummary:
    """Have stored documents read again. Raises: OperationRefused."""
    return reparse_documents(
        conn=conn, parser_versions=parser_versions(), kind=wanted.kind, older_than=wanted.older_than
    )

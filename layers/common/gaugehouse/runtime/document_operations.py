"""The operator's verbs for documents: bringing one, and having kept ones read again."""

from psycopg import Connection

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import OPERATOR_PRIORITY, ImportRequest
from gaugehouse.runtime.import_operations import refuse_odd
from gaugehouse.runtime.kinds import parser_versions
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import OfferedDocument, Reparse
from gaugehouse.services.reparse_documents import reparse_documents
from gaugehouse.store import import_jobs, source_documents


def _documents_offer(conn: Connection, offered: OfferedDocument) -> Answer:
    """Record a document that is in the archive, and ask for its import; answer the state of its job."""
    refuse_odd("documents_offer", offered.kind, [offered.subject])
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
    return Answer(answer={offered.subject: state.value}, changed=1)


def _reparse(conn: Connection, wanted: Reparse) -> Answer:
    summary = reparse_documents(
        conn=conn, parser_versions=parser_versions(), kind=wanted.kind, older_than=wanted.older_than
    )
    return Answer(answer=plain(summary), changed=summary.reopened)


OPERATIONS = {
    "documents_offer": Operation(OfferedDocument, _documents_offer),
    "reparse": Operation(Reparse, _reparse),
}

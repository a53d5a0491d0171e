"""The pages of one answer as one document: what is archived of a backfill, and can be read again."""

import gzip
import zlib
from collections.abc import Sequence

import msgspec

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentInvalid

# A year of one site at five-minute intervals, with several parameters, is below 200 MB.
MAX_DOCUMENT_BYTES = 600_000_000


def join_pages(pages: Sequence[Download], *, etag: str) -> Download:
    """Return the pages as one document: a JSON array of them, compressed. `etag` names this version."""
    content = b"[" + b",".join(page.content for page in pages) + b"]"
    return Download(
        url=pages[0].url,
        content=gzip.compress(content, compresslevel=3, mtime=0),  # without a time the same bytes again
        etag=etag,
        last_modified=None,
        budget=pages[-1].budget,
    )


def split_pages(content: bytes, name: str) -> list[bytes]:
    """Return the pages of such a document.

    Raises: DocumentInvalid (not one that `join_pages` wrote, or too large).
    """
    try:
        inflater = zlib.decompressobj(wbits=31)
        text = inflater.decompress(content, MAX_DOCUMENT_BYTES)
        if inflater.unconsumed_tail:
            raise DocumentInvalid(f"{name} inflates to more than {MAX_DOCUMENT_BYTES} bytes")
        return [bytes(page) for page in msgspec.json.decode(text, type=list[msgspec.Raw])]
    except (zlib.error, msgspec.MsgspecError) as error:
        raise DocumentInvalid(f"{name} is not a document of pages: {error}") from error

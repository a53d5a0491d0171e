"""Whether a PDF arrived whole, before anything reads it.

A PDF reader repairs what it can: of a file that was cut off it shows the pages that are left, and of a
damaged page some text. Here half a document must not pass for a whole one, nor a flipped bit for rain, so
the end of the file is looked for, and the checksum of every compressed part is verified.
"""

import re
import zlib

from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.sources.http import refuse_page

# The real file of 356 gauges has 0.26 MB, and 1.3 MB when expanded.
MAX_BYTES = 5_000_000
MAX_EXPANDED_BYTES = 64_000_000

_HEADER_REACH = _END_REACH = 1024  # how far from the ends of a file PDF readers look for its marks
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY_REACH = 2_000
_FIRST_FILTER = re.compile(rb"/Filter\s*\[?\s*/(\w+)")


def require_whole(content: bytes, file_name: str) -> None:
    """Check the bytes of a PDF.

    Raises: SourceUnavailable (empty, a web page, or cut off), DocumentInvalid (no PDF, encrypted, damaged,
    or out of bounds).
    """
    refuse_page(content, file_name)
    if len(content) > MAX_BYTES:
        raise DocumentInvalid(f"{file_name} has {len(content)} bytes, more than {MAX_BYTES}")
    if b"%PDF-" not in content[:_HEADER_REACH]:
        raise DocumentInvalid(f"{file_name} is not a PDF: it begins {content[:8]!r}")
    if b"%%EOF" not in content[-_END_REACH:]:
        raise SourceUnavailable(f"{file_name} was cut off: the end of its PDF is missing")
    if b"/Encrypt" in content:
        raise DocumentInvalid(f"{file_name} is encrypted; save it without a password and import that file")
    remaining = MAX_EXPANDED_BYTES
    for stream in _STREAM.finditer(content):
        remaining -= _expanded_bytes(content, stream, remaining, file_name)


def _expanded_bytes(content: bytes, stream: re.Match[bytes], at_most: int, file_name: str) -> int:
    """Return how much a part expands to; 0 where it is not compressed, or in another way than Word's."""
    before = content[max(0, stream.start() - _DICTIONARY_REACH) : stream.start()]
    first_filter = _FIRST_FILTER.search(before, before.rfind(b" obj"))
    if first_filter is None or first_filter[1] != b"FlateDecode":
        return 0
    end = content.find(b"endstream", stream.end())
    packed = memoryview(content)[stream.end() : None if end == -1 else end]
    expanding = zlib.decompressobj()
    try:
        length = len(expanding.decompress(packed, at_most + 1))
    except zlib.error as error:
        raise DocumentInvalid(f"{file_name} is damaged behind byte {stream.end()}: {error}") from error
    if length > at_most:
        raise DocumentInvalid(f"{file_name} expands to more than {MAX_EXPANDED_BYTES} bytes")
    if not expanding.eof:
        raise DocumentInvalid(f"{file_name} is damaged: what begins at byte {stream.end()} does not end")
    return length

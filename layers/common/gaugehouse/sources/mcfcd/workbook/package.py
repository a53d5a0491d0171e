"""The zip file that a workbook is, checked before anything that could not refuse it reads it.

The workbook reader believes what a file says of itself: a member that expands without end, a cell in the
last row and column, or a table that claims a billion strings ends the whole process, because Rust aborts
where memory runs out. So every part that matters is expanded here, within bounds, looked at, and packed
again without compression. The reader sees that new package and never the one that was downloaded.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache

from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.sources.http import refuse_page

# The real workbook of 27 water years has 0.3 MB in 100 members, 1.9 MB expanded.
MAX_PACKAGE_BYTES = 20_000_000
MAX_MEMBERS = 2_000
MAX_EXPANDED_BYTES = 64_000_000
# Cells share their texts, and the reader copies a text for each cell that shows it.
MAX_SHARED_TEXT_BYTES = 64_000_000

_END_RECORD = b"PK\x05\x06"
_MEMBER_RECORD = b"PK\x01\x02"
_END_RECORD_REACH = 22 + 65_535  # its own length, and the longest comment after it
_ENCRYPTED = 0x1
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:(?!calcChain|comments)[^/]+\.xml|_rels/[^/]+\.rels|worksheets/[^/]+\.xml)"
)
_ERROR_TYPE = re.compile(rb'(?<=\s)t="e"')
_CLAIMS_MILLIONS = re.compile(rb"ount\s*=\s*[\"']\s*\d{7,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far a kind of workbook goes: its last row and column, in words and as patterns of bytes.

    `cell` matches the name of a cell within it, `far_out` of one beyond. Rows times columns must be a
    number of cells for which there is memory, whether they hold something or not.
    """

    words: str
    cell: bytes
    far_out: bytes


@dataclass(frozen=True, slots=True)
class _Patterns:
    unusual: tuple[re.Pattern[bytes], ...]  # quick, and nearly always enough
    stray: re.Pattern[bytes]
    empty_far_out: re.Pattern[bytes]


@cache
def _patterns(extent: Extent) -> _Patterns:
    """Return what finds a cell that does not say its place within `extent` itself, once.

    The reader gives memory to every cell between the first and the last, counts on where a cell does not
    say its place, and takes the last place where one says two.
    """
    place = b'r="(?:' + extent.cell + b')"'
    # An error cell is not among the usual ones: it has to be mended.
    usual = rb"(?! " + place + rb'(?: s="\d++")?+(?: t="(?:n|s|str|b|inlineStr)")?+/?>)(?=[\s/>])'
    others = rb'(?:\s+(?!r\s*=)[\w:.-]+="[^"<>]*")*'
    return _Patterns(
        unusual=(re.compile(rb"<c" + usual), re.compile(rb":c" + usual)),  # with a namespace's prefix, too
        stray=re.compile(rb"[<:]c(?=[\s/>])(?!" + others + rb"\s+" + place + others + rb"\s*/?>)"),
        empty_far_out=re.compile(rb'<c r="(?:' + extent.far_out + rb')"(?: s="\d+")?/>'),
    )


def checked_package(content: bytes, file_name: str, extent: Extent) -> bytes:
    """Return a package of the same sheets that is safe to open.

    Raises: SourceUnavailable (empty, a web page, or cut off), DocumentInvalid (not a workbook, damaged,
    or out of bounds).
    """
    refuse_page(content, file_name)
    if len(content) > MAX_PACKAGE_BYTES:
        raise DocumentInvalid(f"{file_name} has {len(content)} bytes, more than {MAX_PACKAGE_BYTES}")
    if not content.startswith(b"PK"):
        raise DocumentInvalid(f"{file_name} is not a workbook: it is no zip file, it begins {content[:8]!r}")
    if _END_RECORD not in content[-_END_RECORD_REACH:]:
        raise SourceUnavailable(f"{file_name} was cut off: the end of its zip file is missing")
    if content.count(_MEMBER_RECORD) > MAX_MEMBERS:
        raise DocumentInvalid(f"{file_name} has more than {MAX_MEMBERS} zip members")
    parts = _expand(content, file_name)
    _refuse_multiplied_text(parts, file_name)
    return _pack({name: _within_bounds(part, name, file_name, extent) for name, part in parts.items()})


def _expand(content: bytes, file_name: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    remaining = MAX_EXPANDED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for member in package.infolist():
                if not _NEEDED.fullmatch(member.filename):
                    continue
                _refuse_odd_member(member, parts, file_name)
                with package.open(member) as stream:
                    # The declared size may lie; what really comes out is what counts.
                    part = stream.read(remaining + 1)
                remaining -= len(part)
                if remaining < 0:
                    raise DocumentInvalid(f"{file_name} expands to more than {MAX_EXPANDED_BYTES} bytes")
                parts[member.filename] = part
    # zipfile lets whatever trips over damaged bytes through.
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        LookupError,
    ) as error:
        raise DocumentInvalid(f"{file_name} is a damaged zip file: {error}") from error
    if "xl/workbook.xml" not in parts:
        raise DocumentInvalid(f"{file_name} is a zip file but no workbook: it has no xl/workbook.xml")
    return parts


def _refuse_odd_member(member: zipfile.ZipInfo, seen: dict[str, bytes], file_name: str) -> None:
    if member.filename in seen:
        raise DocumentInvalid(f"{file_name} holds {member.filename} twice")
    if member.flag_bits & _ENCRYPTED:
        raise DocumentInvalid(f"{file_name} is encrypted ({member.filename})")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentInvalid(f"{file_name} is compressed in a way that no workbook is ({member.filename})")


def _refuse_multiplied_text(parts: dict[str, bytes], file_name: str) -> None:
    # The reader does not mind capitals in the name of a part.
    texts = [part for name, part in parts.items() if "sharedstrings" in name.lower()]
    longest = max((len(text) for part in texts for text in part.split(b"<si")), default=0)
    for name, part in parts.items():
        if longest * part.count(b't="s"') > MAX_SHARED_TEXT_BYTES:
            raise DocumentInvalid(
                f"{file_name}, {name}: shows texts of up to {longest} bytes so often that they may take more "
                f"than {MAX_SHARED_TEXT_BYTES} bytes"
            )


def _within_bounds(part: bytes, name: str, file_name: str, extent: Extent) -> bytes:
    """Return `part` as the reader can take it, or raise."""
    if b"\0" in part:
        raise DocumentInvalid(f"{file_name}, {name}: this is no UTF-8 text")
    if _CLAIMS_MILLIONS.search(part):
        raise DocumentInvalid(f"{file_name}, {name}: claims to hold millions of things")
    patterns = _patterns(extent)
    if any(unusual.search(part) for unusual in patterns.unusual):
        # Formats of whole rows leave empty cells far out.
        part = patterns.empty_far_out.sub(b"", part)
        if patterns.stray.search(part):
            raise DocumentInvalid(
                f"{file_name}, {name}: has cells without a position, or beyond {extent.words}, where such a "
                "document has none: is it one of another kind?"
            )
        # The reader gives an error cell (#REF!) as a blank one, which would pass for a missing day.
        part = _ERROR_TYPE.sub(b't="str"', part)
    # The reader goes through each sheet once more, until it finds the list of merged cells, which nobody
    # here asks for: so it finds an empty one at the beginning. It still sees a sheet that was cut off.
    if part.endswith(b"</worksheet>"):
        part = part.replace(b"<sheetData", b"<mergeCells></mergeCells><sheetData", 1)
    return part


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue()

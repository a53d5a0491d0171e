"""Ways to spoil a document: bytes at random, and the parts of a workbook in ways that keep it a workbook."""

import io
import re
import zipfile
from collections.abc import Callable
from random import Random

_ODD_NUMBERS = (
    b"-1", b"0", b"-0.0", b"1e308", b"1e999", b"NaN", b"inf", b"16", b"1250", b"0.03937", b"5", b"", b"1,5",
    b"36526", b"99999999999999999999", b"0x10", b"12345",
)  # fmt: skip
_ODD_PLACES = (b"A1", b"B4", b"B35", b"AZ3", b"XFD1048576", b"A0", b"", b"B36", b"A37", b"MY34")
_NUMBER = re.compile(rb"<v>([^<]*)</v>")
_PLACE = re.compile(rb'r="([A-Z]{1,3}\d+)"')
_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)
_DIGITS = re.compile(rb"\d+")
_MUTATED_PARTS = re.compile(r"xl/(?:worksheets/[^/]+\.xml|sharedStrings\.xml|workbook\.xml|styles\.xml)")


def mutate(content: bytes, random: Random) -> bytes:
    """Return a spoilt copy: a few changes of one kind, or of several."""
    if content.startswith(b"PK") and random.random() < 0.85:
        return _mutate_workbook(content, random)
    for _ in range(random.choice((1, 1, 2, 5))):
        content = random.choice(_BYTE_CHANGES)(content, random)
    return content


def _mutate_workbook(content: bytes, random: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = [name for name in parts if _MUTATED_PARTS.fullmatch(name)]
    for _ in range(random.choice((1, 1, 2, 4, 12))):
        name = random.choice(names)
        parts[name] = random.choice(_PART_CHANGES)(parts[name], random)
    if random.random() < 0.05:
        one, other = random.sample(names, 2)
        parts[one], parts[other] = parts[other], parts[one]
    if random.random() < 0.03:
        del parts[random.choice(names)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()


def _at(content: bytes, random: Random) -> int:
    return random.randrange(len(content) + 1)


def _slice(content: bytes, random: Random) -> tuple[int, int]:
    start = _at(content, random)
    return start, min(len(content), start + random.choice((1, 4, 40, 400)))


def _flip(content: bytes, random: Random) -> bytes:
    at = _at(content, random)
    return content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]


def _delete(content: bytes, random: Random) -> bytes:
    start, end = _slice(content, random)
    return content[:start] + content[end:]


def _repeat(content: bytes, random: Random) -> bytes:
    start, end = _slice(content, random)
    return content[:end] + content[start:end] * random.choice((1, 2, 30)) + content[end:]


def _move(content: bytes, random: Random) -> bytes:
    start, end = _slice(content, random)
    rest = content[:start] + content[end:]
    at = _at(rest, random)
    return rest[:at] + content[start:end] + rest[at:]


def _truncate(content: bytes, random: Random) -> bytes:
    return content[: _at(content, random)]


def _other_digits(content: bytes, random: Random) -> bytes:
    return _replace_one(
        _DIGITS, content, random, lambda _: str(random.randrange(10 ** random.randrange(1, 7))).encode()
    )


def _odd_number(part: bytes, random: Random) -> bytes:
    return _replace_one(_NUMBER, part, random, lambda _: b"<v>" + random.choice(_ODD_NUMBERS) + b"</v>")


def _odd_place(part: bytes, random: Random) -> bytes:
    return _replace_one(_PLACE, part, random, lambda _: b'r="' + random.choice(_ODD_PLACES) + b'"')


def _without_row(part: bytes, random: Random) -> bytes:
    return _replace_one(_ROW, part, random, lambda _: b"")


def _row_twice(part: bytes, random: Random) -> bytes:
    return _replace_one(_ROW, part, random, lambda row: row + row)


def _replace_one(
    pattern: re.Pattern[bytes], content: bytes, random: Random, replacement: Callable[[bytes], bytes]
) -> bytes:
    """Replace one match after a random place, so that a large part is not searched whole."""
    found = pattern.search(content, random.randrange(max(1, len(content))))
    if found is None:
        return content
    return content[: found.start()] + replacement(found[0]) + content[found.end() :]


_BYTE_CHANGES = (_flip, _delete, _repeat, _move, _truncate, _other_digits)
_PART_CHANGES = (
    _odd_number, _odd_number, _odd_place, _without_row, _row_twice, _other_digits, _other_digits, _flip,
    _delete, _repeat, _move,
)  # fmt: skip

"""The process that opens PDFs: documents come in, the words of their pages go out.

A PDF can make its reader work without end, take all memory or crash: a form that draws a form ten times
that draws another ten times needs a thousand bytes for a day's work. pdfium cannot be interrupted and
aborts where memory runs out. So it runs here, where it harms nobody, under limits that the kernel keeps.
pdfium is also not safe to use from several threads, and this process has one.
"""

import ctypes
import math
import re
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from gaugehouse.sources.mcfcd.monthly_pdf.pages import (
    MAX_CHARACTERS_OF_A_PAGE,
    MAX_PAGES,
    MAX_WORDS,
    Answer,
    Page,
    Word,
)

# Of these, the real file takes 50 MB.
_MEMORY_BYTES = 400_000_000
_FRAME = struct.Struct(">Q")  # the length that goes before each document and each answer

_WORD = re.compile(r"\S+")


def serve(documents: BinaryIO, answers: BinaryIO, *, cpu_seconds_of_a_document: int) -> None:
    """Answer every document until there is none any more. Each message goes behind its length."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    _send(b"", answers)  # ready
    while header := documents.read(_FRAME.size):
        _limit_cpu(cpu_seconds_of_a_document)
        answer = read_document(documents.read(*_FRAME.unpack(header)))
        _send(msgspec.json.encode(answer), answers)


def read_document(content: bytes) -> Answer:
    """Return the words of every page."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return Answer(refused=f"cannot be opened: {error}")
    try:
        if len(document) > MAX_PAGES:
            return Answer(refused=f"has {len(document)} pages, more than {MAX_PAGES}")
        pages: list[Page] = []
        words = 0
        for index in range(len(document)):
            pages.append(_read_page(document, index))
            words += len(pages[-1].words)
            if words > MAX_WORDS:
                return Answer(refused=f"has more than {MAX_WORDS} words by page {index + 1}")
        return Answer(tuple(pages))
    finally:
        document.close()


def _read_page(document: Any, index: int) -> Page:
    number = index + 1
    try:
        page = document[index]
        try:
            text_page = page.get_textpage()
            try:
                return _words(text_page, number)
            finally:
                text_page.close()
        finally:
            page.close()
    except pypdfium2.PdfiumError as error:
        return Page(number, problem=f"cannot be loaded: {error}")


def _words(text_page: Any, number: int) -> Page:
    length = text_page.count_chars()
    if length > MAX_CHARACTERS_OF_A_PAGE:
        problem = f"holds {length} characters, more than {MAX_CHARACTERS_OF_A_PAGE}"
        return Page(number, problem=problem)
    text = text_page.get_text_range()
    if len(text) != length:  # the text and the places of its characters are told by the same index
        return Page(number, problem="holds characters of which nobody can tell the place")
    first = _WORD.search(text)
    if first is None:
        return Page(number)
    handle = text_page.raw  # the reading of a month is as fast as this loop
    angle = pdfium.FPDFText_GetCharAngle(handle, first.start())
    quarters = round(angle / (math.pi / 2))
    if abs(angle - quarters * math.pi / 2) > 0.01:
        return Page(number, problem=f"holds text at an angle of {math.degrees(angle):.0f} degrees")
    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y, find_origin = ctypes.byref(x), ctypes.byref(y), pdfium.FPDFText_GetCharOrigin
    words = []
    for match in _WORD.finditer(text):
        word, last, width = match[0], match.end() - 1, 0.0
        find_origin(handle, last, at_x, at_y)
        right, baseline = _upright(x.value, y.value, quarters) if quarters else (x.value, y.value)
        if last > match.start() and "(" in word:
            find_origin(handle, match.start(), at_x, at_y)
            left, _ = _upright(x.value, y.value, quarters)
            width = (right - left) / (last - match.start())
        words.append(Word(word, right, baseline, width))
    return Page(number, tuple(words))


def _upright(x: float, y: float, quarters: int) -> tuple[float, float]:
    """Return where a point of text that runs at so many quarter turns is, when the text is upright."""
    for _ in range(quarters % 4):
        x, y = -y, x
    return x, y


def _send(message: bytes, answers: BinaryIO) -> None:
    answers.write(_FRAME.pack(len(message)) + message)
    answers.flush()


def _limit_cpu(more_seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(usage.ru_utime + usage.ru_stime) + more_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, cpu_seconds_of_a_document=int(sys.argv[1]))

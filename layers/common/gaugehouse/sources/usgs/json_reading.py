"""Decoding JSON at volume: typed, and without the garbage collector looking at every object of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.sources.http import refuse_page

Decoded = TypeVar("Decoded")
# What decoding raises: text that is no UTF-8 is found where the text is read, and not before.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode(decoder: msgspec.json.Decoder[Decoded], content: bytes, name: str) -> Decoded:
    """Decode one document.

    Raises: SourceUnavailable (empty, a web page, or cut off), DocumentInvalid (JSON of another kind).
    """
    refuse_page(content, name)
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        beginning = " ".join(content[:200].decode("utf-8", "replace").split())
        raise DocumentInvalid(
            f"{name} is JSON, but not what it should be: {error}; it begins: {beginning}"
        ) from error
    except UNREADABLE as error:
        raise SourceUnavailable(
            f"{name} is cut off or no JSON ({error}); it has {len(content)} bytes"
        ) from error


@contextmanager
def garbage_collector_off() -> Iterator[None]:
    """Keep the garbage collector off: it would look again and again at a million rows without one cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

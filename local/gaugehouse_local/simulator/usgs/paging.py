"""Pages of features: a bounded number of lines at a time, and a cursor that continues after them."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from gaugehouse_local.simulator.usgs.refusals import invalid_value

GEOJSON_TYPE = "application/geo+json"
_CURSOR = re.compile(r"(\d{1,8})\.(-?\d{1,8})\.(\d{1,8})\.(\d{1,12})")


class Cursor(NamedTuple):
    """Where a page begins: the owner of its first line, the owner's chunk, the lines of it already sent.

    `now` (seconds since 1970) is that of the first page, so that all pages show one state.
    """

    owner: int
    chunk: int
    skip: int
    now: int


def first_cursor(now: int) -> Cursor:
    """Return where the first page begins. Numbers of chunks can be negative: before 1970."""
    return Cursor(0, -1_000_000, 0, now)


class Chunk(NamedTuple):
    """Some lines of features that belong together."""

    owner: int
    number: int
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page, and where the next one begins (None: there is none)."""

    lines: list[str]
    next: Cursor | None


def read_page(chunks: Iterator[Chunk], limit: int, cursor: Cursor) -> Page:
    """Take up to `limit` lines. `chunks` begin with the cursor's one.

    The lines of a page come sorted by their ids, as the agency sorts: in no order that means anything.
    """
    lines: list[str] = []
    skip = cursor.skip
    for chunk in chunks:
        new = chunk.lines[skip:] if skip else chunk.lines
        room = limit - len(lines)
        if len(new) > room:
            lines += new[:room]
            lines.sort()
            return Page(lines, Cursor(chunk.owner, chunk.number, skip + room, cursor.now))
        lines += new
        skip = 0
    lines.sort()
    return Page(lines, None)


def write_page(page: Page, url: str, parameters: dict[str, str]) -> bytes:
    """Write the collection as the agency does. `url` is without a query."""
    links = [_link("self", "This document as GeoJSON", url, parameters)]
    if page.next:
        links.insert(0, _link("next", "Items (next)", url, parameters | {"cursor": write_cursor(page.next)}))
    return (
        '{"type":"FeatureCollection","features":['
        + ",".join(page.lines)
        + f'],"numberReturned":{len(page.lines)},"links":[{",".join(links)}]}}'
    ).encode()


def _link(relation: str, title: str, url: str, parameters: dict[str, str]) -> str:
    href = f"{url}?{urlencode(parameters, safe=',/:')}"  # which quotes whatever JSON would have to escape
    return f'{{"rel":"{relation}","type":"{GEOJSON_TYPE}","title":"{title}","href":"{href}"}}'


def write_cursor(cursor: Cursor) -> str:
    """Write a cursor as opaquely as the agency does."""
    return base64.urlsafe_b64encode(".".join(map(str, cursor)).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Read a cursor that `write_cursor` wrote. Raises Refused for any other text."""
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        decoded = ""
    match = _CURSOR.fullmatch(decoded)
    if match is None:
        raise invalid_value("cursor is not one of this service")
    return Cursor(*map(int, match.groups()))

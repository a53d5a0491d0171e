"""One page of features: its envelope, and where the next page is."""

import msgspec

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.sources.usgs.json_reading import decode

SOURCE = "usgs_waterdata"
# 50,000 values, the most that a page has, are 22 MB.
MAX_PAGE_BYTES = 64_000_000


class Link(msgspec.Struct):
    """A link of a page."""

    rel: str = ""
    href: str = ""


class Page(msgspec.Struct):
    """The envelope. Its features stay as they came, to be decoded one by one."""

    features: list[msgspec.Raw]
    links: list[Link] = []

    @property
    def next_address(self) -> str | None:
        """Return the address of the next page; None where there is none, or where this one is empty."""
        found = next((link.href for link in self.links if link.rel == "next" and link.href), None)
        return found if self.features else None


_DECODER = msgspec.json.Decoder(Page)


def read_page(content: bytes, name: str) -> Page:
    """Read the envelope of a page.

    Raises: SourceUnavailable (empty, a web page or cut off), DocumentInvalid (no features, or too large).
    """
    if len(content) > MAX_PAGE_BYTES:
        raise DocumentInvalid(f"{name} has {len(content)} bytes, more than {MAX_PAGE_BYTES}")
    return decode(_DECODER, content, name)

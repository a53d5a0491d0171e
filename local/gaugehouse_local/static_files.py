"""The dashboard's files as CloudFront serves them: with its headers, compressed, and only what changed."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

from gaugehouse_local.http_event import HttpAnswer, HttpRequest

SHORTEST_COMPRESSED_BYTES = 1000  # as CloudFront
# A machine's own table of types may lack these, or know them by another name.
KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFiles:
    """A folder that is served. `headers` go with every file."""

    root: Path
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, request: HttpRequest) -> HttpAnswer | None:
        """Answer with the file that the path names; None where there is no such file."""
        file = self._named(unquote(request.path)) if request.method in ("GET", "HEAD") else None
        if file is None:
            return None
        tag, content, compressed = _loaded(file, file.stat().st_mtime_ns)
        headers = {**self.headers, "cache-control": "no-cache", "etag": tag, "vary": "accept-encoding"}
        asked = {name.lower(): value for name, value in request.headers.items()}
        if tag in asked.get("if-none-match", ""):
            return HttpAnswer(status=HTTPStatus.NOT_MODIFIED, headers=headers, body=b"")
        headers["content-type"] = kind_of(file)
        if "gzip" in asked.get("accept-encoding", "") and compressed is not None:
            headers["content-encoding"] = "gzip"
            content = compressed
        return HttpAnswer(status=HTTPStatus.OK, headers=headers, body=content)

    def _named(self, path: str) -> Path | None:
        """Find the file below the folder, or the page of a folder."""
        if "\0" in path:
            return None
        root = self.root.resolve()
        file = (root / path.lstrip("/")).resolve()
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_relative_to(root) and file.is_file() else None


@lru_cache(maxsize=256)
def _loaded(file: Path, _changed_at: int) -> tuple[str, bytes, bytes | None]:
    """Read a file once, until it changes: its tag, its content, and this compressed where that pays."""
    content = file.read_bytes()
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
    return tag, content, gzip.compress(content, 6) if _is_worth_compressing(file, content) else None


def kind_of(file: Path) -> str:
    """Name the type of a file's content, with the encoding of a text."""
    kind = KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _is_worth_compressing(file: Path, content: bytes) -> bool:
    return len(content) >= SHORTEST_COMPRESSED_BYTES and file.suffix != ".woff2"

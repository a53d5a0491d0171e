"""Renew web/vendor from the npm registry: `make vendor-web`.

Each package is pinned to a version and to the integrity that the registry states for it. A new version is a
new line in PACKAGES: `npm view NAME version dist.integrity license` tells it. What a file is made of, and its
hash, is written into web/vendor/vendor.json; a test compares the files with it.
"""

import base64
import hashlib
import io
import json
import tarfile
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.map_outline import outline

ROOT = Path(__file__).parent.parent / "web" / "vendor"
REGISTRY = "https://registry.npmjs.org"
LONGEST_SECONDS = 60

Make = Callable[[Mapping[str, bytes]], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file that we serve: which files of the package it is made of, how, and the same in words."""

    of: tuple[str, ...]
    make: Make
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of the registry, and the files that we take of it, by the name that we give them."""

    name: str
    version: str
    integrity: str
    license: str
    files: Mapping[str, Made]
    folder: str


def _as_it_is(path: str) -> Made:
    return Made(of=(path,), make=lambda files: files[path], change="none")


def _replaced(path: str, old: bytes, new: bytes, change: str) -> Made:
    def make(files: Mapping[str, bytes]) -> bytes:
        if files[path].count(old) != 1:
            raise SystemExit(f"{path}: {old!r} is not in it exactly once; look at the new version")
        return files[path].replace(old, new)

    return Made(of=(path,), make=make, change=change)


def _with_end(path: str, end: bytes, change: str) -> Made:
    return Made(of=(path,), make=lambda files: files[path].rstrip() + b"\n" + end, change=change)


def _outline(states: str, counties: str) -> Made:
    def make(files: Mapping[str, bytes]) -> bytes:
        return outline(json.loads(files[states]), json.loads(files[counties]))

    return Made(
        of=(states, counties),
        make=make,
        change="tools/map_outline.py: states and Arizona's counties, simplified",
    )


PACKAGES = (
    Package(
        name="uplot",
        version="1.6.32",
        integrity="sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==",
        license="MIT",
        folder="uplot",
        files={
            "uplot.min.js": _with_end(
                "dist/uPlot.iife.min.js", b"export default uPlot;\n", "last line added: it is a module"
            ),
            "uplot.min.css": _as_it_is("dist/uPlot.min.css"),
            "LICENSE": _as_it_is("LICENSE"),
        },
    ),
    Package(
        name="d3-array",
        version="3.2.5",
        integrity="sha512-Th8qGXoBalmWsstpkuhmBuTsBQIFqYOJtjlBvNVvBfJ8E3uYusBUwUR8HU20U0qKKQkgCvKyR1YjiozWadk5QA==",
        license="ISC",
        folder="d3-array",
        files={"d3-array.min.js": _as_it_is("dist/d3-array.min.mjs"), "LICENSE": _as_it_is("LICENSE")},
    ),
    Package(
        name="d3-geo",
        version="3.1.2",
        integrity="sha512-5R8ZgDQorIxmauv7R6gpE/ndz+Z0qAZssigq0aXFdvPHdY41RqtW02jrRUQAL724NdPABYXo1+gQEGBBr7uKNg==",
        license="ISC",
        folder="d3-geo",
        files={
            "d3-geo.min.js": _replaced(
                "dist/d3-geo.min.mjs",
                b'from"d3-array"',
                b'from"../d3-array/d3-array.min.js"',
                "d3-array is imported by its path here",
            ),
            "LICENSE": _as_it_is("LICENSE"),
        },
    ),
    Package(
        name="us-atlas",
        version="3.0.1",
        integrity="sha512-wEIZCq0ImPvGblTd8gZMqNNCPkQshugMUG/8nkSWXb02+XqNFREg9atHOKP9w6prLZTpqcLhSvdBW81MkV3/0Q==",
        license="ISC",
        folder="us-atlas",
        files={
            "outlines.json": _outline("states-10m.json", "counties-10m.json"),
            "LICENSE": _as_it_is("LICENSE"),
        },
    ),
    Package(
        name="@fontsource-variable/public-sans",
        version="5.3.0",
        integrity="sha512-AVfkmAt50BMXWpOO21FAntiJFKGX6xTc2dSL8dxtDteONe9IuRXJWGbs0EbG955vAMCq23ENeuopuW87cGWDSQ==",
        license="OFL-1.1",
        folder="public-sans",
        files={
            "public-sans-latin.woff2": _as_it_is("files/public-sans-latin-wght-normal.woff2"),
            "LICENSE": _as_it_is("LICENSE"),
        },
    ),
)


def main() -> None:
    """Download every package, check it, and write its files and the list of them."""
    listed = []
    for package in PACKAGES:
        files = _files_of(_download(package))
        folder = ROOT / package.folder
        folder.mkdir(parents=True, exist_ok=True)
        made = {name: file.make(files) for name, file in package.files.items()}
        for name, content in made.items():
            (folder / name).write_bytes(content)
        listed.append(_entry(package, made))
        print(f"{package.name} {package.version}: {sum(map(len, made.values())):,} bytes")
    (ROOT / "vendor.json").write_text(json.dumps(listed, indent=2) + "\n")


def _download(package: Package) -> bytes:
    bare = package.name.rpartition("/")[2]
    url = f"{REGISTRY}/{package.name}/-/{bare}-{package.version}.tgz"
    with urllib.request.urlopen(url, timeout=LONGEST_SECONDS) as answer:
        archive = bytes(answer.read())
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != package.integrity:
        raise SystemExit(f"{url}: its integrity is {found}, not the pinned {package.integrity or 'nothing'}")
    return archive


def _files_of(archive: bytes) -> dict[str, bytes]:
    """Return the package's files by their path in it; the archive's own first folder is left out."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is not None:
                found[member.name.partition("/")[2]] = content.read()
    return found


def _entry(package: Package, made: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "name": package.name,
        "version": package.version,
        "license": package.license,
        "integrity": package.integrity,
        "files": {
            f"{package.folder}/{name}": {
                "from": list(package.files[name].of),
                "change": package.files[name].change,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in made.items()
        },
    }


if __name__ == "__main__":
    main()

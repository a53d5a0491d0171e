"""What the dashboard takes of others: exactly what is recorded of it, with its licence."""

import hashlib
import json
from typing import Any

import pytest

from tests.real_files import PROJECT_ROOT
from tools.map_outline import outline
from tools.vendor_web import PACKAGES, Package

VENDOR = PROJECT_ROOT / "web" / "vendor"
LISTED: list[dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text())
FILES = {name: file for package in LISTED for name, file in package["files"].items()}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_is_recorded(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == FILES[name]["sha256"]


def test_nothing_else_lies_there() -> None:
    there = {file.relative_to(VENDOR).as_posix() for file in VENDOR.rglob("*") if file.is_file()}
    assert there == {*FILES, "vendor.json"}


def test_the_record_is_of_the_packages_that_are_pinned() -> None:
    def told(each: Package) -> list[object]:
        return [
            each.name,
            each.version,
            each.license,
            each.integrity,
            [f"{each.folder}/{n}" for n in each.files],
        ]

    names = ("name", "version", "license", "integrity")
    recorded = [[*(each[name] for name in names), list(each["files"])] for each in LISTED]
    assert [told(each) for each in PACKAGES] == recorded
    assert all(each.integrity.startswith("sha512-") for each in PACKAGES)
    assert all("LICENSE" in each.files for each in PACKAGES)


def test_the_outline_has_every_state_and_arizonas_counties() -> None:
    features = json.loads((VENDOR / "us-atlas" / "outlines.json").read_text())["features"]

    names: dict[str, set[str]] = {"state": set(), "county": set()}
    for feature in features:
        names[feature["properties"]["kind"]].add(feature["properties"]["name"])
    assert {"Arizona", "Alaska", "Maine", "District of Columbia"} <= names["state"]
    assert len(names["county"]) == 15
    assert {"Maricopa", "Pima", "Yuma"} <= names["county"]
    assert all(feature["geometry"]["coordinates"] for feature in features)


def test_neighbours_keep_the_same_border_when_it_is_simplified() -> None:
    """Two squares side by side: the border between them has a bend that is too small to be kept."""
    arcs = [
        [[1000, 0], [10, 500], [-10, 500]],  # the border, up: in steps
        [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
        [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
    ]
    square = {"type": "Polygon", "id": "04001", "properties": {"name": "x"}}
    topology = {
        "transform": {"scale": [0.001, 0.001], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {
            "states": {"geometries": [{**square, "arcs": [[0, 1]]}, {**square, "arcs": [[2, ~0]]}]},
            "counties": {"geometries": []},
        },
    }

    left, right = json.loads(outline(topology, topology))["features"]

    border = [[1.0, 0.0], [1.0, 1.0]]
    assert left["geometry"]["coordinates"] == [[[*border, [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]]]
    assert all(corner in right["geometry"]["coordinates"][0][0] for corner in border)
    assert [1.01, 0.5] not in right["geometry"]["coordinates"][0][0]

"""The OpenAPI document is valid, complete, and the one that is kept in docs/."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from openapi_spec_validator import validate

from gaugehouse.runtime.api.document_page import render_page
from gaugehouse.runtime.api.openapi import describe, openapi_json
from gaugehouse.runtime.api.resolver import build_api
from tests.real_files import PROJECT_ROOT


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """What the API serves."""
    return describe(build_api())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation with its path and method."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_in_docs_is_what_is_served() -> None:
    """`make openapi` writes it."""
    written = (PROJECT_ROOT / "docs" / "openapi.json").read_text()
    assert written == openapi_json(build_api()), "docs/openapi.json is old: run make openapi"


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_names_for_clients_are_those_of_the_functions(document: dict[str, Any]) -> None:
    """They say what is done and nothing of the path, so a new path renames nobody's function."""
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert {"get_health", "list_jobs", "list_job_runs", "list_imports", "get_import"} <= set(names)
    assert len(names) == len(set(names)) and not any("api_v1" in name for name in names)


def test_every_operation_says_what_it_does_and_belongs_to_a_described_subject(
    document: dict[str, Any],
) -> None:
    subjects = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert subjects == {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert all(operation["summary"].endswith(".") for _, _, operation in operations(document))


def test_every_parameter_says_what_it_is(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])
            assert "null" not in str(parameter["schema"]), (path, parameter["name"])


def test_looking_may_need_a_key_and_acting_does(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"bearer", "header"}
    for path, method, operation in operations(document):
        needs_none = {} in operation["security"] or operation["security"] == []
        assert needs_none == (method == "get"), path


def test_what_the_caller_has_is_described_wherever_it_can_be_asked(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        answers = operation["responses"]
        assert ("304" in answers) == (method == "get"), path
        assert method != "get" or "ETag" in answers["200"]["headers"], path


def test_nothing_is_described_that_nothing_uses(document: dict[str, Any]) -> None:
    text = str(document)
    assert [name for name in document["components"]["schemas"] if f"schemas/{name}'" not in text] == []


def test_the_page_for_people_tells_everything_and_asks_nobody_else(document: dict[str, Any]) -> None:
    """Each operation and each shape; no script, nothing from another host, and links that lead somewhere."""
    page = render_page(document)
    found = Tags()
    found.feed(page)

    assert {operation["operationId"] for _, _, operation in operations(document)} <= found.ids
    assert set(document["components"]["schemas"]) <= found.ids
    assert {link.removeprefix("#") for link in found.links} - found.ids == {"openapi.json"}
    assert not found.names & {"script", "img", "link", "iframe"}
    assert "`" not in page.split("</style>")[1]


class Tags(HTMLParser):
    """The names, ids and links of a page's elements."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.ids: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what it has."""
        told = dict(attrs)
        self.names.add(tag)
        self.ids.add(told.get("id") or "")
        if href := told.get("href"):
            self.links.add(href)

"""Faults of the USGS's answers, to order: right in form, wrong in what they say."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from gaugehouse_local.simulator.faults import Answer, Fault
from gaugehouse_local.simulator.usgs.refusals import bad_key, over_rate_limit


def edited(name: str, edit: Callable[[Any], None]) -> Fault:
    """A right JSON answer that `edit` then changes in place. Other answers stay as they are."""

    def spoil(right: Answer) -> Answer:
        if right.status != 200 or "json" not in right.content_type:
            return right
        if ("Content-Encoding", "gzip") in right.headers:
            raise ValueError("a compressed answer cannot be edited: create the agency without `compress`")
        document = json.loads(right.body)
        edit(document)
        return replace(right, body=json.dumps(document, separators=(",", ":")).encode())

    return Fault(name, spoil)


def repeated_cursor() -> Fault:
    """The link to the next page leads to the same page again. Order it for requests with a cursor."""
    return edited("repeated cursor", lambda document: _relink(document, lambda _, own: own))


def next_link_elsewhere(host: str = "mirror.example.org") -> Fault:
    """The link to the next page leads to another host."""
    return edited(
        "next link elsewhere",
        lambda document: _relink(
            document, lambda href, _: urlunsplit(urlsplit(href)._replace(scheme="https", netloc=host))
        ),
    )


def empty_page() -> Fault:
    """A page without features that links to a next one all the same."""

    def edit(document: Any) -> None:
        document |= {"features": [], "numberReturned": 0}

    return edited("empty page", edit)


def values_replaced(text: str | None, *, every: int = 1) -> Fault:
    """Every so many-th value is this text, or null: a sentinel, NaN, or no number at all.

    It works for the modern services and the legacy ones.
    """

    def edit(document: Any) -> None:
        for value in _values(document)[::every]:
            value["value"] = text

    return edited(f"values {text}", edit)


def duplicated() -> Fault:
    """Each feature twice: before it, an older version with another value and id, changed a day earlier."""

    def edit(document: Any) -> None:
        document["features"] = [
            version for feature in document["features"] for version in (_older(feature), feature)
        ]
        document["numberReturned"] = len(document["features"])

    return edited("duplicated", edit)


def clock_ahead(by: timedelta) -> Fault:
    """Every moment of `continuous` lies so much later: gauges whose clocks are wrong."""

    def edit(document: Any) -> None:
        for feature in document["features"]:
            moment = datetime.fromisoformat(feature["properties"]["time"]) + by
            feature["properties"]["time"] = moment.isoformat()

    return edited("clock ahead", edit)


def wrong_key() -> Fault:
    """403, as for a wrong X-Api-Key."""
    return Fault("wrong key", lambda _: bad_key())


def rate_limited(*, retry_after: str | None = None) -> Fault:
    """429 in the agency's own JSON. `retry_after` is the header's text; usually there is none."""
    headers = (("Retry-After", retry_after),) if retry_after is not None else ()
    return Fault("rate limited", lambda _: over_rate_limit(*headers))


def _relink(document: Any, link: Callable[[str, str], str]) -> None:
    """Replace the link to the next page by `link` of it and of the page's own; add it where there is none."""
    links = {entry["rel"]: entry for entry in document["links"]}
    own = links["self"]["href"]
    following = links.setdefault("next", links["self"] | {"rel": "next", "title": "Items (next)"})
    following["href"] = link(following["href"], own)
    document["links"] = list(links.values())


def _values(document: Any) -> list[Any]:
    if "features" in document:
        return [feature["properties"] for feature in document["features"]]
    return [
        value
        for series in document["value"]["timeSeries"]
        for method in series["values"]
        for value in method["value"]
    ]


def _older(feature: Any) -> Any:
    properties = feature["properties"]
    modified = datetime.fromisoformat(properties["last_modified"]) - timedelta(days=1)
    return feature | {
        "id": f"0ddba11f{feature['id'][8:]}",
        "properties": properties | {"value": "0.01", "last_modified": modified.isoformat()},
    }

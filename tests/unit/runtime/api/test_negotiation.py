"""Which form is chosen by an Accept header."""

import pytest

from gaugehouse.runtime.api.negotiation import CSV, GEOJSON, JSON, best_of
from gaugehouse.runtime.api.problems import RequestRefused

OFFERED = (JSON, CSV, GEOJSON)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/*", CSV),
        ("application/geo+json, application/json;q=0.5", GEOJSON),
        ("application/json;q=0.2, text/csv;q=0.3", CSV),
        ("*/*, application/json;q=0", CSV),  # anything but that
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        ("text/csv;q=much, */*;q=0.1", JSON),
        (",,text/csv,", CSV),
    ],
)
def test_the_best_liked_form_is_chosen_and_the_first_of_equals(accept: str, chosen: str) -> None:
    assert best_of(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "*/*;q=0", "json"])
def test_no_form_that_is_liked_is_refused_with_those_that_there_are(accept: str) -> None:
    with pytest.raises(RequestRefused, match="application/json, text/csv, application/geo") as refused:
        best_of(accept, OFFERED)
    assert refused.value.status == 406

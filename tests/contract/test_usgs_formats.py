"""The simulated USGS answers have the form of the agency's real ones, key by key and type by type."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from gaugehouse_local.simulator import Simulator, UsgsAgency, create_network
from tests.real_files import USGS, requires_usgs_files

pytestmark = requires_usgs_files

NOW = datetime(2026, 3, 10, 12, 7, tzinfo=UTC)
SERIES = 300


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Simulator(UsgsAgency(create_network(sites=120, series=SERIES, now=NOW))) as simulator:
        yield simulator.url


@pytest.fixture(scope="module")
def real_features() -> dict[str, Any]:
    features: dict[str, Any] = json.loads((USGS / "waterdata_features.json").read_text())
    return features


def ask(url: str, path: str) -> Any:
    answer = requests.get(url + path, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


COLLECTIONS = {
    "continuous": "time=PT2H",
    "latest-continuous": "",
    "daily": "time=P3M",
    "monitoring-locations": "",
    "time-series-metadata": "",
}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_features_have_the_keys_and_the_types_of_the_real_ones(
    url: str, real_features: dict[str, Any], collection: str
) -> None:
    simulated = ask(url, f"/ogcapi/v1/collections/{collection}/items?limit=50000&{COLLECTIONS[collection]}")
    real = real_features[collection]
    assert set(real) <= set(simulated)
    assert simulated["type"] == real["type"]
    assert simulated["numberReturned"] == len(simulated["features"])
    for feature in real["features"]:
        assert {keys(one) for one in simulated["features"]} == {keys(feature)}
    for name in set(real["features"][0]["properties"]) - OF_WELLS:
        seen = {type(one["properties"][name]) for one in simulated["features"]}
        for feature in real["features"]:
            of_real = type(feature["properties"][name])
            # What is null in two real features may be a text in a third one, and the other way round.
            assert of_real in seen | {type(None)}, f"{name}: {of_real} is not among {seen}"


# The real monitoring locations at hand are wells. These are null for streams.
OF_WELLS = {
    "aquifer_code", "construction_date", "depth_source_code", "minor_civil_division_code",
    "national_aquifer_code", "well_constructed_depth",
}  # fmt: skip


def keys(feature: dict[str, Any]) -> frozenset[str]:
    nested = {f"{part}.{key}" for part in ("geometry", "properties") for key in feature[part]}
    return frozenset(feature) | nested


FORMS = {
    "id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "time_series_id": re.compile(r"[0-9a-f]{32}"),
    "monitoring_location_id": re.compile(r"[A-Z0-9]+-(\d{8}|\d{15})"),
    "parameter_code": re.compile(r"\d{5}"),
    "statistic_id": re.compile(r"\d{5}"),
    "value": re.compile(r"-?\d+(\.\d+)?"),
    "approval_status": re.compile(r"Approved|Provisional"),
    "last_modified": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"),
    "unit_of_measure": re.compile(r"ft\^3/s|ft|in|degC"),
}
TIMES = {
    "continuous": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\+00:00"),
    "latest-continuous": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\+00:00"),
    "daily": re.compile(r"\d{4}-\d\d-\d\d"),
}


@pytest.mark.parametrize("collection", TIMES)
def test_texts_have_the_form_of_the_real_ones(
    url: str, real_features: dict[str, Any], collection: str
) -> None:
    simulated = ask(url, f"/ogcapi/v1/collections/{collection}/items?limit=50000&{COLLECTIONS[collection]}")
    forms = FORMS | {"time": TIMES[collection]}
    for feature in (*real_features[collection]["features"], *simulated["features"]):
        texts = feature["properties"] | {"id": feature["id"]}
        assert texts["qualifier"] is None or all(isinstance(one, str) for one in texts["qualifier"])
        for name, form in forms.items():
            if name != "value" or texts[name] is not None:
                assert form.fullmatch(texts[name]), (name, texts[name])
    assert any(feature["properties"]["qualifier"] for feature in simulated["features"])


def test_metadata_texts_have_the_form_of_the_real_ones(url: str, real_features: dict[str, Any]) -> None:
    forms = {
        "begin": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000001"),
        "end_utc": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"),
        "last_modified": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}"),
        "hydrologic_unit_code": re.compile(r"\d{12}"),
    }
    simulated = ask(url, "/ogcapi/v1/collections/time-series-metadata/items?limit=50000")
    for feature in (*real_features["time-series-metadata"]["features"], *simulated["features"]):
        for name, form in forms.items():
            assert form.fullmatch(feature["properties"][name]), (name, feature["properties"][name])
        assert feature["properties"]["id"] == feature["id"]
    rain = [
        one["properties"] for one in simulated["features"] if one["properties"]["parameter_code"] == "00045"
    ]
    (real_rain, _) = real_features["time-series-metadata"]["features"]
    of_points = [one for one in rain if one["computation_period_identifier"] == "Points"]
    for name in ("statistic_id", "computation_identifier", "parameter_description", "unit_of_measure"):
        assert {one[name] for one in of_points} == {real_rain["properties"][name]}


def shape(value: Any, path: str = "") -> set[tuple[str, str]]:
    """Return every path of a document with the kind of what is there; the members of a list count as one."""
    if isinstance(value, dict):
        return {found for key, inner in value.items() for found in shape(inner, f"{path}.{key}")}
    if isinstance(value, list):
        return {(path, "list")} | {found for inner in value for found in shape(inner, f"{path}[]")}
    return {(path, "number" if isinstance(value, float) else type(value).__name__)}


@pytest.mark.parametrize(
    ("file_name", "path"),
    [
        ("legacy_iv.json", "/nwis/iv/?format=json&sites=05568500&period=PT6H"),
        ("legacy_dv.json", "/nwis/dv/?format=json&sites=05568500&startDT=2020-02-14&endDT=2020-02-15"),
    ],
)
def test_legacy_documents_have_every_key_of_the_real_ones_and_no_other(
    url: str, file_name: str, path: str
) -> None:
    real = json.loads((USGS / file_name).read_text())
    assert shape(ask(url, path)) == shape(real)


def test_legacy_texts_are_the_real_ones(url: str) -> None:
    real = json.loads((USGS / "legacy_iv.json").read_text())["value"]["timeSeries"]
    simulated = ask(url, "/nwis/iv/?format=json&sites=05568500&period=PT6H")["value"]["timeSeries"]
    variables = {series["variable"]["variableCode"][0]["value"]: series["variable"] for series in real}
    for series in simulated:
        assert series["variable"] == variables[series["variable"]["variableCode"][0]["value"]]
        form = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-\d\d:\d\d")
        assert all(form.fullmatch(value["dateTime"]) for value in series["values"][0]["value"])
        assert re.fullmatch(r"USGS:\d{8}:\d{5}:00000", series["name"])

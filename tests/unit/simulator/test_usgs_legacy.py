"""The simulated legacy services of the USGS, asked over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gaugehouse_local.simulator import create_network
from gaugehouse_local.simulator.usgs.sites import DEAD, TWO_METHODS
from tests.unit.simulator.usgs import NOW, Client, opened

NUMBER = "05568500"
Series = dict[str, Any]


@pytest.fixture
def client() -> Iterator[Client]:
    with opened() as usgs:
        yield usgs


def ask(client: Client, service: str, **parameters: str) -> list[Series]:
    answer = client.get(f"/nwis/{service}/", {}, format="json", **parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    series: list[Series] = answer.json()["value"]["timeSeries"]
    return series


def code_of(series: Series) -> str:
    return str(series["variable"]["variableCode"][0]["value"])


def values(series: Series) -> list[dict[str, Any]]:
    return [value for method in series["values"] for value in method["value"]]


def test_instantaneous_values_are_those_of_the_modern_service(client: Client) -> None:
    numbers = ",".join(site.number for site in client.network.sites)
    legacy = ask(client, "iv", sites=numbers, period="PT6H")
    modern = client.all("continuous", time="PT6H")
    one_way = sorted(
        (
            series["variable"]["variableCode"][0]["value"],
            value["value"],
            datetime.fromisoformat(value["dateTime"]),
        )
        for series in legacy
        for value in values(series)
    )
    other_way = sorted(
        (p["parameter_code"], p["value"] or "-999999", datetime.fromisoformat(p["time"]))
        for p in (feature["properties"] for feature in modern)
    )
    assert one_way == other_way != []


def test_a_second_method_is_a_second_entry_of_the_same_series(client: Client) -> None:
    site = client.network.sites[TWO_METHODS]
    (stage,) = ask(client, "iv", sites=site.number, parameterCd="00065", period="PT3H")
    assert len(stage["values"]) == 2
    assert len({method["method"][0]["methodID"] for method in stage["values"]}) == 2
    assert stage["sourceInfo"]["siteName"] == site.name
    assert stage["name"] == f"USGS:{site.number}:00065:00000"


def test_the_offset_changes_inside_a_series_where_clocks_do(client: Client) -> None:
    """On 8 March 2026 clocks in Illinois went from 2:00 CST to 3:00 CDT, at 8:00 UTC."""
    (flow,) = ask(
        client,
        "iv",
        sites=NUMBER,
        parameterCd="00060",
        startDT="2026-03-08T01:45:00-06:00",
        endDT="2026-03-08T03:15:00-05:00",
    )
    assert [value["dateTime"] for value in values(flow)] == [
        "2026-03-08T01:45:00.000-06:00",
        "2026-03-08T03:00:00.000-05:00",
        "2026-03-08T03:15:00.000-05:00",
    ]


def test_missing_numbers_are_the_sentinel_with_its_reason() -> None:
    with opened(create_network(seed=5, sites=60, now=NOW)) as client:
        numbers = ",".join(site.number for site in client.network.sites)
        series = ask(client, "iv", sites=numbers, startDT="2026-01-20", endDT="2026-01-25")
        everything = [value for one in series for value in values(one)]
    missing = [value for value in everything if value["value"] == "-999999"]
    assert missing
    assert {tuple(value["qualifiers"]) for value in missing} == {("P", "Ice"), ("P", "Eqp")}
    assert ["P", "e"] in [value["qualifiers"] for value in everything]


def test_daily_values_carry_no_offset_and_a_series_without_values_is_there_all_the_same(
    client: Client,
) -> None:
    stage, flow = ask(client, "dv", sites=NUMBER, startDT="1939-09-01", endDT="1939-10-02")
    assert [value["dateTime"] for value in values(flow)] == [
        "1939-10-01T00:00:00.000",
        "1939-10-02T00:00:00.000",
    ]
    assert values(flow)[0]["qualifiers"] == ["A"]
    assert flow["variable"]["options"]["option"] == [
        {"value": "Mean", "name": "Statistic", "optionCode": "00003"}
    ]
    assert stage["variable"]["variableCode"][0]["value"] == "00065"
    dead = client.network.sites[DEAD]
    empty = ask(client, "dv", sites=dead.number, startDT="2026-01-01", endDT="2026-01-31")
    assert empty and not any(values(series) for series in empty)
    assert len(values(ask(client, "dv", sites=NUMBER, period="P7D", statCd="00003")[0])) == 7


@pytest.mark.parametrize(
    ("service", "parameters"),
    [
        ("iv", {"sites": "99999999"}),
        ("iv", {"sites": NUMBER, "parameterCd": "00095"}),
        ("iv", {"sites": NUMBER, "startDT": "1990-01-01", "endDT": "1990-01-02"}),
        ("dv", {"sites": NUMBER, "statCd": "00001"}),
        ("uv", {"sites": NUMBER}),
    ],
)
def test_no_data_is_a_404(client: Client, service: str, parameters: dict[str, str]) -> None:
    answer = client.get(f"/nwis/{service}/", {}, format="json", **parameters)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "parameters",
    [
        {"sites": ",".join([NUMBER] * 101)},
        {},
        {"sites": NUMBER, "format": "rdb"},
        {"sites": NUMBER, "period": "3 hours"},
        {"sites": NUMBER, "startDT": "yesterday"},
        {"sites": NUMBER, "time": "PT3H"},
    ],
)
def test_nonsense_is_a_400(client: Client, parameters: dict[str, str]) -> None:
    assert client.get("/nwis/iv/", {}, **({"format": "json"} | parameters)).status_code == 400


def test_a_hundred_sites_are_allowed_and_bare_times_are_the_site_s_own(client: Client) -> None:
    assert ask(client, "iv", sites=",".join([NUMBER] + ["99999999"] * 99), period="PT2H")
    (flow,) = ask(client, "iv", sites=NUMBER, parameterCd="00060", startDT="2026-03-01", endDT="2026-03-01")
    moments = [datetime.fromisoformat(value["dateTime"]).astimezone(UTC) for value in values(flow)]
    assert moments[0] == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert moments[-1] == moments[0] + timedelta(hours=23, minutes=45)

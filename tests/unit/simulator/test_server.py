"""The simulator's server, asked by a real HTTP client: documents, validators, faults, log and stop."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Thread
from time import monotonic, sleep

import pytest
import requests

from gaugehouse_local.simulator import (
    GAUGE_LIST,
    ClimateAgency,
    DocumentFault,
    Fault,
    FaultOrder,
    Request,
    Simulator,
    create_climate,
    demo_world,
    fopr_path,
)
from gaugehouse_local.simulator.faults import Answer

CLIMATE = create_climate(seed=7, gauges=3, first_water_year=2023)
STATION = CLIMATE.gauges[0].station_id
WORKBOOK = fopr_path(STATION)


@pytest.fixture
def agency() -> ClimateAgency:
    return ClimateAgency(CLIMATE)


@pytest.fixture
def simulator(agency: ClimateAgency) -> Iterator[Simulator]:
    with Simulator(agency) as opened:
        yield opened


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["User-Agent"] = "Gaugehouse/0.1 (+test)"
        yield session


def test_list_and_workbooks_come_with_type_validators_and_the_agencys_dates(
    simulator: Simulator, client: requests.Session
) -> None:
    listed = client.get(simulator.url + GAUGE_LIST)
    workbook = client.get(simulator.url + WORKBOOK)
    assert listed.headers["Content-Type"] == "text/plain"
    assert listed.headers["Last-Modified"] == "Wed, 31 Dec 2025 21:18:00 GMT"  # 14:18 in Arizona
    assert workbook.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert workbook.headers["Last-Modified"].startswith("Fri, 19 Dec 2025")
    assert workbook.content.startswith(b"PK")
    assert listed.headers["ETag"] != workbook.headers["ETag"]


def test_the_list_is_as_of_now(simulator: Simulator, agency: ClimateAgency, client: requests.Session) -> None:
    """An agency that lists its gauges by the day before makes all of them stale."""
    agency.now = lambda: datetime(2026, 1, 2, 9, 30)  # noqa: DTZ001
    listed = client.get(simulator.url + GAUGE_LIST)
    assert "01/02/26 at 0930" in listed.text
    assert listed.headers["Last-Modified"] == "Fri, 02 Jan 2026 16:30:00 GMT"


def test_a_known_etag_is_answered_by_304_until_the_document_changes(
    simulator: Simulator, agency: ClimateAgency, client: requests.Session
) -> None:
    etag = client.get(simulator.url + WORKBOOK).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = client.get(simulator.url + WORKBOOK, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(simulator.url + WORKBOOK, headers={"If-None-Match": '"other"'}).status_code == 200
    agency.publish(STATION, DocumentFault.REVISED)
    revised = client.get(simulator.url + WORKBOOK, headers={"If-None-Match": etag})
    assert revised.status_code == 200
    assert revised.headers["ETag"] != etag
    assert revised.headers["Last-Modified"].startswith("Sun, 18 Jan 2026")


@pytest.mark.parametrize(
    "path", ["/", "/alert/Rain/FOPR/99900_FOPR.xlsx", f"/alert/Rain/FOPR/FOPR_{STATION}.xlsx", "/etc/passwd"]
)
def test_anything_else_is_a_404_page(simulator: Simulator, client: requests.Session, path: str) -> None:
    answer = client.get(simulator.url + path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<html>" in answer.content


def test_head_has_the_headers_of_get_and_no_body(simulator: Simulator, client: requests.Session) -> None:
    got, head = client.get(simulator.url + WORKBOOK), client.head(simulator.url + WORKBOOK)
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.content == b""


def test_the_log_tells_who_asked_what_when_and_got_what(
    simulator: Simulator, client: requests.Session
) -> None:
    before = datetime.now(UTC)
    simulator.order("ev_rain.txt", Fault.status(503))
    for _ in range(2):
        client.get(simulator.url + GAUGE_LIST)
    first, second = simulator.requests
    assert (first.status, first.fault, first.path) == (503, "status 503", GAUGE_LIST)
    assert (second.status, second.fault, second.user_agent) == (200, None, "Gaugehouse/0.1 (+test)")
    assert before <= first.received_at <= second.received_at <= datetime.now(UTC)


class _Forms:
    """An agency that answers with what it was asked."""

    def answer(self, request: Request) -> Answer | None:
        told = f"{request.method} {sorted(request.parameters.items())} {request.base_url}"
        return Answer(status=200, body=told.encode()) if request.path == "/php/showdata2.php" else None


def test_an_agency_sees_the_query_and_the_form_of_a_post(client: requests.Session) -> None:
    with Simulator(_Forms()) as simulator:
        url = f"{simulator.url}/php/showdata2.php"
        simulator.order("showdata2.php", Fault.status(500), query="ST=a rain")
        failed = client.post(url, data={"ID1": "59700", "ST": "a rain"})
        asked = client.get(url, params={"ID": "59700", "NM": "5"})
        sent = client.post(url, data={"ID1": "59700", "ST": "rain"})
        assert failed.status_code == 500
        assert asked.text == f"GET [('ID', '59700'), ('NM', '5')] {simulator.url}"
        assert sent.text == f"POST [('ID1', '59700'), ('ST', 'rain')] {simulator.url}"
        assert client.post(simulator.url + "/elsewhere", data={"ID1": "1"}).status_code == 404
    first, second, third, _ = simulator.requests
    assert (first.body, first.fault) == (b"ID1=59700&ST=a+rain", "status 500")
    assert (second.method, second.query, second.body) == ("GET", "ID=59700&NM=5", b"")
    assert (third.method, third.query, third.body) == ("POST", "", b"ID1=59700&ST=rain")


def test_a_form_must_have_a_length_and_be_small(client: requests.Session) -> None:
    with Simulator(_Forms()) as simulator:
        url = f"{simulator.url}/php/showdata2.php"
        assert client.post(url, data=b"x" * 70_000).status_code == 413
        assert client.post(url, data=iter([b"ID1=59700"])).status_code == 413  # chunked
        assert client.post(url, data={"ID1": "59700"}).status_code == 200


def test_a_fault_hits_its_path_so_many_times_and_the_oldest_order_goes_first(
    simulator: Simulator, client: requests.Session
) -> None:
    simulator.order(f"{STATION}_FOPR.xlsx", Fault.status(500), times=2)
    simulator.order(".xlsx", Fault.status(502))
    other = fopr_path(CLIMATE.gauges[1].station_id)
    paths = (WORKBOOK, GAUGE_LIST, WORKBOOK, other, WORKBOOK, other)
    assert [client.get(simulator.url + path).status_code for path in paths] == [500, 200, 500, 502, 200, 200]


def test_a_fault_without_end_lasts_until_it_is_cancelled(
    simulator: Simulator, client: requests.Session
) -> None:
    simulator.order(WORKBOOK, Fault.status(404), times=None)
    assert [client.get(simulator.url + WORKBOOK).status_code for _ in range(3)] == [404] * 3
    simulator.cancel_faults()
    assert client.get(simulator.url + WORKBOOK).status_code == 200
    with pytest.raises(ValueError, match="at least one request"):
        simulator.order(WORKBOOK, Fault.empty(), times=0)


def test_html_empty_and_replaced_bodies_come_with_status_200(
    simulator: Simulator, client: requests.Session
) -> None:
    for fault in (Fault.html(), Fault.empty(), Fault.replace(b"PK not a zip")):
        simulator.order(WORKBOOK, fault)
    page, empty, replaced = (client.get(simulator.url + WORKBOOK) for _ in range(3))
    assert {page.status_code, empty.status_code, replaced.status_code} == {200}
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.content.lstrip().startswith(b"<!DOCTYPE html")
    assert (empty.content, replaced.content) == (b"", b"PK not a zip")
    assert replaced.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_429_names_the_wait_in_seconds_or_as_a_date(simulator: Simulator, client: requests.Session) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=7)
    for wait in ("7", until, None):
        simulator.order(WORKBOOK, Fault.too_many_requests(retry_after=wait))
    seconds, day, without = (client.get(simulator.url + WORKBOOK) for _ in range(3))
    assert {seconds.status_code, day.status_code, without.status_code} == {429}
    assert seconds.headers["Retry-After"] == "7"
    assert parsedate_to_datetime(day.headers["Retry-After"]) == until
    assert "Retry-After" not in without.headers


def test_a_truncated_body_declares_its_whole_length(simulator: Simulator, client: requests.Session) -> None:
    simulator.order(WORKBOOK, Fault.truncated(100))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="100 bytes read"):
        client.get(simulator.url + WORKBOOK)
    assert client.get(simulator.url + WORKBOOK).status_code == 200


def test_a_dropped_connection_is_reset(simulator: Simulator, client: requests.Session) -> None:
    simulator.order(WORKBOOK, Fault.drop())
    with pytest.raises(requests.exceptions.ConnectionError, match="reset"):
        client.get(simulator.url + WORKBOOK)
    assert simulator.requests[-1].status is None
    assert client.get(simulator.url + WORKBOOK).status_code == 200


def test_a_timeout_stalls_one_client_and_nobody_else(simulator: Simulator, client: requests.Session) -> None:
    simulator.order(WORKBOOK, Fault.timeout(60))
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.get(simulator.url + WORKBOOK, timeout=0.1)
    assert client.get(simulator.url + WORKBOOK, timeout=5).status_code == 200


def test_a_short_timeout_ends_with_a_closed_connection(
    simulator: Simulator, client: requests.Session
) -> None:
    simulator.order(WORKBOOK, Fault.timeout(0.05))
    with pytest.raises(requests.exceptions.ConnectionError):
        client.get(simulator.url + WORKBOOK, timeout=5)


def test_stopping_is_prompt_while_clients_are_stalled_or_idle(agency: ClimateAgency) -> None:
    simulator = Simulator(agency).start()
    url = simulator.url
    simulator.order(WORKBOOK, Fault.timeout(600))
    failures: list[Exception] = []

    def ask() -> None:
        try:
            requests.get(url + WORKBOOK, timeout=60)
        except requests.exceptions.ConnectionError as error:
            failures.append(error)

    stalled = Thread(target=ask)
    stalled.start()
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))):
        while not simulator.requests:
            sleep(0.01)
        begun = monotonic()
        simulator.stop()
        assert monotonic() - begun < 2
    stalled.join(5)
    assert len(failures) == 1
    simulator.stop()  # stopping again does nothing
    with pytest.raises(RuntimeError, match="not open"):
        _ = simulator.url
    assert [request.path for request in simulator.requests] == [WORKBOOK]


def test_many_clients_at_once_all_get_the_same_document(simulator: Simulator) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.get(simulator.url + WORKBOOK, timeout=30), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(simulator.requests) == 24


def test_the_demo_world_has_three_troubled_gauges_and_a_healthy_first_one() -> None:
    world = demo_world(gauges=5)
    first, second, missing, paged, busy = (fopr_path(gauge.station_id) for gauge in world.climate.gauges)
    with (
        Simulator(ClimateAgency(world.climate), faults=world.faults) as simulator,
        requests.Session() as client,
    ):
        rounds = [
            {path: client.get(simulator.url + path) for path in (first, second, missing, paged, busy)}
            for _ in range(2)
        ]
    assert [answer.status_code for answer in rounds[0].values()] == [200, 200, 404, 200, 429]
    assert [answer.status_code for answer in rounds[1].values()] == [200, 200, 404, 200, 200]
    assert rounds[0][busy].headers["Retry-After"] == "1"
    assert not rounds[0][paged].content.startswith(b"PK")
    assert rounds[1][paged].content.startswith(b"PK")


def test_the_demo_world_has_a_small_network_that_transmits_now() -> None:
    network = demo_world().network
    assert len(network.sites) == 12
    assert abs(network.now - datetime.now(UTC)) < timedelta(seconds=5)
    healthy = network.series[0]
    assert network.readings(healthy, network.now - timedelta(hours=2), network.now)


def test_a_small_demo_world_keeps_its_first_gauge_healthy() -> None:
    assert demo_world(gauges=1).faults == ()
    world = demo_world(gauges=2)
    (only,) = world.faults
    assert isinstance(only, FaultOrder)
    assert only.path_suffix == fopr_path(world.climate.gauges[1].station_id)

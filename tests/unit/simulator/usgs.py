"""A small simulated network on a server, and a client that asks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests

from gaugehouse_local.simulator import Network, Simulator, UsgsAgency, create_network

NOW = datetime(2026, 3, 10, 12, 7, tzinfo=UTC)
KEY = "a-good-key"
Feature = dict[str, Any]


class Client:
    """Asks a simulator; it has the good key, so that the anonymous limit is not in the way."""

    def __init__(self, simulator: Simulator, network: Network, session: requests.Session) -> None:
        self.simulator = simulator
        self.network = network
        self._session = session

    def get(self, path: str, headers: dict[str, str], **parameters: str) -> requests.Response:
        url = self.simulator.url + path
        return self._session.get(url, params=parameters, headers=headers, timeout=30)

    def items(self, collection: str, **parameters: str) -> requests.Response:
        return self.get(items(collection), {"X-Api-Key": KEY}, **parameters)

    def follow(self, url: str) -> requests.Response:
        return self._session.get(url, headers={"X-Api-Key": KEY}, timeout=30)

    def all(self, collection: str, **parameters: str) -> list[Feature]:
        """Return the features of all pages."""
        answer = self.items(collection, **({"limit": "50000"} | parameters))
        features: list[Feature] = []
        while True:
            assert answer.status_code == 200, answer.text
            features += answer.json()["features"]
            following = next_link(answer)
            if following is None:
                return features
            answer = self.follow(following)


def items(collection: str) -> str:
    return f"/ogcapi/v1/collections/{collection}/items"


def next_link(answer: requests.Response) -> str | None:
    return next((link["href"] for link in answer.json()["links"] if link["rel"] == "next"), None)


@contextmanager
def opened(network: Network | None = None, **options: Any) -> Iterator[Client]:
    """Serve a network (a living one of 12 sites at `NOW`) with one good key."""
    served = network or create_network(seed=5, sites=12, now=NOW)
    agency = UsgsAgency(served, keys=[KEY], **options)
    with Simulator(agency) as simulator, requests.Session() as session:
        yield Client(simulator, served, session)

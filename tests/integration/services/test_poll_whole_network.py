"""An agency that falls silent in the middle of a poll of the whole network."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.domain.series import INSTANTANEOUS, Series, StreamGauge
from gaugehouse.runtime.invocation import Run
from gaugehouse.services import ask_sites
from gaugehouse.store import poll_targets, series, site_lookups, stream_gauges
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network, create_network
from gaugehouse_local.simulator.usgs.usgs_agency import UsgsAgency
from tests.conftest import NOON
from tests.integration.services.polling import CONTINUOUS, poll_now

ANSWERED = 3  # groups before the agency falls silent


@pytest.fixture
def network() -> Network:
    """As many sites and series as the agency has, and no trouble but the one to come."""
    return create_network(sites=12_000, series=30_000, now=NOON, calm=True)


@pytest.fixture
def agency(network: Network) -> Iterator[Simulator]:
    """The agency's server; it is asked without a key."""
    with Simulator(UsgsAgency(network, hourly_limit_without_key=1000)) as simulator:
        yield simulator


@pytest.fixture
def known(conn: psycopg.Connection, network: Network, run: Run) -> None:
    """All of it is known; that discovery finds it is shown elsewhere, and takes longer."""
    station_ids = [site.station_id for site in network.sites]
    stream_gauges.upsert(
        conn,
        [
            StreamGauge(
                station_id=site.station_id, name=site.name, agency_code=site.agency_code, time_zone="UTC"
            )
            for site in network.sites
        ],
    )
    series.upsert(
        conn,
        [
            Series(
                station_id=one.site.station_id,
                parameter_code=one.parameter.code,
                statistic=INSTANTANEOUS,
                unit="",
                method="" if one.primary else one.series_id,
                upstream_series_id=one.series_id,
                is_primary=one.primary,
            )
            for one in network.series
        ],
    )
    poll_targets.sync_from_settings(conn, dict.fromkeys(station_ids))
    site_lookups.mark(conn, station_ids, parameter_codes=run.wiring.settings.usgs_parameters)


def test_what_was_answered_stays_and_the_state_says_what_was_not_asked(
    known: None, run: Run, conn: psycopg.Connection, network: Network, agency: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ask_sites, "LONGEST_REQUEST_SECONDS", 1.0)
    agency.order(CONTINUOUS, Fault.timeout(), times=None, after=ANSWERED)

    def seconds_left() -> float:
        """Enough for the first groups, two seconds for the one that hangs, then nothing."""
        return {ANSWERED: 2.0, ANSWERED + 1: 0.5}.get(len(agency.requests), 300.0)

    run.wiring.begin(seconds_left)
    with pytest.raises(PollIncomplete, match=r"of 12000 sites \d+ got no answer and \d+ were not asked"):
        poll_now(replace(run, seconds_left=seconds_left), network)

    groups = [request.parameters["monitoring_location_id"].split(",") for request in agency.requests]
    assert len(groups) == ANSWERED + 1 and all(len(group) > 300 for group in groups)
    answered = {site for group in groups[:ANSWERED] for site in group}
    silent = set(groups[ANSWERED])
    asked = Counter(
        "answered" if site.site_id in answered else "silent" if site.site_id in silent else "not asked"
        for site in network.sites
    )
    rows = conn.execute(
        "SELECT station_id, last_poll_failed, last_polled_at FROM poll_targets ORDER BY station_id"
    ).fetchall()
    assert (
        Counter("not asked" if at is None else "silent" if failed else "answered" for _, failed, at in rows)
        == asked
    )
    states: dict[str, int] = dict(
        conn.execute(
            "SELECT coalesce(status_reason, status, 'never'), count(*) FROM series "
            "LEFT JOIN monitoring_state USING (series_id) WHERE is_primary AND parameter_code = ANY (%s) "
            "GROUP BY 1",
            (["00060", "00065", "00045"],),
        ).fetchall()
    )
    assert set(states) == {"active", "request_failed", "never"}
    assert states["never"] > 10 * states["request_failed"] > 0
    stations = conn.execute(
        "SELECT DISTINCT station_id FROM gauge_readings JOIN series USING (series_id)"
    ).fetchall()
    by_id = {site.station_id: site.site_id for site in network.sites}
    assert {by_id[station_id] for (station_id,) in stations} == answered
    assert poll_targets.due(conn, polled_at=network.now)[0] not in silent

"""The operator's verbs about stream gauges against a running house."""

from gaugehouse.store import quotas
from tests.e2e.operator import Operator

SITE = "05568500"  # one without troubles, with a daily record from 1939


def test_targets_are_listed_with_their_polls_and_states(operator: Operator) -> None:
    targets = {target["station_id"]: target for target in operator.asks("targets", "list")}

    polled = targets[SITE]
    assert (polled["series"], polled["degraded"], polled["offline"]) == (2, 0, 0)
    assert polled["last_polled_at"] is not None and polled["latest_reading_time"] is not None
    unhealthy = operator.asks("targets", "list", "--unhealthy")
    assert unhealthy and SITE not in {target["station_id"] for target in unhealthy}
    assert "ended" in operator.reads("targets", "list"), "years ago: not polled as if it were dead"
    assert {target["station_id"] for target in unhealthy} < targets.keys()
    table = operator.reads("targets", "list")
    assert SITE in table and "2/2" in table


def test_a_target_that_was_never_polled_says_so(operator: Operator) -> None:
    assert operator.asks("targets", "add", "09512500") == {"added": 1}
    try:
        row = next(line for line in operator.reads("targets", "list").splitlines() if "09512500" in line)
        assert "never" in row and "new" in row
    finally:
        assert operator.asks("targets", "remove", "09512500") == {"removed": 1}
    assert "09512500" not in operator.reads("targets", "list")
    assert "removed" in operator.reads("targets", "list", "--all")


def test_a_rain_gauge_is_watched(operator: Operator) -> None:
    with operator.undisturbed_by("source:mcfcd_tips"):
        assert operator.asks("targets", "add", "59700", "--source", "mcfcd_tips") == {"added": 1}
        try:
            told = {target["station_id"]: target for target in operator.asks("targets", "list")}["59700"]
            assert (told["source"], told["discovered_at"]) == ("mcfcd_tips", None)
            row = next(line for line in operator.reads("targets", "list").splitlines() if "59700" in line)
            assert "mcfcd_tips" in row and "new" in row
        finally:
            assert operator.asks("targets", "remove", "59700") == {"removed": 1}


def test_wrong_sites_are_refused(operator: Operator) -> None:
    assert "'a; DROP TABLE gauges' is no site id" in operator.is_refused(
        "targets", "add", "a; DROP TABLE gauges"
    )
    assert "'59700' is no site id" in operator.is_refused("targets", "add", "59700")
    assert "'01646500' is no id of a rain gauge" in operator.is_refused(
        "targets", "add", "01646500", "--source", "mcfcd_tips"
    )
    assert "nobody polls 01646500" in operator.is_refused("targets", "remove", "01646500")
    refused = operator.is_refused("backfill", "usgs", "--site", "99999999", "--from", "2020-01-01")
    assert "knows no series of site 99999999" in refused
    assert "99999999" not in operator.reads("targets", "list")


def test_a_backfill_fetches_what_is_missing_and_goes_on(operator: Operator) -> None:
    command = ("backfill", "usgs", "--site", SITE, "--what", "daily", "--until", "1959-09-30")

    first = operator.asks(*command, "--from", "1949-10-01")
    assert [(part["subject"], part["status"]) for part in first] == [(f"{SITE}:1950-1959", "completed")]
    assert first[0]["days"] == first[0]["inserted"] > 3_000

    again = operator.asks(*command, "--from", "1939-10-01")
    assert [part["subject"] for part in again] == [f"{SITE}:1940-1949", f"{SITE}:1950-1959"]
    documents = operator.rows(
        "SELECT subject, fetched_at FROM source_documents WHERE source = 'usgs_daily' ORDER BY subject"
    )
    assert len(documents) == 2, "what was done was not fetched twice"
    assert "1950-1959 daily" in operator.reads(*command, "--from", "1949-10-01")


def test_what_was_fetched_is_told_while_the_quota_is_used_up(operator: Operator) -> None:
    with operator.undisturbed_by("source:usgs"):
        command = ("backfill", "usgs", "--what", "daily", "--from", "1949-10-01", "--until", "1959-09-30")
        operator.asks(*command, "--site", SITE)
        before = operator.rows("SELECT next_request_at FROM upstream_quotas WHERE source = 'usgs'")[0]
        quotas.hold(operator.conn, "usgs", seconds=600)
        try:
            done = operator.types_here(*command, "--site", SITE)
            assert (done.returncode, "completed" in done.stdout) == (0, True), done.stdout + done.stderr
            assert "is not looked up again" in done.stderr and "may be asked again in" in done.stderr
            refused = operator.is_refused(*command, "--site", "09512500")
            assert "may be asked again in" in refused and "is the id right" not in refused
        finally:
            operator.conn.execute(
                "UPDATE upstream_quotas SET next_request_at = %(next_request_at)s WHERE source = 'usgs'",
                before,
            )


def test_fetching_the_past_of_a_site_polls_nobody_and_looks_at_that_site_only(operator: Operator) -> None:
    with operator.undisturbed_by("source:usgs"):
        site = next(
            row["station_id"] for row in operator.asks("targets", "list") if row["station_id"] != SITE
        )
        operator.asks("targets", "remove", site)
        before = operator.rows("SELECT clock_timestamp() AS now")[0]["now"]
        try:
            days = ("--from", "2024-10-01", "--until", "2024-10-02")
            [part] = operator.asks("backfill", "usgs", "--site", site, "--what", "continuous", *days)

            assert (part["subject"], part["status"]) == (f"{site}:2025", "completed")
            assert site not in {row["station_id"] for row in operator.asks("targets", "list")}
            looked_up = operator.rows(
                "SELECT station_id FROM gauges WHERE series_looked_up_at > %(before)s", before=before
            )
            assert [row["station_id"] for row in looked_up] == [site]
        finally:
            operator.asks("targets", "add", site)


def test_a_name_is_for_one_site(operator: Operator) -> None:
    refused = operator.is_refused("targets", "add", "09512500", "01646500", "--name", "Potomac River")
    assert "a name is for one site" in refused


def test_the_status_tells_of_the_streams(operator: Operator) -> None:
    status = operator.types_here("status")
    assert "sites polled" in status.stdout and "offline" in status.stdout
    assert "gauges watched" in status.stdout

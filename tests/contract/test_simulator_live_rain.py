"""The simulated documents of live rainfall: the form of the real ones, and the climate's own numbers."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from gaugehouse.domain.errors import DocumentNotFound, SourceUnavailable
from gaugehouse.domain.live_rain import INTERVALS_HOURS, TipRecord, rain_of_day
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.sources.http import open_session
from gaugehouse.sources.mcfcd.arizona_time import day_start, to_utc
from gaugehouse.sources.mcfcd.gauge_list import fetch_gauge_list, parse_gauge_list
from gaugehouse.sources.mcfcd.interval_report import fetch_interval_report, parse_interval_report
from gaugehouse.sources.mcfcd.tips import fetch_tips, parse_tips
from gaugehouse_local.simulator import Climate, ClimateAgency, Fault, Simulator, create_climate
from gaugehouse_local.simulator.record import inches
from tests.real_files import MCFCD, requires_real_files

LATER = datetime(2030, 1, 1, tzinfo=UTC)
SESSION = open_session("test")


@pytest.fixture(scope="module")
def world() -> Climate:
    """Twelve gauges with three published water years."""
    return create_climate(gauges=12, first_water_year=2022)


@pytest.fixture(scope="module")
def publisher(world: Climate) -> ClimateAgency:
    return ClimateAgency(world)


@pytest.fixture(scope="module")
def served(publisher: ClimateAgency) -> Iterator[Simulator]:
    with Simulator(publisher) as simulator:
        yield simulator


def tips_at(served: Simulator, publisher: ClimateAgency, station_id: str, now: datetime) -> TipRecord:
    """Ask for a gauge's tips as they are at a local time."""
    publisher.now = lambda: now
    page = fetch_tips(SESSION, served.url, station_id)
    return parse_tips(page.content, station_id=station_id, not_after=LATER)


@requires_real_files
def test_a_page_of_tips_has_the_form_of_the_real_one(served: Simulator) -> None:
    real = (MCFCD / "showdata4_59700.html").read_text()
    simulated = fetch_tips(SESSION, served.url, "59700").content.decode()

    assert _form(simulated) == _form(real)


def _form(page: str) -> list[str]:
    """Give each distinct kind of line in the order of its first appearance, with its columns."""
    lines = (re.sub(r"\d", "9", line) for line in page.replace("Mesquite Park", "Aztec Park").split("\n"))
    return list(dict.fromkeys(lines))


def test_get_and_post_tell_the_same(served: Simulator, publisher: ClimateAgency) -> None:
    got = tips_at(served, publisher, "59700", datetime(2025, 9, 20, 9, 30))  # noqa: DTZ001
    page = fetch_tips(SESSION, served.url, "59700", path="/php/showdata2.php", method="POST", rows=200)

    posted = parse_tips(page.content, station_id="59700", not_after=LATER)
    assert posted.tips == got.tips[-200:]
    assert served.requests[-1].body == b"ID1=59700&ST=rain&NM=200"


def test_as_many_rows_come_as_are_asked_for(served: Simulator) -> None:
    page = fetch_tips(SESSION, served.url, "59700", rows=5)
    assert len(parse_tips(page.content, station_id="59700", not_after=LATER).tips) == 5


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.html(), SourceUnavailable),
        (Fault.truncated(600), SourceUnavailable),
        (Fault.empty(), SourceUnavailable),
        (Fault.status(404), DocumentNotFound),
    ],
)
def test_faults_of_the_page_are_our_own_errors(
    fault: Fault, error: type[Exception], served: Simulator
) -> None:
    served.order("showdata4.php", fault)
    with pytest.raises(error):
        parse_tips(fetch_tips(SESSION, served.url, "59700").content, station_id="59700", not_after=LATER)


def test_report_and_list_of_one_moment_agree(
    served: Simulator, publisher: ClimateAgency, world: Climate
) -> None:
    publisher.now = lambda: world.observed_at
    report = parse_interval_report(fetch_interval_report(SESSION, served.url).content)
    listed = parse_gauge_list(fetch_gauge_list(SESSION, served.url).content)

    assert report.observed_at == listed.observed_at
    assert report.rejects == ()
    told = {
        entry.station_id: (entry.gauge_name, entry.totals_inches[3], entry.totals_inches[4])
        for entry in report.entries
    }
    assert told == {
        entry.station_id: (
            entry.gauge_name,
            entry.rainfall_past_6h_inches,
            entry.rainfall_past_24h_inches,
        )
        for entry in listed.entries
    }
    assert any(None in entry.totals_inches for entry in report.entries)


def test_the_report_is_the_climates_own_rain(
    served: Simulator, publisher: ClimateAgency, world: Climate
) -> None:
    now = world.record("59700").tips[-40] + timedelta(minutes=10)
    publisher.now = lambda: now
    report = parse_interval_report(fetch_interval_report(SESSION, served.url).content)

    assert report.observed_at == to_utc(now.replace(second=0))
    [entry] = [entry for entry in report.entries if entry.station_id == "59700"]
    for hours, told in zip(INTERVALS_HOURS, entry.totals_inches, strict=True):
        assert told == round(inches(world.record("59700").tips_within(timedelta(hours=hours), now)), 2)


def test_an_outage_hides_only_the_intervals_that_reach_into_it(
    served: Simulator, publisher: ClimateAgency, world: Climate
) -> None:
    gauge, outage = next(
        (gauge, outage) for gauge in world.gauges for outage in world.record(gauge.station_id).outages
    )
    for now, hidden in [(outage.end - timedelta(hours=1), 6), (outage.end + timedelta(hours=7), 2)]:
        publisher.now = lambda now=now: now  # type: ignore[misc]
        report = parse_interval_report(fetch_interval_report(SESSION, served.url).content)
        [entry] = [entry for entry in report.entries if entry.station_id == gauge.station_id]
        assert [total is None for total in entry.totals_inches] == [False] * (6 - hidden) + [True] * hidden


def test_closed_days_are_the_days_of_the_full_record(
    served: Simulator, publisher: ClimateAgency, world: Climate
) -> None:
    """Every live day of a month agrees with what the workbook says of it later, to the counter's rounding."""
    compared = wet = 0
    for gauge in world.gauges:
        record = world.record(gauge.station_id)
        if gauge.silent:
            continue
        for end in (date(2025, 1, 31), date(2025, 3, 2), date(2025, 9, 8)):
            told = tips_at(served, publisher, gauge.station_id, datetime.combine(end, time(9, 30)))
            for day in (end - timedelta(days=n) for n in range(1, 30)):
                live, published = rain_of_day(told.tips, day, day_start), record.inches_on(day)
                if live is not None and published is not None:
                    assert live == pytest.approx(published, abs=0.0101), (gauge.station_id, day)
                    compared, wet = compared + 1, wet + (published > 0)
    assert compared > 500 and wet > 50


def test_the_counter_starts_again_on_1_october(
    served: Simulator, publisher: ClimateAgency, world: Climate
) -> None:
    now = datetime.combine(water_year_start(2026), time(9))
    told = tips_at(served, publisher, "59700", now)

    year_end = water_year_end(2025)
    before = [tip for tip in told.tips if tip.observed_at < day_start(water_year_start(2026))]
    seen = world.record("59700").tips_during(water_year_start(2025), year_end + timedelta(days=1))
    assert before[-1].counter_inches >= round(inches(len(seen)), 2) > 0
    assert told.tips[len(before)].counter_inches == 0.0


def test_rain_goes_on_after_the_climates_present(publisher: ClimateAgency, served: Simulator) -> None:
    """The demo lets it rain by the real clock, months behind what is published."""
    told = tips_at(served, publisher, "59700", datetime(2026, 8, 20, 18))  # noqa: DTZ001
    assert told.tips[-1].observed_at >= datetime(2026, 8, 20, 18, tzinfo=UTC)
    assert told.tips[-1].counter_inches > 0

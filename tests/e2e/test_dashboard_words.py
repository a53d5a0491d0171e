"""The dashboard's pure modules: how it words, sums and writes. They are asked in the browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import dashboard_at
from tests.e2e.operator import Operator

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MISSING = "\N{EN DASH}"
NOW = "2026-11-30T21:05:00Z"
NOW_MS = 1796072700000
PHOENIX = "America/Phoenix"  # UTC-7 the whole year


@pytest.fixture(scope="module")
def page(operator: Operator, browser: Browser) -> Iterator[Page]:
    """One tab for all: nothing here changes it."""
    with dashboard_at(operator.house.outputs["ApiUrl"], browser) as dashboard:
        yield dashboard.opens()


def said(page: Page, module: str, function: Any, *arguments: Any) -> Any:
    """Call a function of one of the page's modules."""
    script = f"async args => (await import('/js/{module}.js')).{function}(...args)"
    return page.evaluate(script, list(arguments))


def test_numbers_and_times_are_worded(page: Page) -> None:
    words = {
        ("inches", 0): "0.00",
        ("inches", 0.004): "<0.01",
        ("inches", None): MISSING,
        ("inches", 1.005, 1): "1.0",
        ("reading", 1240.4): "1,240",
        ("reading", None): MISSING,
        ("reading", 1.1, "ft"): "1.10",
        ("reading", 0, "in"): "0.00",
        ("count", None): MISSING,
        ("plural", 1, "gauge"): "1 gauge",
        ("plural", 2000, "gauge"): "2,000 gauges",
        ("percent", 0.976): "98 %",
        ("duration", 59_000): "59 s",
        ("duration", 3 * HOUR + 20 * MINUTE + 59_000): "3 h 20 min",
        ("duration", 2 * DAY): "2 d",
        ("duration", 40 * DAY + 5 * HOUR): "40 d",
        ("moment", "2026-11-30T07:00:00Z", PHOENIX, NOW_MS): "00:00",
        ("moment", "2026-11-30T06:59:00Z", PHOENIX, NOW_MS): "29 Nov 23:59",
        ("moment", "2025-09-30T06:59:00Z", PHOENIX, NOW_MS): "29 Sep 2025 23:59",
        ("utc", NOW): "2026-11-30 21:05 UTC",
        ("unitWords", "ft^3/s"): "ft³/s",
        ("date", "2024-02-29"): "29 Feb 2024",
    }
    told = {case: said(page, "format", *case) for case in words}
    assert told == words


@pytest.mark.parametrize(
    ("gauge", "words", "needs_look"),
    [
        ({"status": "active", "observed_at": "2026-11-30T21:00:00Z"}, "Reported 5 min ago", False),
        (
            {
                "status": "stale",
                "status_reason": "not_polled",
                "latest": [{"status": "active", "reading_time": "2026-11-30T17:05:00Z"}],
            },
            "Not polled any more, heard 4 h ago",
            True,
        ),
        (
            {
                "status": "active",
                "observed_at": "2026-11-30T12:05:00Z",
                "latest": [{"status": "active", "reading_time": "2026-11-30T17:05:00Z"}],
            },
            "Reported 4 h ago",
            False,
        ),
        (
            {"status": "offline", "status_reason": "no_data", "observed_at": "2026-11-30T17:45:00Z"},
            "No data for 3 h 20 min",
            True,
        ),
        (
            {"status": "offline", "status_reason": "request_failed", "observed_at": "2026-11-30T21:04:00Z"},
            "Agency did not answer since 14:04",
            True,
        ),
        (
            {"status": "stale", "status_reason": "stale", "observed_at": "2026-11-30T12:05:00Z"},
            "No news on the agency's list for 9 h",
            True,
        ),
        (
            {
                "status": "active",
                "observed_at": "2026-11-30T12:05:00Z",
                "latest": [{"status": "active", "reading_time": "2026-11-30T21:00:00Z"}],
            },
            "Reported 5 min ago",  # it is heard: the list is stuck
            False,
        ),
        ({"status": "offline", "status_reason": "no_data"}, "No data yet", True),
        (
            {  # it stands on the list, but without an amount
                "status": "offline",
                "status_reason": "no_data",
                "observed_at": "2026-11-30T21:04:08Z",
                "rainfall_past_6h_inches": None,
                "rainfall_past_24h_inches": None,
            },
            "No data yet",
            True,
        ),
        ({"status": "unknown"}, "No live data is polled", False),
        (
            {
                "status": "degraded",
                "latest": [
                    {"parameter": "Stage", "status": "active", "reading_time": "2026-11-30T21:00:00Z"},
                    {
                        "parameter": "Discharge",
                        "status": "degraded",
                        "status_reason": "stale",
                        "reading_time": "2026-11-30T19:05:00Z",
                    },
                ],
            },
            "Discharge: no data for 2 h",
            True,
        ),
    ],
)
def test_a_gauges_condition_is_told_as_an_officer_would(
    gauge: dict[str, Any], words: str, needs_look: bool, page: Page
) -> None:
    known = {"time_zone": PHOENIX, "observed_at": None, "latest": [], **gauge}
    told = said(page, "condition", "gaugeCondition", known, NOW_MS)
    assert (told["words"], told["needsLook"]) == (words, needs_look)


def test_what_many_gauges_of_an_agency_share_is_one_trouble(page: Page) -> None:
    def gauge(name: str, network: str, status: str, listed: str | None) -> dict[str, Any]:
        known = {"station_id": name, "network": network, "status": status, "observed_at": listed}
        return {**known, "time_zone": PHOENIX, "latest": []}

    gauges = [
        *(gauge(f"stuck {number}", "mcfcd", "stale", "2026-11-30T12:05:00Z") for number in range(6)),
        gauge("older", "mcfcd", "stale", "2026-11-29T21:05:00Z"),
        gauge("well", "mcfcd", "active", NOW),
        *(gauge(f"silent {number}", "usgs", "offline", None) for number in range(2)),
    ]
    told = said(page, "trouble", "troubles", gauges, NOW_MS)
    assert [[each["station_id"] for each in one["gauges"]] for one in told] == [
        ["silent 0"],
        ["silent 1"],
        [f"stuck {number}" for number in range(6)],
        ["older"],
    ]

    # An agency that does not answer is one, too, though its gauges were not all heard at one time.
    unheard = [
        gauge(f"unheard {minute}", "usgs", "offline", f"2026-11-30T20:{minute}:00Z")
        for minute in range(10, 15)
    ]
    told = said(
        page, "trouble", "troubles", [each | {"status_reason": "request_failed"} for each in unheard], NOW_MS
    )
    assert [len(one["gauges"]) for one in told] == [5]
    assert told[0]["condition"]["words"] == "Agency did not answer since 13:14"


def test_the_newer_source_tells_the_rain_and_an_old_one_is_missing(page: Page) -> None:
    def rain(listed: str | None, live: str | None) -> Any:
        gauge = {
            "observed_at": listed,
            "rainfall_past_24h_inches": 0.5,
            "latest": [
                {"parameter_code": "00045", "method": "past_24_h", "value": 0.75, "reading_time": live}
            ],
        }
        return said(page, "rain-now", "rainNow", gauge, 24, NOW_MS)

    assert rain("2026-11-30T21:00:00Z", "2026-11-30T20:00:00Z") == 0.5
    assert rain("2026-11-30T20:00:00Z", "2026-11-30T21:00:00Z") == 0.75
    assert rain("2026-11-30T18:04:00Z", None) is None
    # Of the last hour the live report alone tells, and only for an hour.
    report = {"parameter_code": "00045", "method": "past_1_h", "value": 0.4}
    gauge = {"observed_at": "2026-11-30T21:00:00Z", "rainfall_past_24h_inches": 0.5, "latest": []}
    for at, expected in (("2026-11-30T20:10:00Z", 0.4), ("2026-11-30T20:04:00Z", None)):
        gauge["latest"] = [{**report, "reading_time": at}]
        assert said(page, "rain-now", "rainNow", gauge, 1, NOW_MS) == expected
    assert said(page, "rain-now", "rainNow", {**gauge, "latest": []}, 1, NOW_MS) is None
    assert rain(None, None) is None


def test_a_missing_day_makes_the_running_total_a_lower_bound(page: Page) -> None:
    days = [{"date": f"2025-10-0{day}", "rainfall_inches": 0.5} for day in (1, 2, 4)]
    normals = [
        {"day_of_water_year": 1, "median_inches": 0.1, "p10_inches": 0.0, "p90_inches": 0.2},
        {"day_of_water_year": 366, "median_inches": 9.0, "p10_inches": 8.0, "p90_inches": 10.0},
    ]
    year = said(page, "rain-year", "rainYear", 2026, days, normals)

    assert (len(year["dates"]), year["dates"][0], year["dates"][-1]) == (365, "2025-10-01", "2026-09-30")
    assert year["rain"][:5] == [0.5, 0.5, None, 0.5, None]
    assert year["total"][:5] == [0.5, 1.0, None, None, None]
    assert year["atLeast"][:5] == [None, 1.0, 1.0, 1.5, None]
    assert (year["missing"], year["lastKnown"]) == (1, 3)
    assert (year["median"][0], year["high"][0], year["median"][1]) == (0.1, 0.2, None)


@pytest.mark.parametrize(
    ("start", "end", "days", "words"),
    [
        ("2025-07-16T07:00:00Z", "2025-07-20T07:00:00Z", 4, "16 Jul 2025 to 19 Jul 2025, 4 missing days"),
        ("2025-07-16T07:00:00Z", "2025-07-17T07:00:00Z", 1, "16 Jul 2025, 1 missing day"),
        ("2019-06-24T18:54:00Z", "2019-06-26T18:58:00Z", 0, "24 Jun 2019 to 26 Jun 2019"),
        ("2019-06-24T18:54:00Z", "2019-06-24T20:00:00Z", 0, "24 Jun 2019"),
        ("2025-07-16T07:00:00Z", None, 0, "16 Jul 2025 to now"),
    ],
)
def test_a_gap_is_named_by_the_local_days_that_it_touches(
    start: str, end: str | None, days: int, words: str, page: Page
) -> None:
    gap = {"gap_start": start, "gap_end": end, "missing_days": days, "cause": "Battery"}
    placed = said(page, "gap-words", "placed", gap, PHOENIX)

    assert placed["x"]["from"] < placed["x"]["to"]  # there is something to shade
    assert said(page, "gap-words", "gapWords", placed) == f"{words}: Battery"


def test_streams_are_sorted_within_their_unit_and_missing_is_last(page: Page) -> None:
    def gauge(name: str, code: str, value: float | None) -> dict[str, Any]:
        return {"station_id": name, "latest": [{"parameter_code": code, "value": value}]}

    gauges = [
        gauge("flow 2", "00060", 2), gauge("stage 9", "00065", 9), gauge("none", "00065", None),
        gauge("warm", "00010", 30), gauge("flow 900", "00060", 900), gauge("stage 1", "00065", 1),
    ]  # fmt: skip

    def order(*, descending: bool) -> list[str]:
        by = {"id": "stream", "descending": descending}
        return [each["station_id"] for each in said(page, "gauge-order", "sorted", gauges, by)]

    assert order(descending=True) == ["stage 9", "stage 1", "flow 900", "flow 2", "warm", "none"]
    assert order(descending=False) == ["stage 1", "stage 9", "flow 2", "flow 900", "warm", "none"]


def test_a_silence_breaks_the_line(page: Page) -> None:
    hourly = [{"reading_time": f"2026-11-01T{hour:02}:00:00Z", "value": hour} for hour in range(24)]
    daily = [{"reading_time": f"2026-11-0{day}T00:00:00Z", "value": day} for day in (1, 2, 3)]

    assert said(page, "series-chart", "broken", [*hourly[:3], *hourly[15:]])[1] == [
        0,
        1,
        2,
        None,
        *range(15, 24),
    ]
    assert said(page, "series-chart", "broken", daily)[1] == [1, 2, 3]
    assert said(page, "series-chart", "broken", []) == [[], []]


def test_a_stream_that_rises_is_said_to(page: Page) -> None:
    def change(values: dict[str, float], newest: str) -> Any:
        items = [{"reading_time": f"2026-11-30T{at}:00Z", "value": value} for at, value in values.items()]
        answer = {"items": items, "unit": "ft"}
        return said(page, "series-words", "changeWords", answer, f"2026-11-30T{newest}:00+00:00")

    risen = {"18:00": 3.1, "18:15": 3.2, "21:05": 4.5}
    assert change(risen, "21:05") == "1.40 ft higher than 3 h before"
    assert change({"18:10": 3.1, "21:05": 2.5}, "21:05") == "0.60 ft lower than 3 h before"
    assert change({"18:10": 3.1, "21:05": 3.104}, "21:05") == "the same as 3 h before"
    assert change(risen, "21:20") is None  # the newest was left out
    assert change({"17:30": 3.1, "21:05": 2.5}, "21:05") is None
    assert change({}, "21:05") is None


def test_the_map_begins_where_most_gauges_are_neighbours(page: Page) -> None:
    def placed(name: str, x: float, y: float) -> dict[str, Any]:
        return {"gauge": name, "at": [x, y]}

    near = [placed("a", -1958, -620), placed("b", -1940, -610), placed("c", -1915, -600)]
    far = [placed("d", -1300, -700), placed("e", -2750, -360)]
    found = said(page, "map-fit", "neighbourhood", [far[0], *near, far[1]])
    assert sorted(each["gauge"] for each in found) == ["a", "b", "c"]
    assert said(page, "map-fit", "boxAround", [each["at"] for each in near]) == [[-1958, -620], [-1915, -600]]
    assert said(page, "map-fit", "neighbourhood", []) == []


def test_a_schedule_is_told_as_people_say_it(page: Page) -> None:
    words = {
        "rate(1 hour)": "every hour",
        "rate(15 minutes)": "every 15 minutes",
        "cron(30 5 * * ? *)": "daily at 05:30 UTC",
        "cron(0 4 ? * SUN *)": "Sundays at 04:00 UTC",
        "cron(0 2 1 * ? *)": "day 1 of each month at 02:00 UTC",
        "cron(0/5 8-17 ? * MON-FRI *)": "cron(0/5 8-17 ? * MON-FRI *)",
    }
    assert {each: said(page, "schedule-words", "scheduleWords", each) for each in words} == words


def test_a_file_has_empty_cells_and_no_formula(page: Page) -> None:
    rows = [["59700", None, 0, '=HYPERLINK("x")'], ["a,b", -1.5, "-1", "é\nz"]]
    assert said(page, "downloads", "csv", ["id", "inches", "n", "note"], rows) == (
        'id,inches,n,note\r\n59700,,0,"\'=HYPERLINK(""x"")"\r\n"a,b",-1.5,\'-1,"é\nz"\r\n'
    )


def test_what_is_out_of_order_is_told_worst_first(page: Page) -> None:
    state = dict.fromkeys(
        (
            "oldest_due_seconds", "import_jobs_failed", "series_request_failed", "rain_series_request_failed",
            "series_offline", "rain_series_offline", "series_degraded", "rain_series_degraded",
            "stale_summaries", "rejects",
        ),
        0,
    )  # fmt: skip
    known: dict[str, Any] = {"state": state, "jobs": [], "pauses": [], "letters": [], "failures": []}
    assert said(page, "findings", "findings", known) == []

    state |= {"import_jobs_failed": 4}
    errors = ["DocumentNotFound: /FOPR/1000", "DocumentInvalid: x.xlsx", "DocumentNotFound: /FOPR/2000"]
    state |= {"rejects": 1, "series_offline": 3, "series_request_failed": 2, "oldest_due_seconds": 7200}
    job = {"job_name": "poll:usgs", "is_failing": True, "last_run": {"status": "failed", "error_text": "503"}}
    letters = [{"queue": "imports", "messages": 2}, {"queue": "events", "messages": 0}]
    pauses = [{"name": "task:x", "reason": "flood"}]
    failures = [{"error_message": error} for error in errors]
    known |= {"jobs": [job], "pauses": pauses, "letters": letters, "failures": failures}
    told = said(page, "findings", "findings", known)
    assert [(each["tone"], each["says"]) for each in told] == [
        ("silent", "2 messages failed every try"),
        ("silent", "poll:usgs fails: 503"),
        ("silent", "An import has been due for 2 h"),
        ("silent", "1 import failed for good: DocumentInvalid"),
        ("silent", "The agency left the last poll of 2 series unanswered"),
        ("late", "The agency has no document for 2 imports"),
        ("late", "1 import failed for good"),
        ("late", "1 series sends no data"),
        ("late", "1 record was dropped"),
        ("late", "task:x is paused: flood"),
    ]


def test_a_job_that_does_not_run_any_more_is_out_of_order(page: Page) -> None:
    state = {"oldest_due_seconds": 0, "import_jobs_failed": 0}
    job = {"job_name": "poll:usgs", "schedule": "rate(15 minutes)", "is_failing": False, "pause": None}
    job |= {"next_run_at": "2026-11-30T21:15:00Z", "last_succeeded_at": "2026-11-30T20:20:00Z"}

    def says(**other: Any) -> list[str]:
        known = {"state": state, "jobs": [job | other], "pauses": [], "letters": [], "failures": []}
        told = said(page, "findings", "findings", known, NOW_MS)
        return [each["says"] for each in told]

    assert says() == ["poll:usgs should run every 15 minutes, and has not succeeded for 45 min"]
    assert says(last_succeeded_at="2026-11-30T20:21:00Z") == []
    assert says(pause={"name": "source:usgs"}) == []
    assert says(next_run_at=None) == []  # its schedule is switched off
    assert says(schedule="cron(0 2 1 * ? *)") == []

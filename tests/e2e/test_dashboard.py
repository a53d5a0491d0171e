"""The dashboard's pages, as people meet them in a browser, against the running house."""

import csv
import json
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import PHONE, Dashboard, dashboard_at, downloaded
from tests.e2e.operator import Operator

SOUND = "59700"
PAGES = {"now": "/", "gauge": f"/#/gauge/{SOUND}", "operations": "/#/operations"}
MOST_FIRST_BYTES = 200_000


def asked(dashboard: Dashboard, path: str) -> Any:
    """Ask the API what the page should show."""
    answer = requests.get(f"{dashboard.url}/api/v1{path}", timeout=30)
    answer.raise_for_status()
    return answer.json()


def names(page: Page) -> list[str]:
    """The listed gauges, from above."""
    return page.locator(".table-gauges tbody th a").all_inner_texts()


def still_map(page: Page) -> str:
    """The map's picture, once it does not change any more."""
    pictures = [""]
    while True:
        pictures.append(page.locator("canvas").evaluate("canvas => canvas.toDataURL()"))
        if pictures[-1] == pictures[-2]:
            return pictures[-1]
        page.wait_for_timeout(300)


def test_the_first_view_is_small_and_has_every_gauge(dashboard: Dashboard) -> None:
    page = dashboard.opens()
    page.wait_for_load_state("networkidle")  # all of it counts

    gauges = asked(dashboard, "/gauges?limit=1000")["items"]
    expect(page.get_by_role("heading", name="Now", level=1)).to_be_visible()
    assert sorted(names(page)) == sorted(gauge["name"] for gauge in gauges)
    expect(page.locator(".list .card-head .note")).to_have_text(f"{len(gauges)} gauges")
    assert 50_000 < dashboard.bytes_received < MOST_FIRST_BYTES


def test_the_pages_policy_allows_nothing_inline_and_nobody_else(dashboard: Dashboard) -> None:
    headers = requests.get(dashboard.url, timeout=30).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_list_is_searched_filtered_and_sorted(dashboard: Dashboard) -> None:
    page = dashboard.opens()
    gauges = asked(dashboard, "/gauges?limit=1000")["items"]
    [wanted] = [gauge["name"] for gauge in gauges if gauge["station_id"] == SOUND]

    page.get_by_role("searchbox", name="Search gauges").fill(SOUND)
    assert names(page) == [wanted]
    page.get_by_role("searchbox", name="Search gauges").fill("no such gauge")
    expect(page.get_by_text("No gauge matches “no such gauge”.")).to_be_visible()
    page.get_by_role("searchbox", name="Search gauges").fill("")

    heading = page.get_by_role("columnheader", name="Gauge")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert names(page) == sorted(names(page), key=str.lower)
    expect(heading.get_by_role("button")).to_be_focused()  # though the heads were drawn anew
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert names(page) == sorted(names(page), key=str.lower, reverse=True)

    page.get_by_role("radio", name="Needs a look").check()
    trouble = {"degraded", "stale", "offline"}

    def needs_look(gauge: dict[str, Any]) -> bool:
        is_heard = any(each["status"] == "active" for each in gauge["latest"])
        return gauge["status"] in trouble and not (gauge["status"] == "stale" and is_heard)

    assert sorted(names(page)) == sorted(gauge["name"] for gauge in gauges if needs_look(gauge))


def test_the_map_is_coloured_by_rain_or_by_condition(dashboard: Dashboard, operator: Operator) -> None:
    page = dashboard.opens()
    expect(page.locator(".map-frame")).not_to_have_attribute("aria-busy", "true")  # borders come last
    [unplaced] = operator.rows("SELECT count(*) FROM gauges WHERE latitude IS NULL OR longitude IS NULL")
    assert unplaced["count"] > 0, "gauges whose workbook did not come"
    expect(page.locator(".map")).to_contain_text(f"{unplaced['count']} gauges without a position")
    legend = page.locator(".map .legend")
    expect(legend).to_contain_text("2.00+")
    by_rain = still_map(page)

    page.get_by_role("radio", name="Condition").check()
    expect(legend).to_contain_text("Silent")
    page.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=by_rain)

    page.get_by_role("radio", name="Rain in 24 h").and_(page.locator("[name=colour-by]")).check()
    page.wait_for_function("before => document.querySelector('canvas').toDataURL() === before", arg=by_rain)


def test_a_gauges_rain_is_drawn_told_and_taken_away(dashboard: Dashboard, tmp_path: Path) -> None:
    page = dashboard.opens(PAGES["gauge"])
    years = asked(dashboard, f"/gauges/{SOUND}/rainfall?interval=water_year")["items"]
    newest = [year for year in years if year["days_present"]][-1]

    expect(page.get_by_role("application", name=re.compile("^(Daily rain|Running total) of"))).to_have_count(
        2
    )
    expect(page.get_by_label("Water year", exact=True)).to_have_value(str(newest["water_year"]))
    expect(page.locator(".verdict").first).to_contain_text(f"{newest['total_inches']:.2f} in")

    page.get_by_role("button", name="Earlier water year").click()
    dashboard.is_settled()
    earlier = years[years.index(newest) - 1]
    saved = list(csv.DictReader(StringIO(downloaded(page, "Download CSV of what is shown", tmp_path))))
    days = asked(
        dashboard,
        f"/gauges/{SOUND}/rainfall?from={earlier['water_year'] - 1}-10-01&to={earlier['water_year']}-09-30",
    )["items"]
    told = {day["date"]: day["rainfall_inches"] for day in days}
    assert {row["date"]: float(row["rainfall_inches"]) for row in saved if row["rainfall_inches"]} == told
    # A missing day is an empty cell, and not left out.
    assert len(saved) >= len(told)

    page.get_by_text("The same as a table").first.click()
    table = page.get_by_role("table", name=f"Daily rain of water year {earlier['water_year']}")
    expect(table.locator("tbody tr")).to_have_count(len(saved))  # it is made when it is unfolded

    document = json.loads(downloaded(page, "Download JSON of what is shown", tmp_path))
    assert (document["station_id"], document["water_year"]) == (SOUND, earlier["water_year"])


def test_a_gap_tells_its_cause_when_it_is_looked_at(dashboard: Dashboard) -> None:
    gap = asked(dashboard, f"/gauges/{SOUND}/gaps?limit=1")["items"][0]
    start = date.fromisoformat(gap["gap_start"][:10])
    page = dashboard.opens(PAGES["gauge"])
    page.get_by_label("Water year", exact=True).select_option(str(start.year + (start.month >= 10)))
    dashboard.is_settled()

    listed = page.locator(".gap").first
    listed.focus()

    expect(page.locator(".readout").first).to_have_text(listed.inner_text())
    expect(listed).to_contain_text(str(start.year))


def test_a_chart_is_read_by_the_arrow_keys(dashboard: Dashboard) -> None:
    page = dashboard.opens(PAGES["gauge"])
    chart = page.get_by_role("application", name=re.compile("^Daily rain of"))
    chart.focus()

    page.keyboard.press("Home")
    expect(page.locator(".readout").first).to_contain_text("1 Oct")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout").first).to_contain_text("2 Oct")


def test_the_proof_of_a_record_is_told(dashboard: Dashboard) -> None:
    page = dashboard.opens(PAGES["gauge"])

    proof = asked(dashboard, f"/gauges/{SOUND}/record")["proof"]
    assert proof["agrees"]
    expect(page.get_by_text(f"All {proof['claims']} totals that the document states agree")).to_be_visible()


def test_a_stream_is_looked_at_closer(dashboard: Dashboard) -> None:
    gauges = asked(dashboard, "/gauges?network=usgs&status=active&limit=1000")["items"]
    stream = next(g for g in gauges if any(each["parameter_code"] == "00065" for each in g["latest"]))
    page = dashboard.opens(f"/#/gauge/{stream['station_id']}")
    chart = page.get_by_role("application", name=re.compile(f"Stage of {re.escape(stream['name'])}"))
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None

    with page.expect_request(lambda request: "/readings?" in request.url) as zoomed:
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 80)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 90, steps=4)
        page.mouse.up()

    assert "points=" in zoomed.value.url
    page.get_by_role("button", name="Whole span").click()
    expect(page.get_by_role("button", name="Whole span")).to_be_hidden()


def test_a_gauge_that_is_looked_at_goes_on(dashboard: Dashboard) -> None:
    gauges = asked(dashboard, "/gauges?network=usgs&status=active&limit=1000")["items"]
    stream = next(g for g in gauges if any(each["parameter_code"] == "00065" for each in g["latest"]))
    newer = asked(dashboard, f"/gauges/{stream['station_id']}")
    [stage] = [
        each
        for each in newer["series"]
        if (each["parameter_code"], each["statistic"]) == ("00065", "00011")  # not that of days
    ]
    stage |= {"latest_reading_value": 1234.5, "latest_reading_time": datetime.now(UTC).isoformat()}
    page = dashboard.page
    page.clock.install()
    dashboard.opens(f"/#/gauge/{stream['station_id']}")
    page.mouse.move(0, 0)  # not in the chart, which would then stay

    page.route(f"**/api/v1/gauges/{stream['station_id']}", lambda route: route.fulfill(json=newer))
    with page.expect_request(lambda request: "/readings?" in request.url):
        page.clock.fast_forward(61_000)

    expect(page.locator(".figures")).to_contain_text("1,234.50 ft")
    expect(page.locator(".verdict")).to_contain_text("1,234.50 ft")
    expect(page.get_by_role("application")).to_have_count(1)

    # A chart that somebody looks into stays until they look elsewhere.
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url) if "/readings?" in request.url else None)
    stage |= {"latest_reading_value": 2345.5}
    stage |= {"latest_reading_time": (datetime.now(UTC) + timedelta(minutes=1)).isoformat()}
    page.locator(".charts .readout").hover()
    page.clock.fast_forward(61_000)
    expect(page.locator(".verdict")).to_contain_text("2,345.50 ft")
    assert asked_for == []
    page.mouse.move(0, 0)
    with page.expect_request(lambda request: "/readings?" in request.url):
        page.clock.fast_forward(61_000)


def test_rain_that_nobody_told_of_is_missing(dashboard: Dashboard) -> None:
    told = asked(dashboard, f"/gauges/{SOUND}")
    day = {"parameter_code": "00045", "method": "past_24_h", "value": 0.75}
    told |= {
        "observed_at": None,
        "rainfall_past_6h_inches": None,
        "latest": [{**told["latest"][0], **day, "reading_time": datetime.now(UTC).isoformat()}],
    }
    dashboard.page.route(f"**/api/v1/gauges/{SOUND}", lambda route: route.fulfill(json=told))
    page = dashboard.opens(PAGES["gauge"])

    expect(page.locator(".figure", has_text="Rain in 6 h")).to_contain_text("missing")
    expect(page.locator(".figure", has_text="Rain in 24 h").locator("b")).to_have_text("0.75 in")

    # What was told this morning is told with its age, and not as the rain of now.
    told["latest"][0]["reading_time"] = (datetime.now(UTC) - timedelta(hours=5)).isoformat()
    page.reload()
    dashboard.is_settled()
    figure = page.locator(".figure", has_text="Rain in 24 h")
    expect(figure.locator("b")).to_have_text("not known now")
    expect(figure).to_contain_text("0.75 in, 5 h ago")


def test_an_unknown_gauge_is_told_as_the_api_tells_it(dashboard: Dashboard) -> None:
    dashboard.expected = ("404",)
    page = dashboard.opens("/#/gauge/nowhere")

    detail = requests.get(f"{dashboard.url}/api/v1/gauges/nowhere", timeout=30).json()["detail"]
    expect(page.get_by_role("alert")).to_contain_text(detail)


def test_who_may_not_look_is_asked_for_a_key(dashboard: Dashboard) -> None:
    dashboard.expected = ("401",)
    page = dashboard.page
    page.route("**/api/v1/gauges?*", lambda route: route.fulfill(status=401, json={"title": "Unauthorized"}))
    dashboard.opens()

    expect(page.get_by_role("alert")).to_contain_text("This Gaugehouse is not public")
    page.get_by_role("button", name="Enter a key").click()
    expect(page.get_by_role("dialog", name="API key")).to_be_visible()


def test_what_cannot_be_reached_can_be_tried_again(dashboard: Dashboard) -> None:
    dashboard.expected = ("net::ERR_FAILED",)
    page = dashboard.page
    page.clock.install()
    page.route("**/config.json", lambda route: route.abort())
    dashboard.opens()
    expect(page.get_by_role("alert")).to_contain_text("Gaugehouse could not be reached")
    page.unroute("**/config.json")
    page.route("**/api/v1/gauges?*", lambda route: route.abort())
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_contain_text("Gaugehouse could not be reached")

    page.unroute("**/api/v1/gauges?*")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("rowheader")).not_to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    listed = names(page)

    # What was known stays, with the time that it is of.
    page.route("**/api/v1/gauges?*", lambda route: route.abort())
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("Not up to date: this is as of")).to_be_visible()
    assert names(page) == listed

    # So it is where a page of the dashboard itself does not come.
    page.route("**/js/gauge.js", lambda route: route.abort())
    page.locator(".table-gauges tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_count(0)
    expect(page.get_by_role("alert")).to_contain_text("Gaugehouse could not be reached")
    page.unroute("**/js/gauge.js")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(listed[0])


def test_a_tab_that_was_open_over_a_release_takes_the_new_one(dashboard: Dashboard) -> None:
    page = dashboard.opens()
    newer = 'import { notThereYet } from "./api.js"; export function show() { notThereYet(); }'
    page.route(
        "**/js/gauge.js", lambda route: route.fulfill(content_type="text/javascript", body=newer), times=1
    )

    page.locator(f".table-gauges a[href='#/gauge/{SOUND}']").click()

    expect(page.get_by_role("application", name=re.compile("^Daily rain of"))).to_be_visible()


def test_one_try_asks_for_all_that_the_operations_share(dashboard: Dashboard) -> None:
    dashboard.expected = ("net::ERR_FAILED",)
    page = dashboard.page
    page.clock.install()
    page.route("**/api/v1/**", lambda route: route.abort())
    dashboard.opens(PAGES["operations"])
    failures = page.locator(".state-failure:visible")
    expect(failures).to_have_count(1)  # where nothing is known, one message says so
    expect(page.get_by_role("heading", level=2)).to_have_count(0)

    page.unroute("**/api/v1/**")
    page.route("**/api/v1/jobs", lambda route: route.abort())
    failures.get_by_role("button", name="Try again").click()
    expect(failures).to_have_count(3)  # the verdict and the pauses need the jobs, too

    page.unroute("**/api/v1/jobs")
    failures.first.get_by_role("button", name="Try again").click()

    expect(failures).to_have_count(0)
    expect(page.get_by_role("rowheader", name="poll:usgs")).to_be_visible()
    expect(page.get_by_text(re.compile("^As of"))).to_be_visible()  # all of it has come

    # What was known stays; that it is old is told where one looks first.
    page.route("**/api/v1/**", lambda route: route.abort())
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("alert")).to_contain_text("Not up to date: this is as of")
    expect(page.get_by_role("rowheader", name="poll:usgs")).to_be_visible()


def test_everything_is_reached_by_keyboard(dashboard: Dashboard) -> None:
    page = dashboard.opens()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    walked: list[str] = []
    while "Search gauges" not in walked and len(walked) < 60:
        page.keyboard.press("Tab")
        walked.append(page.evaluate(focused))
    assert "Zoom in" in walked
    page.keyboard.type(SOUND)
    while page.evaluate("document.activeElement.closest('tbody')") is None:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"#/gauge/{SOUND}$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_be_focused()

    page.go_back()
    expect(page.get_by_role("searchbox", name="Search gauges")).to_have_value(SOUND)
    expect(page.locator(f".table-gauges a[href='#/gauge/{SOUND}']")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_is_for_everybody(name: str, scheme: str, operator: Operator, browser: Browser) -> None:
    """Nothing serious for axe, nothing beyond the edge of a phone; and a picture of both to look at."""
    with dashboard_at(operator.house.outputs["ApiUrl"], browser, color_scheme=scheme) as dashboard:
        page = dashboard.opens(PAGES[name])
        found = Axe().run(page).response["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == []
        dashboard.keeps_picture(f"{name}-desktop-{scheme}")

        page.set_viewport_size(PHONE)
        # A plot takes its new width with the next frames.
        fits = "width => document.documentElement.scrollWidth === width"
        page.wait_for_function(fits, arg=PHONE["width"])
        dashboard.keeps_picture(f"{name}-phone-{scheme}")


def test_the_map_keeps_its_colours_where_the_system_takes_those_of_the_page(dashboard: Dashboard) -> None:
    dashboard.page.emulate_media(forced_colors="active")
    page = dashboard.opens()

    colour = "async token => (await import('/js/theme.js')).colour(token)"
    drawn = {page.evaluate(colour, token) for token in ("--rain-1", "--rain-6", "--map-land", "--ink")}
    assert len(drawn) == 4


def test_a_choice_of_colours_stays(dashboard: Dashboard) -> None:
    page = dashboard.opens()
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)

    page.get_by_role("button", name="Use dark colours").click()
    assert page.evaluate(paper) != light
    page.reload()

    assert page.evaluate(paper) != light
    expect(page.get_by_role("button", name="Use light colours")).to_be_visible()

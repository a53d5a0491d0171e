"""The dashboard in a browser: how soon it is there, how much it brings, whether long series stay smooth."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from benchmarks.scoreboard import Comparison, Scoreboard, at_most, milliseconds
from benchmarks.slowness import slowness
from tests.e2e.browser import dashboard_at, running_browser
from tests.e2e.operator import Operator, running_house

FIRST_VIEW_SECONDS, FIRST_VIEW_BYTES = 1.0, 200_000
POINTS = 100_000
SMOOTH_SECONDS = 0.1  # up to that, people take an answer for immediate (RAIL)
ROUNDS = 5
SINCE_NAVIGATION = "() => performance.now() / 1000"
# The cursor is led over the chart, a step each frame; what counts is how long a frame takes.
FRAMES = """
async steps => {
  const over = [...document.querySelectorAll('.u-over')].at(-1);
  const box = over.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const times = [];
  for (let step = 0; step < steps; step += 1) {
    const started = performance.now();
    const at = { clientX: box.left + (box.width * step) / steps, clientY: box.top + 50, bubbles: true };
    over.dispatchEvent(new MouseEvent('mousemove', at));
    await frame();
    times.push((performance.now() - started) / 1000);
  }
  return times;
}
"""
# The longest that the page could not have answered anybody, since it was asked to look.
WATCH = """
() => {
  window.longest = 0;
  new PerformanceObserver(list => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration / 1000);
  }).observe({ type: 'longtask' });
}
"""


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """A running house with three gauges and a dozen streams."""
    with running_house(tmp_path_factory.mktemp("dashboard") / "home") as operator:
        yield operator


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser."""
    with running_browser() as browser:
        yield browser


def test_the_first_view(operator: Operator, browser: Browser, scoreboard: Scoreboard) -> None:
    """From an empty cache until the list is there, all requests of the API included."""
    seconds, received, slow = [], [], []
    for _ in range(ROUNDS + 1):  # the first one starts the API's function
        with dashboard_at(operator.house.outputs["ApiUrl"], browser) as dashboard:
            page = dashboard.opens()
            page.locator(".table-gauges tbody a").first.wait_for()
            seconds.append(page.evaluate(SINCE_NAVIGATION))
            page.wait_for_load_state("networkidle")
            received.append(dashboard.bytes_received)
            slow.append(slowness())

    took, largest, allowed = median(seconds[1:]), max(received), FIRST_VIEW_SECONDS * median(slow)
    scoreboard.judge(
        Comparison(
            what="dashboard: first view",
            ours=milliseconds(took),
            limit=milliseconds(allowed),
            ratio=took / allowed,
            bar=at_most(1),
        ),
        Comparison(
            what="dashboard: bytes of the first view",
            ours=f"{largest / 1000:.0f} kB",
            limit=f"{FIRST_VIEW_BYTES / 1000:.0f} kB",
            ratio=largest / FIRST_VIEW_BYTES,
            bar=at_most(1),
        ),
    )


def test_a_long_series(operator: Operator, browser: Browser, scoreboard: Scoreboard) -> None:
    """A hundred thousand points: ten times what the page would ask for."""
    with dashboard_at(operator.house.outputs["ApiUrl"], browser) as dashboard:
        page = dashboard.page
        page.route("**/readings?*", answer_with_many)
        gauges = operator.rows("SELECT station_id FROM series WHERE parameter_code = '00065' LIMIT 1")
        dashboard.opens(f"/#/gauge/{gauges[0]['station_id']}")
        page.evaluate(WATCH)
        page.get_by_role("radio", name="1 y").check()
        dashboard.is_settled()
        page.locator(".u-over").last.wait_for()
        frames = median(page.evaluate(FRAMES, 60))
        redraws = [drawn_anew(page) for _ in range(ROUNDS)]
        longest = page.evaluate("window.longest")

    def compared(what: str, seconds: float) -> Comparison:
        return Comparison(
            what=f"dashboard: {POINTS:,} points, {what}",
            ours=milliseconds(seconds),
            limit=milliseconds(SMOOTH_SECONDS),
            ratio=seconds / SMOOTH_SECONDS,
        )

    scoreboard.judge(
        compared("a frame of the moving cursor", frames),
        compared("drawn anew after a change of width", median(redraws)),
        compared("longest task", longest),
    )


def drawn_anew(page: Page) -> float:
    """Have the whole series drawn anew, in a window of another width; return how long that takes."""
    width = 1300 if page.viewport_size and page.viewport_size["width"] == 1440 else 1440
    page.set_viewport_size({"width": width, "height": 900})
    return float(
        page.evaluate(
            """async () => {
              const started = performance.now();
              document.dispatchEvent(new Event('gaugehouse:theme'));
              await new Promise(requestAnimationFrame);
              return (performance.now() - started) / 1000;
            }"""
        )
    )


def answer_with_many(route: Route) -> None:
    """Answer as the API would, with more points than it would give."""
    start = 1_764_547_200  # 2025-12-01

    def item(index: int) -> dict[str, Any]:
        at = start + index * 300
        return {"reading_time": _iso(at), "value": round(3 + math.sin(index / 900), 3), "approved": False}

    answer = {
        "station_id": "x",
        "parameter_code": "00065",
        "unit": "ft",
        "time_zone": "America/Phoenix",
        "points": POINTS,
        "items": [item(index) for index in range(POINTS)],
    }
    route.fulfill(status=200, content_type="application/json", body=json.dumps(answer))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Debian's Chromium, and a page in it that watches over what no page of ours may do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect, sync_playwright

from tests.real_files import PROJECT_ROOT

ARTIFACTS = PROJECT_ROOT / ".artifacts"  # kept by CI, never by git
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 780}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# It runs as root in containers without a graphics card, and is to speak to nobody but us.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start the browser. Where there is none, its tests are skipped on a laptop, and fail in CI."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = "no Chromium here: `make browser` installs Debian's"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


expect.set_options(timeout=15_000)  # two slow cores may be at other tests


@dataclass(slots=True, kw_only=True)
class Dashboard:
    """One tab with the dashboard. What went wrong in it is collected; `expected` is not wrong."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    bytes_received: int = 0

    def opens(self, route: str = "/") -> Page:
        """Go to a page and wait until it has what it asked for."""
        self.page.goto(self.url + route)
        self.is_settled()
        return self.page

    def is_settled(self) -> None:
        """Wait until nothing is loading any more."""
        expect(self.page.locator("main h1, main [role=alert]").first).to_be_visible()
        expect(self.page.locator(".state-loading")).to_have_count(0)

    def keeps_picture(self, name: str) -> None:
        """Take a screenshot of the whole page, for people to look at."""
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


@contextmanager
def dashboard_at(url: str, browser: Browser, **options: Any) -> Iterator[Dashboard]:
    """Open a fresh tab. In the end nothing may be in the console, and nobody else may have been asked."""
    settings = {"viewport": DESKTOP, "timezone_id": "America/Phoenix", "reduced_motion": "reduce", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(15_000)
    dashboard = Dashboard(page=context.new_page(), url=url)
    _watch(dashboard)
    try:
        yield dashboard
    finally:
        context.close()
    unexpected = [
        trouble for trouble in dashboard.troubles if not any(part in trouble for part in dashboard.expected)
    ]
    assert not unexpected, "\n".join(unexpected)


def _watch(dashboard: Dashboard) -> None:
    page, troubles = dashboard.page, dashboard.troubles
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            troubles.append(f"console: {message.text}") if message.type in ("error", "warning") else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((dashboard.url, "blob:", "data:"))
            else troubles.append(f"asked another: {request.url}")
        ),
    )
    page.on("response", lambda response: _judge(response, troubles))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def count(event: dict[str, Any]) -> None:
        dashboard.bytes_received += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", count)


def _judge(response: Response, troubles: list[str]) -> None:
    if response.status >= 400:
        troubles.append(f"{response.status} {response.url}")


def downloaded(page: Page, button: str, folder: Path) -> str:
    """Press a download button; return what was saved."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).first.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file.read_text()

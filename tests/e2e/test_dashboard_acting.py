"""Acting from the dashboard: with a key, and what becomes of it in the house."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Dashboard
from tests.e2e.operator import Operator
from tests.integration.faults.conftest import wait_for

SOUND = "59700"
JOB = "SELECT status, last_completed_at FROM import_jobs WHERE kind = 'fopr' AND subject = %(id)s"
PAUSES = "SELECT name, reason, resumes_at IS NOT NULL AS ends FROM pauses"
NOBODYS_KEY = "gh_aaaaaaaa_" + "x" * 43


@pytest.fixture(scope="module")
def key(operator: Operator) -> str:
    """A key that may act."""
    return str(operator.asks("keys", "create", "Duty officer", "--scope", "operate")["key"])


@pytest.fixture
def operations(operator: Operator, dashboard: Dashboard) -> Iterator[Page]:
    """The page Operations; nothing is paused afterwards."""
    yield dashboard.opens("/#/operations")
    operator.conn.execute("DELETE FROM pauses")


def enters(page: Page, key: str) -> None:
    """Answer the key dialogue."""
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Use this key").click()


def test_a_retry_asks_for_a_key_and_really_imports_again(
    operations: Page, dashboard: Dashboard, operator: Operator, key: str
) -> None:
    dashboard.expected = ("401",)
    [before] = operator.rows(JOB, id=SOUND)
    operations.get_by_role("radio", name="Completed").check()

    operations.get_by_role("button", name=f"Import again: fopr {SOUND}").click()
    dialogue = operations.get_by_role("dialog", name="API key")
    enters(operations, "my password")
    expect(dialogue.get_by_role("alert")).to_contain_text("This is not a key")
    enters(operations, NOBODYS_KEY)
    expect(operations.locator(".toast-bad")).to_be_visible()
    expect(operations.locator(".tools")).to_contain_text("Enter key")  # a refused one is not kept
    assert operator.rows(JOB, id=SOUND) == [before]
    enters(operations, key)

    expect(operations.get_by_text(f"fopr {SOUND}: pending.")).to_be_visible()
    wait_for(
        "the import that was asked for",
        lambda: operator.rows(JOB, id=SOUND)[0]["last_completed_at"] > before["last_completed_at"],
    )


def test_an_import_shows_what_the_ledger_has(operations: Page) -> None:
    operations.get_by_role("radio", name="Completed").check()
    entry = operations.get_by_role("button", name=f"fopr {SOUND}", exact=True)

    entry.click()

    expect(entry).to_have_attribute("aria-expanded", "true")
    expect(operations.locator(".detail:visible")).to_contain_text("totals stated, 0 do not hold")


def test_a_task_is_paused_with_a_reason_and_goes_on(operations: Page, operator: Operator, key: str) -> None:
    operations.get_by_text("Pause something").click()
    operations.get_by_label("What", exact=True).select_option("source:mcfcd_tips")
    operations.get_by_role("button", name="Pause", exact=True).click()
    expect(operations.get_by_text("Say why")).to_be_visible()
    operations.get_by_label("Reason").fill("radio is down")
    operations.get_by_role("button", name="Pause", exact=True).click()
    enters(operations, key)

    resume = operations.get_by_role("button", name="End the pause of source:mcfcd_tips")
    expect(resume).to_be_visible()
    told = {"name": "source:mcfcd_tips", "reason": "radio is down", "ends": True}
    assert operator.rows(PAUSES) == [told]
    expect(operations.get_by_text("source:mcfcd_tips is paused: radio is down")).to_be_visible()

    resume.click()
    expect(operations.get_by_text("Nothing is paused.")).to_be_visible()
    assert operator.rows(PAUSES) == []


def test_a_key_stays_in_the_tab_until_it_is_forgotten(operations: Page, key: str) -> None:
    operations.get_by_role("button", name="Enter key").click()
    enters(operations, key)

    expect(operations.get_by_role("button", name="Key in use")).to_be_visible()
    kept = operations.evaluate("JSON.stringify([location.href, document.cookie, {...localStorage}])")
    assert key not in kept
    assert key in operations.evaluate("JSON.stringify({...sessionStorage})")

    operations.get_by_role("button", name="Key in use").click()
    operations.get_by_role("button", name="Forget key").click()
    expect(operations.get_by_role("button", name="Enter key")).to_be_visible()
    assert operations.evaluate("sessionStorage.length") == 0


def test_a_key_that_is_entered_above_shows_what_needed_one(dashboard: Dashboard, key: str) -> None:
    dashboard.expected = ("401",)
    page = dashboard.page
    page.route("**/api/v1/gauges?*", lambda route: route.fulfill(status=401, json={}))
    dashboard.opens()
    expect(page.get_by_role("alert")).to_contain_text("A key is needed")
    page.unroute("**/api/v1/gauges?*")

    page.get_by_role("button", name="Enter key").click()
    enters(page, key)

    expect(page.get_by_role("rowheader")).not_to_have_count(0)


def test_the_keyboard_closes_the_dialogue_and_comes_back(operations: Page) -> None:
    button = operations.get_by_role("button", name="Enter key")
    button.press("Enter")
    expect(operations.get_by_label("Key", exact=True)).to_be_focused()

    operations.keyboard.press("Escape")

    expect(operations.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_jobs_are_told_with_their_runs(operations: Page, operator: Operator) -> None:
    jobs = operator.rows("SELECT job_name, count(*) AS runs FROM job_runs GROUP BY job_name")

    for job in jobs:
        header = operations.get_by_role("rowheader", name=job["job_name"])
        runs = operations.get_by_role("row").filter(has=header).locator(".lane rect")
        expect(runs).not_to_have_count(0)
        assert runs.count() <= job["runs"]

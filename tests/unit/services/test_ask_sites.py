"""Asking many groups of sites: what ends it, what is a group's own failure, and what is no failure at all."""

from collections.abc import Sequence

import pytest

from gaugehouse.domain.errors import (
    ApiKeyInvalid,
    DocumentInvalid,
    DocumentNotFound,
    GaugehouseError,
    PollIncomplete,
    RateLimited,
    RequestInvalid,
    SourceBusy,
    SourceRetired,
    SourceUnavailable,
)
from gaugehouse.services.ask_sites import DOWN_AFTER, LONGEST_REQUEST_SECONDS, Asked, ask_sites

GROUPS = [["1", "2"], ["3"], ["4"], ["5"], ["6", "7", "8"]]
DOWN = SourceUnavailable("status 503")
REFUSED = RequestInvalid("status 400: site 3 is none")


class Agency:
    """Answers group by group as it is told; None is an answer."""

    def __init__(self, *answers: GaugehouseError | None, seconds_left: Sequence[float] = ()) -> None:
        self.asked: list[str] = []
        self.kept: list[str] = []
        self.failed: dict[str, GaugehouseError] = {}
        self._answers = list(answers)
        self._seconds_left = list(seconds_left)

    def ask_all(self) -> Asked:
        return ask_sites(
            GROUPS,
            ask=self._ask,
            keep=lambda group, _: self.kept.extend(group),
            fail=lambda group, error: self.failed.update(dict.fromkeys(group, error)),
            seconds_left=lambda: self._seconds_left.pop(0) if self._seconds_left else 300.0,
        )

    def _ask(self, group: Sequence[str]) -> str:
        self.asked.extend(group)
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer
        return "data"


def test_everybody_is_asked_and_kept() -> None:
    agency = Agency()
    asked = agency.ask_all()
    assert asked == Asked(sites=8) and asked.is_complete
    assert agency.kept == agency.asked == list("12345678")
    asked.raise_if_incomplete()


def test_an_agency_that_does_not_answer_three_groups_in_a_row_is_down() -> None:
    agency = Agency(None, *[DOWN] * DOWN_AFTER)
    asked = agency.ask_all()
    assert agency.asked == list("12345"), "nobody else is asked"
    assert agency.failed == dict.fromkeys("345678", DOWN), "and yet everybody else has failed"
    assert (asked.failed, asked.not_asked, asked.error) == (6, 0, DOWN)
    with pytest.raises(PollIncomplete, match="of 8 sites 6 got no answer and 0 were not asked: status 503"):
        asked.raise_if_failed()


def test_an_answer_in_between_shows_that_it_is_not_down() -> None:
    agency = Agency(DOWN, DOWN, None, DOWN, DOWN)
    assert agency.ask_all().failed == 7
    assert agency.asked == list("12345678") and agency.kept == ["4"]


@pytest.mark.parametrize("refusal", [REFUSED, DocumentNotFound("404"), DocumentInvalid("other JSON")])
def test_a_refusal_is_the_groups_own_failure_however_many_there_are(refusal: GaugehouseError) -> None:
    agency = Agency(refusal, refusal, refusal, refusal)
    asked = agency.ask_all()
    assert agency.kept == list("678") and set(agency.failed) == set("12345")
    assert (asked.failed, asked.not_asked, asked.error) == (5, 0, refusal)


def test_a_refusal_is_an_answer_too() -> None:
    agency = Agency(DOWN, DOWN, REFUSED, DOWN)
    assert agency.ask_all().failed == 5
    assert agency.kept == list("678")


@pytest.mark.parametrize("error", [ApiKeyInvalid("403"), SourceRetired("shut down")])
def test_what_is_refused_to_us_every_time_is_asked_once(error: GaugehouseError) -> None:
    agency = Agency(None, error)
    asked = agency.ask_all()
    assert agency.asked == list("123") and set(agency.failed) == set("345678")
    assert (asked.failed, asked.error) == (6, error)


@pytest.mark.parametrize("busy", [SourceBusy, RateLimited])
def test_whoever_is_left_when_the_quota_is_used_up_did_not_fail(busy: type[SourceBusy]) -> None:
    agency = Agency(None, busy("in 900 s", retry_after_seconds=900))
    asked = agency.ask_all()
    assert agency.kept == ["1", "2"] and agency.failed == {} and agency.asked == list("123")
    assert (asked.failed, asked.not_asked) == (0, 6)
    asked.raise_if_failed()
    with pytest.raises(PollIncomplete, match="of 8 sites 0 got no answer and 6 were not asked") as raised:
        asked.raise_if_incomplete()
    assert raised.value.retry_after_seconds == 900


def test_no_group_is_begun_for_which_there_may_be_no_time() -> None:
    agency = Agency(seconds_left=[300, LONGEST_REQUEST_SECONDS, LONGEST_REQUEST_SECONDS - 0.1])
    asked = agency.ask_all()
    assert agency.kept == list("123") and agency.failed == {}
    assert (asked.failed, asked.not_asked) == (0, 5)
    with pytest.raises(PollIncomplete, match="5 were not asked: the time was up"):
        asked.raise_if_incomplete()

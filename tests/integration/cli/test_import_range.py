"""A range of imports: what is asked for, when it stops, how it goes on. A stub is the importers."""

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from gaugehouse.domain.rain_book_subjects import requests_for
from gaugehouse.runtime.operations import operate
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.import_range import Part, RangeOutcome, import_parts
from gaugehouse_cli.import_summary import counts_of, document_of, print_summary

STATS = {
    "total_rows": 1000, "inserted": 990, "revised": 5, "withdrawn": 0, "claims": 12, "mismatches": [],
    "footnotes": 10, "footnotes_understood": 9, "disagreeing_days": 2,
}  # fmt: skip
DONE = """
UPDATE import_jobs SET status = 'completed', completed_at = now(), last_completed_at = now(),
    import_stats = %(stats)s
WHERE status = 'pending' AND NOT subject = ANY (%(doomed)s) AND NOT subject = ANY (%(unanswered)s)
RETURNING subject
"""
UNANSWERED = """
UPDATE import_jobs SET status = 'failed', next_retry_at = now() + interval '5 minutes',
    error_message = 'SourceUnavailable: the agency did not answer'
WHERE status = 'pending' AND subject = ANY (%(unanswered)s)
"""
DOOMED = """
UPDATE import_jobs SET status = 'failed', error_message = 'DocumentInvalid: not a workbook'
WHERE status = 'pending' AND subject = ANY (%(doomed)s)
RETURNING subject
"""


@dataclass(slots=True)
class Importers:
    """AWS as the command sees it: operations on the real database, and imports that end at the next sweep."""

    conn: psycopg.Connection
    doomed: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    imported: list[str] = field(default_factory=list)
    interrupt_after: int | None = None

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        event = json.loads(Payload)
        if event["task"] == "requeue_imports":
            answer: dict[str, Any] = self._import()
        else:
            answer = {"answer": operate(event["operation"], event["arguments"], conn=self.conn).answer}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def _import(self) -> dict[str, Any]:
        parameters = {"doomed": self.doomed, "unanswered": self.unanswered, "stats": Jsonb(STATS)}
        self.conn.execute(UNANSWERED, parameters)
        for statement in (DONE, DOOMED):
            self.imported += [subject for (subject,) in self.conn.execute(statement, parameters)]
        if self.interrupt_after is not None and len(self.imported) >= self.interrupt_after:
            raise KeyboardInterrupt
        return {}


@pytest.fixture
def importers(conn: psycopg.Connection) -> Importers:
    return Importers(conn)


def parts_of(first: int, last: int) -> list[Part]:
    return [Part(name=f"{year}", requests=requests_for(year, year)) for year in range(first, last + 1)]


def run(importers: Importers, first: int, last: int, **options: bool) -> RangeOutcome:
    house = Deployment(
        name="a house", is_local=True, stays=True, outputs={"MaintenanceFunctionName": "m"},
        lambdas=importers, sqs=None, open_s3=lambda: None, download_seconds=2.0, runs_schedules=False,
        since=datetime.now(UTC),
    )  # fmt: skip
    chosen = {"again": False, "continue_on_error": False, **options}
    return import_parts(house, parts_of(first, last), **chosen, wait_seconds=20)


def test_a_range_is_workbooks_and_before_them_months(importers: Importers) -> None:
    outcome = run(importers, 2021, 2023)

    assert importers.imported == [*(f"2020-{month}" for month in (10, 11, 12)),
        *(f"2021-{month:02}" for month in range(1, 10)), "2022", "2023"]  # fmt: skip
    assert outcome.healthy
    assert counts_of(outcome) == {
        "imported": 14, "unchanged": 0, "fresh": 0, "failed": 0, "waiting": 0, "open": 0, "left": 0,
    }  # fmt: skip


def test_it_stops_asking_after_the_first_final_failure_and_says_what_is_left(
    importers: Importers, capsys: pytest.CaptureFixture[str]
) -> None:
    importers.doomed = ["2023"]

    outcome = run(importers, 2022, 2025)

    assert importers.imported == ["2022", "2023"], "of the rest nobody asked"
    assert not outcome.healthy
    assert document_of(outcome)["left"] == [
        {"kind": "water_year", "subject": "2024"},
        {"kind": "water_year", "subject": "2025"},
    ]
    print_summary(parts_of(2022, 2025), outcome)
    said = capsys.readouterr().out
    assert "DocumentInvalid: not a workbook" in said and "2024, 2025: not asked for" in said
    assert "9/10" in said and "✓ 12" in said


def test_a_month_that_fails_for_good_leaves_the_years_after_its_own(
    importers: Importers, capsys: pytest.CaptureFixture[str]
) -> None:
    importers.doomed = ["2019-12"]

    outcome = run(importers, 2020, 2022)

    assert len(importers.imported) == 12, "a year's months are asked for together"
    assert [part.name for part in outcome.left] == ["2021", "2022"]
    assert len(document_of(outcome)["left"]) == counts_of(outcome)["left"] == 12 + 1
    print_summary(parts_of(2020, 2022), outcome)
    said = capsys.readouterr().out
    assert "11/12" in said and "2021, 2022: not asked for" in said

    importers.doomed = []
    outcome = run(importers, 2020, 2022)

    assert (outcome.left, outcome.healthy, counts_of(outcome)["fresh"]) == ([], True, 11)
    assert sorted(importers.imported[12:]) == sorted(
        ["2019-12", *(request.subject for request in requests_for(2021, 2022))]
    )


def test_a_failure_of_the_last_part_leaves_nothing_and_is_one(
    importers: Importers, capsys: pytest.CaptureFixture[str]
) -> None:
    importers.doomed = ["2023"]

    outcome = run(importers, 2022, 2023)

    assert (outcome.left, outcome.healthy, counts_of(outcome)["failed"]) == ([], False, 1)
    print_summary(parts_of(2022, 2023), outcome)
    assert "not asked for" not in capsys.readouterr().out


@pytest.mark.parametrize("continue_on_error", [False, True])
def test_an_agency_that_falls_silent_leaves_nothing_out(
    continue_on_error: bool, importers: Importers, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it did not answer is tried again without anybody, so the range need not stop; nor is it done."""
    importers.unanswered = ["2023", "2024", "2025"]

    outcome = run(importers, 2022, 2025, continue_on_error=continue_on_error)

    assert importers.imported == ["2022"]
    assert (counts_of(outcome)["imported"], counts_of(outcome)["waiting"], outcome.left) == (1, 3, [])
    assert not outcome.healthy
    print_summary(parts_of(2022, 2025), outcome)
    said = capsys.readouterr().out
    assert "3 failed and tried again later" in said and said.count("the agency did not answer") == 3

    importers.unanswered = []
    outcome = run(importers, 2022, 2025, continue_on_error=continue_on_error)

    assert sorted(importers.imported) == ["2022", "2023", "2024", "2025"], "each of them once"
    assert (counts_of(outcome)["fresh"], counts_of(outcome)["imported"]) == (1, 3)
    assert outcome.healthy


def test_it_goes_past_a_failure_where_that_is_wished(importers: Importers) -> None:
    importers.doomed = ["2023"]

    outcome = run(importers, 2022, 2025, continue_on_error=True)

    assert sorted(importers.imported) == ["2022", "2023", "2024", "2025"]
    assert (counts_of(outcome)["failed"], counts_of(outcome)["imported"], outcome.left) == (1, 3, [])
    assert not outcome.healthy


def test_the_same_command_goes_on_where_it_was_stopped(
    importers: Importers, capsys: pytest.CaptureFixture[str]
) -> None:
    importers.interrupt_after = 2
    with pytest.raises(KeyboardInterrupt):
        run(importers, 2022, 2025)
    assert "The same command goes on" in capsys.readouterr().err
    importers.interrupt_after = None

    outcome = run(importers, 2022, 2025)

    assert importers.imported == ["2022", "2023", "2024", "2025"], "each of them once"
    assert (counts_of(outcome)["fresh"], counts_of(outcome)["imported"]) == (2, 2)
    assert outcome.healthy
    assert counts_of(run(importers, 2022, 2025, again=True))["fresh"] == 0
    assert len(importers.imported) == 8


def test_the_time_is_estimated_by_the_agencys_pace(
    importers: Importers, capsys: pytest.CaptureFixture[str]
) -> None:
    run(importers, 2010, 2011)

    assert "24 documents: 0:00:48 at least" in capsys.readouterr().err

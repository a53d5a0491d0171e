"""The table after a range of imports: what each water year or month brought, and what is not done."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from gaugehouse.domain.import_jobs import Kind
from gaugehouse_cli.follow_imports import Standing, state_of
from gaugehouse_cli.import_range import Part, RangeOutcome, is_final_failure
from gaugehouse_cli.proof import proof_mark
from gaugehouse_cli.screen import Cell, name, number, out, print_facts, print_rows, state, text

MOST_ALIKE = 5
KINDS = {Kind.WATER_YEAR: "water year", Kind.MONTHLY_PDF: "PDF", Kind.FOPR: "full record"}


def print_summary(parts: Sequence[Part], outcome: RangeOutcome) -> None:
    """Print a row for each part, then what is not done, and the sum of it."""
    by_import = {(found["kind"], found["subject"]): found for found in outcome.standings}
    rows = [row for part in parts if (row := _row(part, by_import, outcome)) is not None]
    columns = [
        name("Imported"), number("Done"), number("Days"), number("New"), number("Revised"), number("Differ"),
        name("Proof"), number("Footnotes"),
    ]  # fmt: skip
    print_rows("Imports", columns, rows)
    _print_not_done(outcome.standings)
    print_facts(_facts(outcome))


def document_of(outcome: RangeOutcome) -> dict[str, Any]:
    """Return the outcome as `--json` prints it."""
    return {
        "imports": [
            {**found, "fresh": (found["kind"], found["subject"]) in outcome.fresh}
            for found in outcome.standings
        ],
        "left": [
            {"kind": request.kind.value, "subject": request.subject}
            for part in outcome.left
            for request in part.requests
        ],
        "counts": counts_of(outcome),
    }


def counts_of(outcome: RangeOutcome) -> dict[str, int]:
    """Count the imports by how they ended."""
    ended = [_ending(found, outcome) for found in outcome.standings]
    return {
        **{
            each: ended.count(each)
            for each in ("imported", "unchanged", "fresh", "failed", "waiting", "open")
        },
        "left": sum(len(part.requests) for part in outcome.left),
    }


def _ending(found: Standing, outcome: RangeOutcome) -> str:
    if (found["kind"], found["subject"]) in outcome.fresh:
        return "fresh"
    if found["status"] == "failed":
        return "failed" if is_final_failure(found) else "waiting"
    if found["status"] != "completed":
        return "open"
    changed = (found["inserted"] or 0) + (found["revised"] or 0) + (found["withdrawn"] or 0)
    return "imported" if changed else "unchanged"


def _row(
    part: Part, by_import: dict[tuple[str, str], Standing], outcome: RangeOutcome
) -> tuple[Cell, ...] | None:
    """Add up the imports of a part; None where none of them was asked for."""
    found = [
        standing
        for request in part.requests
        if (standing := by_import.get((request.kind.value, request.subject))) is not None
    ]
    if not found:
        return None
    stored = [standing for standing in found if standing["claims"] is not None]
    # What was fresh brought nothing this time; what it brought then is not told again.
    new = [each for each in stored if (each["kind"], each["subject"]) not in outcome.fresh]
    done = sum(standing["status"] == "completed" for standing in found)
    return (
        part.name,
        Text(f"{done}/{len(part.requests)}", style="" if done == len(part.requests) else "bold red"),
        _sum(stored, "days"),
        _sum(new, "inserted"),
        _sum(new, "revised"),
        _sum(stored, "disagreeing_days"),
        proof_mark(_sum(stored, "claims"), _sum(stored, "mismatches")) if stored else None,
        _footnotes(stored),
    )


def _footnotes(stored: Sequence[Standing]) -> str:
    """Say how many footnotes there are, and the share that was understood."""
    notes, understood = _sum(stored, "footnotes"), _sum(stored, "footnotes_understood")
    return f"{understood}/{notes}" if notes else ""


def _sum(found: Sequence[Standing], what: str) -> int:
    return sum(standing[what] or 0 for standing in found)


def _print_not_done(standings: Sequence[Standing]) -> None:
    groups: dict[str, list[Standing]] = {}
    for found in standings:
        if found["status"] != "completed":
            kind_of_error = (found["error_message"] or "").split(":")[0]
            groups.setdefault(f"{found['status']} {kind_of_error}", []).append(found)
    rows: list[tuple[Cell, ...]] = []
    for group in sorted(groups.values(), key=len):
        shown = group if len(group) <= MOST_ALIKE else group[:1]
        rows += [(_named(found), state(state_of(found)), found["error_message"]) for found in shown]
        if len(group) > len(shown):
            rows.append((f"and {len(group) - 1:,} more", None, "the same error"))
    if rows:
        print_rows("Not done", [name("Import"), name("State"), text("Newest error")], rows)


def _named(found: Standing) -> str:
    return f"{KINDS.get(found['kind'], found['kind'])} {found['subject']}"


def _facts(outcome: RangeOutcome) -> dict[str, Cell]:
    counts = counts_of(outcome)
    said = {
        "imported": "imported",
        "unchanged": "unchanged",
        "fresh": "skipped as fresh (--again asks for them)",
        "failed": "failed for good",
        "waiting": "failed and tried again later",
        "open": "not ended yet",
    }
    facts: dict[str, Cell] = {
        "Documents": ", ".join(f"{counts[each]:,} {words}" for each, words in said.items() if counts[each])
        or "none"
    }
    if outcome.left:
        facts["Left"] = Text(
            f"{', '.join(part.name for part in outcome.left)}: not asked for after the failure "
            "(--continue-on-error asks for all)",
            style="yellow",
        )
    differing = _sum(outcome.standings, "disagreeing_days")
    if differing:
        facts["Differ"] = f"{differing:,} days of which another document says something else"
    contradicting = [found for found in outcome.standings if found["mismatches"]]
    if contradicting:
        first = contradicting[0]
        facts["Proof"] = Text(
            f"{_sum(contradicting, 'mismatches'):,} totals do not hold: "
            f"gaugehouse imports show {first['subject']} --kind {first['kind']}",
            style="yellow",
        )
    notes = _sum(outcome.standings, "footnotes")
    if notes:
        understood = _sum(outcome.standings, "footnotes_understood")
        facts["Footnotes"] = f"{understood / notes:.1%} of {notes:,} understood"
    return facts


def print_states(states: dict[str, str]) -> None:
    """Print what was asked for without waiting."""
    rows = [(each, state(states[each])) for each in states]
    print_rows("Asked for", [name("Import"), name("State")], rows)
    out.print("Follow it with `gaugehouse imports list` or `gaugehouse status`.\n", style="dim")

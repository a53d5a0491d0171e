"""`gaugehouse imports show`: everything that the ledger holds of one import."""

from typing import Any

from gaugehouse_cli.screen import Cell, moment, name, number, print_facts, print_rows, state, text


def entry_state(entry: dict[str, Any]) -> str:
    """Name the state for a person: failed with a retry to come is waiting."""
    waits = entry["status"] == "failed" and entry["next_retry_at"] is not None
    return "waiting" if waits else str(entry["status"])


def print_job(job: dict[str, Any]) -> None:
    """Print a job: its state, what its last success stored and proved, each failure, and what contradicts."""
    stats = job["import_stats"] or {}
    facts: dict[str, Cell] = {
        "Import": f"{job['kind']} {job['subject']}",
        "State": state(entry_state(job)),
        "Asked for by": f"{job['source']}, priority {job['priority']}",
        "Created": f"{moment(job['created_at'])} UTC",
        "Last success": moment(job["last_completed_at"]) or "never",
        "Retries": job["retry_count"],
        "Next retry": moment(job["next_retry_at"]) or "none",
        "Message sent": moment(job["published_at"]) or "none under way",
    }
    print_facts(facts | _facts_of(stats))
    errors = (job["error_history"] or {}).get("errors", [])
    rows = [(error["attempt"], moment(error["timestamp"]), error["error"]) for error in errors]
    print_rows("Failures", [number("No."), name("When (UTC)"), text("Error")], rows)
    _print_mismatches(stats.get("mismatches", []))
    _print_disagreements(stats)
    warnings = [(warning,) for warning in stats.get("warnings", [])]
    if warnings:
        print_rows("Warnings", [text("What the document has")], warnings)


def _facts_of(stats: dict[str, Any]) -> dict[str, Cell]:
    """Return what the last import stored. Which statistics there are depends on the kind of document."""
    if not stats:
        return {}
    span = " to ".join(map(str, stats["date_range"]))
    if "total_inches" not in stats:
        return {"Values": f"{stats['total_rows']:,}, {span}"}
    facts: dict[str, Cell] = {
        "Record": f"{stats['total_rows']:,} days, {stats['total_inches']:,.2f} in, {span}, "
        f"{stats['missing_days']:,} days missing",
        "Proof": f"{stats['claims']:,} totals stated, {len(stats['mismatches']):,} do not hold",
    }
    if "gauges" in stats:
        added = len(stats["gauges_added"])
        facts["Gauges"] = f"{stats['gauges']:,}{f', {added:,} of them new' if added else ''}"
    if stats.get("footnotes"):
        facts["Footnotes"] = f"{stats['footnotes_understood']:,} of {stats['footnotes']:,} understood"
    if stats.get("repaired_ids"):
        facts["Repaired ids"] = "; ".join(
            f"{wrong} is {right} ({place})" for place, wrong, right in stats["repaired_ids"]
        )
    return facts


def _print_mismatches(mismatches: list[dict[str, Any]]) -> None:
    rows = [
        (
            each.get("station_id", "its own"),
            str(each["month"])[:7] if "month" in each else f"{each['water_year']} {each['what']}",
            _inches(each["claimed_inches"]),
            _inches(each["stored_inches"]),
            each["place"],
        )
        for each in mismatches
    ]
    if rows:
        columns = [name("Gauge"), name("Of"), number("Stated"), number("Stored"), text("Stated where")]
        print_rows("Totals that do not hold", columns, rows)


def _print_disagreements(stats: dict[str, Any]) -> None:
    rows = [
        (
            each["station_id"],
            each["date"],
            _inches(each["said_inches"]),
            _inches(each["other_inches"]),
            each["other_source"],
        )
        for each in stats.get("disagreements", [])
    ]
    if rows:
        days = stats["disagreeing_days"]
        title = "Days on which documents differ" + (f", the first of {days:,}" if days > len(rows) else "")
        columns = [name("Gauge"), name("Day"), number("Here"), number("There"), name("Where else")]
        print_rows(title, columns, rows)


def _inches(rain: float | None) -> str:
    return "missing" if rain is None else f"{rain:.3f}"

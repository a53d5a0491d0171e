"""`gaugehouse gauge`: everything there is to know of one gauge."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.gauge_verbs import extent, feet
from gaugehouse_cli.import_page import entry_state
from gaugehouse_cli.live_rain import live_facts
from gaugehouse_cli.proof import proof_mark
from gaugehouse_cli.rain_years import state_of_year
from gaugehouse_cli.screen import Cell, moment, name, number, out, print_facts, print_rows, text
from gaugehouse_cli.stream_readings import reading_facts
from gaugehouse_cli.times import local_day
from gaugehouse_cli.verbs import Answer

STATISTICS = {"max": "Greatest", "mean": "Mean", "noaa_atlas_14": "NOAA 14"}


def gauge(
    deployment: Deployment,
    station_id: Annotated[str, typer.Argument(metavar="ID", help="Its station id, or a former one.")],
) -> Answer:
    """Show what is known of a gauge: where it is, its record and how complete, gaps, wettest days, latest."""
    found = deployment.operate("gauge", station_id=station_id)
    return Answer(document=found, show=lambda: _print(found))


def _print(found: dict[str, Any]) -> None:
    known = found["gauge"]
    out.print(Text.assemble((known["station_id"], "bold"), f" {known['name']}\n"))
    print_facts(_facts(found))
    out.print()
    if found["water_years"] or not found["latest_readings"]:  # of a stream there need not be any
        _print_years(found["water_years"])
    if found["wettest_days"]:
        _print_wettest(found["wettest_days"])
    if found["gaps"]:
        _print_gaps(found)
    if known["frequency"]:
        _print_frequency(known["frequency"])


def _facts(found: dict[str, Any]) -> dict[str, Cell]:
    known = found["gauge"]
    place = ", ".join(
        word for word in (known["location"], known["city"], known["county"]) if word is not None
    )
    facts: dict[str, Cell] = {
        "Network": ", ".join(word for word in (known["network"], known["gauge_type"]) if word),
        "Position": _position(known),
        "Place": place,
        "Former ids": ", ".join(known["previous_ids"]),
        "Begins": known["data_begins"] and f"{known['data_begins']}, as the agency says",
        "Rainfall": _record(found),
        "Mean year": known["average_annual_inches"] and f"{known['average_annual_inches']:.2f} in",
        "Full record": _import(found["proof"]),
        "Newest list": _summary(known),
        **live_facts(found["live_rain"], found["rain_today"]),
        "Remarks": known["remarks"],
    }
    facts |= reading_facts(found["latest_readings"])
    return {fact: value for fact, value in facts.items() if value}


def _position(known: dict[str, Any]) -> str:
    if known["latitude"] is None or known["longitude"] is None:
        return (
            "not known" if known["elevation_ft"] is None else f"not known, {feet(known['elevation_ft'])} ft"
        )
    height = f", {feet(known['elevation_ft'])} ft" if known["elevation_ft"] is not None else ""
    return f"{known['latitude']:.5f}, {known['longitude']:.5f}{height}"


def _record(found: dict[str, Any]) -> str | None:
    years = found["water_years"]
    if not years:
        return None if found["latest_readings"] else "no day is stored"
    present, missing, untold = (
        sum(year[days] for year in years) for days in ("days_present", "days_missing", "days_untold")
    )
    said = f"{extent(found['gauge'])}: {present:,} days, {missing:,} missing"
    return f"{said}, {untold:,} in no document" if untold else said


def _import(proof: dict[str, Any] | None) -> Cell:
    """Say how the import of the full record stands, and whether what it stored is what the document says."""
    if proof is None:
        return None
    if proof["last_completed_at"] is None:
        stands = entry_state(proof)
        return f"{stands}: {proof['error_message']}" if proof["error_message"] else stands
    said = Text(f"of {proof['document_date']}, imported {moment(proof['last_completed_at'])} UTC, proof ")
    said.append_text(proof_mark(proof["claims"], len(proof["mismatches"])))
    return said.append(f", warnings: {len(proof['warnings'])}" if proof["warnings"] else "")


def _summary(known: dict[str, Any]) -> str | None:
    if known["summary_observed_at"] is None:
        return None
    hours = (("6 h", known["past_6h_inches"]), ("24 h", known["past_24h_inches"]))
    totals = ", ".join(f"{'missing' if rain is None else f'{rain:.2f} in'} in {span}" for span, rain in hours)
    stale = ", no longer listed" if known["summary_is_stale"] else ""
    return f"{totals} before {moment(known['summary_observed_at'])} UTC{stale}"


def _print_years(years: list[dict[str, Any]]) -> None:
    rows = [
        (
            str(year["water_year"]),
            inches(year["total_inches"]),
            inches(year["monsoon_inches"]),
            year["days_present"],
            year["wet_days"],
            inches(year["max_day_inches"]),
            year["max_day"],
            state_of_year(year),
        )
        for year in years
    ]
    columns = [
        name("Year"), number("Inches"), number("Monsoon"), number("Days"), number("Wet"), number("Most"),
        name("On"), text("State"),
    ]  # fmt: skip
    print_rows("Water years", columns, rows)


def _print_wettest(days: list[dict[str, Any]]) -> None:
    rows = [
        (day["reading_date"], inches(day["rainfall_inches"]), day["quality"], day["data_source"])
        for day in days
    ]
    columns = [name("Day"), number("Inches"), name("Quality"), name("Source")]
    print_rows("Wettest days", columns, rows)


def _print_gaps(found: dict[str, Any]) -> None:
    zone = ZoneInfo(found["gauge"]["time_zone"])
    rows = [
        (
            str(local_day(gap["gap_start"], zone)),
            str(local_day(gap["gap_end"], zone)) if gap["gap_end"] else "no end",
            gap["missing_days"],
            gap["cause"].replace("_", " "),
            gap["source"],
            gap["notes"],
        )
        for gap in found["gaps"]
    ]
    columns = [
        name("From"), name("Until"), number("Days"), text("Cause"), name("Source"), text("Notes"),
    ]  # fmt: skip
    print_rows("Newest gaps", columns, rows)
    more = found["gap_count"] - len(rows)
    if more:
        station_id = found["gauge"]["station_id"]
        out.print(f"{more} more: gaugehouse export {station_id} --format xlsx\n")


def _print_frequency(table: dict[str, Any]) -> None:
    """Print what the full record says of the greatest rainfall by duration."""
    known = {key: label for key, label in STATISTICS.items() if table.get(key)}
    rows = [
        (duration, *(inches(table[key].get(duration)) for key in known)) for duration in table["durations"]
    ]
    columns = [name("Within"), *(number(f"{label} (in)") for label in known.values())]
    print_rows("Greatest rainfall of a year", columns, rows)


def inches(rain: Any) -> str:
    """Write inches of rain; what is missing is blank, and so is what the agency wrote as text."""
    return f"{rain:.2f}" if isinstance(rain, int | float) else ""

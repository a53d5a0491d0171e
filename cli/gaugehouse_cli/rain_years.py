"""How complete a water year of a gauge is, in words. Pure."""

from typing import Any

from rich.text import Text


def state_of_year(year: dict[str, Any]) -> Text:
    """Say whether the total of a water year is that of the whole year, and if not, what it lacks."""
    if year["is_complete"]:
        return Text("complete", style="green")
    lacks = [
        f"{days:,} {what}"
        for days, what in (
            (year["days_missing"], "missing"),
            (year["days_incomplete"], "incomplete"),
            (year["days_before_record"], "before the record"),
            (year["days_untold"], "in no document"),
        )
        if days
    ]
    holes = year["days_missing"] or year["days_incomplete"]
    return Text(", ".join(lacks), style="yellow" if holes else "")

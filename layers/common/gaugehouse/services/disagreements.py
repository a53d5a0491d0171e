"""How an import's statistics tell of days on which sources contradict each other."""

from typing import Any

from gaugehouse.store.rain_readings import Merged


def disagreement_stats(merged: Merged) -> dict[str, Any]:
    """Return how many days there are, and the first of them with what each source says, in inches."""
    return {
        "disagreeing_days": merged.disagreeing_days,
        "disagreements": [
            {
                "station_id": each.station_id,
                "date": each.reading_date.isoformat(),
                "said_inches": each.said_inches,
                "other_inches": each.other_inches,
                "other_source": each.other_source,
            }
            for each in merged.disagreements
        ],
    }

"""Outages in the words of the agency's footnotes, as they stand below the tables of its documents."""

from gaugehouse_local.simulator.record import Outage

_DUE_TO = {
    "Battery": "due to battery failure",
    "Repeater": "due to repeater failure",
    "Transmitter": "due to transmitter failure",
    "Data collision": "due to data collision",
    "Vandalism": "due to vandalism",
    "Unknown": "for unknown reason",
}
_INCOMPLETE = 2


def footnote_of(station_id: str, outage: Outage) -> str:
    """Return `Gage 1300 down from 11/13 06:00 (0) through 11/16 12:00 (0) due to ...; no rain fell.`"""
    incomplete = outage.quality_code == _INCOMPLETE
    end_count = "?" if incomplete else str(outage.end_count)
    account = outage.notes[0].lower() + outage.notes[1:]
    return (
        f"Gage {station_id} down from {outage.start:%m/%d %H:%M} ({outage.start_count}) "
        f"through {outage.end:%m/%d %H:%M} ({end_count}) {_DUE_TO[outage.cause]}; {account}"
        f"{'; monthly and annual totals are incomplete' if incomplete else ''}."
    )

"""Proof of an import: the totals that the document states against the totals of what was stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from gaugehouse.domain.rainfall import TotalsClaim

TOLERANCE_INCHES = 0.0005  # less than a fiftieth of one tip: only rounding can hide in it


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTotals:
    """What the database holds of one water year, in inches."""

    water_year: int
    rows: int
    total_inches: float
    monsoon_inches: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One total that the document states and the stored days do not add up to, in inches."""

    water_year: int
    place: str
    what: str  # "water year" or "monsoon"
    claimed_inches: float
    stored_inches: float


def compare(claims: Sequence[TotalsClaim], stored: Sequence[StoredTotals]) -> list[Mismatch]:
    """Return every claim that does not hold, in the order of the claims.

    A water year without a stored row adds up to 0.
    """
    by_year = {totals.water_year: totals for totals in stored}
    mismatches = []
    for claim in claims:
        totals = by_year.get(claim.water_year)
        for what, claimed, actual in (
            ("water year", claim.total_inches, totals.total_inches if totals else 0.0),
            ("monsoon", claim.monsoon_inches, totals.monsoon_inches if totals else 0.0),
        ):
            if claimed is not None and abs(claimed - actual) > TOLERANCE_INCHES:
                mismatches.append(
                    Mismatch(
                        water_year=claim.water_year,
                        place=claim.place,
                        what=what,
                        claimed_inches=round(claimed, 5),
                        stored_inches=round(actual, 5),
                    )
                )
    return mismatches

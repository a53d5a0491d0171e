"""Proof of an import: the totals that the document states against the totals of what was stored."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from gaugehouse.domain.rain_books import MonthClaim
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMismatch:
    """A total of one gauge and month that the stored days do not add up to, in inches."""

    station_id: str
    month: date  # its first day
    place: str
    claimed_inches: float
    stored_inches: float


def compare(
    claims: Sequence[TotalsClaim],
    stored: Sequence[StoredTotals],
    *,
    overruled_years: Set[int] = frozenset(),
) -> list[Mismatch]:
    """Return every claim that does not hold, in the order of the claims.

    A water year without a stored row adds up to 0. Of `overruled_years` another document tells some day
    otherwise and wins: what this one states of them cannot be expected to hold.
    """
    by_year = {totals.water_year: totals for totals in stored}
    mismatches = []
    for claim in claims:
        if claim.water_year in overruled_years:
            continue
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


def compare_months(
    claims: Sequence[MonthClaim],
    stored_inches: Mapping[tuple[str, date], float],
    *,
    overruled: Set[tuple[str, date]],
) -> list[MonthMismatch]:
    """Return every claim about a month that does not hold, but of those in `overruled`; see `compare`."""
    mismatches = []
    for claim in claims:
        key = (claim.station_id, claim.month)
        if claim.total_inches is None or key in overruled:
            continue
        stored = stored_inches.get(key, 0.0)
        if abs(claim.total_inches - stored) > claim.tolerance_inches:
            mismatches.append(
                MonthMismatch(
                    station_id=claim.station_id,
                    month=claim.month,
                    place=claim.place,
                    claimed_inches=round(claim.total_inches, 5),
                    stored_inches=round(stored, 5),
                )
            )
    return mismatches

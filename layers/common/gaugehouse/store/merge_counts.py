"""What merging measurements into the database did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCounts:
    """Together the five numbers are every measurement of the response.

    `unchanged` are stored as the response has them, or as the agency has changed them since.
    `skipped_not_primary` are of another sensor than the agency's primary one. `unknown_series` are of series
    that have not been discovered, or that are of another kind than the table holds; `unknown_stations` are
    their stations.
    """

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    skipped_not_primary: int = 0
    unknown_series: int = 0
    unknown_stations: tuple[str, ...] = ()

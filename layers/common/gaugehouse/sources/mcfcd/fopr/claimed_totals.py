"""The table of water years in Meta_Stats: the totals that the agency states, to be compared with ours."""

from gaugehouse.domain.rainfall import TotalsClaim
from gaugehouse.sources.mcfcd.arizona_time import FIRST_YEAR, LAST_YEAR
from gaugehouse.sources.mcfcd.fopr.labelled_rows import plain_label
from gaugehouse.sources.mcfcd.workbook.cells import Rows, at, number_of


def read_claims(rows: Rows, sheet: str) -> tuple[TotalsClaim, ...]:
    """Read the totals of water years, in inches, below the table's heading; none without a heading.

    `sheet` names the sheet in each claim's place.
    """
    claims: list[TotalsClaim] = []
    heading = next(
        (
            (number, column)
            for number, row in enumerate(rows)
            for column, cell in enumerate(row)
            if isinstance(cell, str) and plain_label(cell) == "water year"
        ),
        None,
    )
    if heading is None:
        return ()
    for number, row in enumerate(rows[heading[0] + 1 :], heading[0] + 2):
        year = number_of(at(row, heading[1]))
        if year is None or not year.is_integer() or not FIRST_YEAR <= year <= LAST_YEAR:
            continue
        total, monsoon = number_of(at(row, heading[1] + 1)), number_of(at(row, heading[1] + 2))
        if total is not None or monsoon is not None:
            place = f"{sheet} row {number}"
            claims.append(
                TotalsClaim(water_year=int(year), place=place, total_inches=total, monsoon_inches=monsoon)
            )
    return tuple(claims)

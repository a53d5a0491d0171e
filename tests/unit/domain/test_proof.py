from datetime import date

from gaugehouse.domain.proof import StoredTotals, compare, compare_months
from gaugehouse.domain.rain_books import MonthClaim
from gaugehouse.domain.rainfall import TotalsClaim

STORED = [StoredTotals(water_year=2024, rows=366, total_inches=6.96849, monsoon_inches=1.53543)]


def claim(total: float | None, monsoon: float | None = None, year: int = 2024) -> TotalsClaim:
    return TotalsClaim(water_year=year, place="sheet 2024 footer", total_inches=total, monsoon_inches=monsoon)


def test_totals_that_differ_by_rounding_agree() -> None:
    assert compare([claim(6.968489999999999, 1.53543)], STORED) == []


def test_the_tolerance_is_half_a_thousandth_of_an_inch() -> None:
    assert compare([claim(6.96849 + 0.00049)], STORED) == []
    assert len(compare([claim(6.96849 + 0.00051)], STORED)) == 1


def test_one_tip_too_few_is_a_mismatch_that_names_its_place() -> None:
    (mismatch,) = compare([claim(6.96849, 1.5748)], STORED)

    assert (mismatch.what, mismatch.place) == ("monsoon", "sheet 2024 footer")
    assert (mismatch.claimed_inches, mismatch.stored_inches) == (1.5748, 1.53543)


def test_a_total_that_is_not_stated_proves_nothing() -> None:
    assert compare([claim(None, None)], STORED) == []


def test_a_year_of_which_nothing_is_stored_adds_up_to_zero() -> None:
    assert compare([claim(0.0, 0.0, year=2020)], STORED) == []
    assert len(compare([claim(1.2, year=2020)], STORED)) == 1


def test_a_water_year_that_another_document_overruled_is_not_compared() -> None:
    claims = [claim(9.0, year=2023), claim(9.0, year=2024)]

    assert [each.water_year for each in compare(claims, [], overruled_years={2024})] == [2023]


def test_months_are_compared_within_the_rounding_of_their_document() -> None:
    def said(station_id: str, total: float | None, tolerance: float) -> MonthClaim:
        return MonthClaim(
            station_id=station_id,
            month=date(2023, 8, 1),
            place="page 1",
            total_inches=total,
            tolerance_inches=tolerance,
        )

    stored = {(station_id, date(2023, 8, 1)): 1.0 for station_id in ("pdf", "book", "overruled", "silent")}
    claims = [
        said("pdf", 1.02, 0.02),
        said("book", 1.02, 0.0005),
        said("overruled", 5.0, 0.0005),
        said("silent", None, 0.0005),
        said("dry", 0.0, 0.0005),
        said("lost", 0.5, 0.02),
    ]

    mismatches = compare_months(claims, stored, overruled={("overruled", date(2023, 8, 1))})

    assert [(each.station_id, each.claimed_inches, each.stored_inches) for each in mismatches] == [
        ("book", 1.02, 1.0),
        ("lost", 0.5, 0.0),
    ]

from gaugehouse.domain.proof import StoredTotals, compare
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

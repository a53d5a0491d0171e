from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaugehouse.domain.water_year import in_monsoon, water_year_end, water_year_of, water_year_start


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2023, 9, 30), 2023),
        (date(2023, 10, 1), 2024),
        (date(2024, 1, 1), 2024),
        (date(2024, 9, 30), 2024),
    ],
)
def test_a_water_year_ends_on_30_september(day: date, year: int) -> None:
    assert water_year_of(day) == year


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_lies_in_its_own_water_year(day: date) -> None:
    year = water_year_of(day)
    assert water_year_start(year) <= day <= water_year_end(year)
    assert water_year_end(year) + timedelta(days=1) == water_year_start(year + 1)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2024, 6, 14), False),
        (date(2024, 6, 15), True),
        (date(2024, 9, 30), True),
        (date(2024, 10, 1), False),
    ],
)
def test_the_monsoon_is_15_june_to_30_september(day: date, inside: bool) -> None:
    assert in_monsoon(day) is inside

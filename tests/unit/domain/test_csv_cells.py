"""What a spreadsheet would take for a formula stays text, and everything else as it is."""

import pytest

from gaugehouse.domain.csv_cells import csv_cell


@pytest.mark.parametrize("begin", [*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_formula_is_made_text(begin: str) -> None:
    assert csv_cell(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("value", ["", "1-1", "Battery = dead", -1.5, 0, None])
def test_anything_else_stays(value: object) -> None:
    assert csv_cell(value) is value

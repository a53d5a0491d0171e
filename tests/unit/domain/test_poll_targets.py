import pytest

from gaugehouse.domain.poll_targets import is_name_of, named_sites

KINGSTON = "ILLINOIS RIVER AT KINGSTON MINES, IL"


@pytest.mark.parametrize(
    ("ours", "theirs", "agrees"),
    [
        ("Illinois River at Kingston Mines", KINGSTON, True),
        ("illinois river", KINGSTON, True),
        (KINGSTON, KINGSTON, True),
        ("St Paul Creek", "ST. PAUL CREEK NEAR TROY, NY", True),
        ("Illinois River at King", KINGSTON, False),
        ("Kingston Mines", KINGSTON, False),
        ("Illinois River at Kingston Mines, Illinois", KINGSTON, False),
        ("Potomac River", KINGSTON, False),
    ],
)
def test_our_name_is_the_first_words_of_the_agencys(ours: str, theirs: str, agrees: bool) -> None:
    assert is_name_of(ours, theirs) is agrees


def test_sites_as_the_settings_write_them() -> None:
    assert named_sites(("05568500=Illinois River at Kingston Mines", "01646500", "02=")) == {
        "05568500": "Illinois River at Kingston Mines",
        "01646500": None,
        "02": None,
    }

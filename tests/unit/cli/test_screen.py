"""Tables on a screen: what is typed next is never cut, and a line is no longer than what it says."""

from typing import Any
from unittest.mock import patch

import pytest

from gaugehouse_cli import screen

SITE, TIME = "375756100000117", "2026-11-30 05:15"


def printed(capsys: pytest.CaptureFixture[str], *, width: int, text: str) -> list[str]:
    columns: Any = [screen.name("Site"), screen.name("Newest (UTC)"), screen.text("Name")]
    with patch.object(screen.out, "_width", width):
        screen.print_rows("Sites", columns, [(SITE, TIME, text)])
    return capsys.readouterr().out.splitlines()


def test_names_and_times_are_whole_on_the_narrowest_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """Also beside an error of several lines."""
    words = printed(capsys, width=20, text="no such column\nLINE 1: SELECT nothing at all FROM gauges")
    assert any(SITE in line and TIME in line for line in words)

    lines = printed(capsys, width=20, text="KETTLE RIVER BELOW WARREN, LA")
    assert any(SITE in line and TIME in line and "KETTLE" in line for line in lines)
    assert "WARREN," in " ".join(lines)
    assert all(line == line.rstrip() for line in lines), "blanks would wrap into an empty line"


def test_text_wraps_where_there_is_room_for_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, width=60, text="KETTLE RIVER BELOW WARREN, LA")

    assert max(map(len, lines)) <= 60
    assert any(SITE in line and TIME in line for line in lines)

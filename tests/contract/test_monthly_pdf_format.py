"""The simulator's monthly PDF has the form of the agency's: the same words in the same places."""

import re
from datetime import date

import pytest

from gaugehouse.sources.mcfcd.monthly_pdf.lines import Line, lines_of
from gaugehouse.sources.mcfcd.monthly_pdf.pages import Page
from gaugehouse.sources.mcfcd.monthly_pdf.reading import read_pages
from gaugehouse_local.simulator.mcfcd.monthly_pdf import write_monthly_pdf
from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import MonthPage, Row
from tests.real_files import MCFCD, requires_real_files

pytestmark = requires_real_files
POINT = 1.0


@pytest.fixture(scope="module")
def real() -> tuple[Page, ...]:
    return read_pages((MCFCD / "pcp1119.pdf").read_bytes(), "pcp1119.pdf")


@pytest.fixture(scope="module")
def simulated(real: tuple[Page, ...]) -> tuple[Page, ...]:
    """The real document as the simulator writes it: its content read off by words, its places our own."""
    return read_pages(write_monthly_pdf([content_of(page) for page in real]), "simulated.pdf")


def content_of(page: Page) -> MonthPage:
    texts = [[word.text for word in line.words] for line in lines_of(page.words)]
    (ids,) = (words[2:] for words in texts if words[:2] == ["Gage", "ID"])
    (totals,) = (words[1:] for words in texts if words[0] == "TOTALS:")
    rows = [Row(date=words[0], cells=tuple(words[1:])) for words in texts if is_date(words[0])]
    below = [" ".join(words) for words in texts[texts.index(["TOTALS:", *totals]) + 1 : -1]]
    return MonthPage(
        station_ids=tuple(ids), rows=tuple(rows), totals=tuple(totals), footnotes=tuple(notes_of(below))
    )


def is_date(text: str) -> bool:
    return re.fullmatch(r"\d\d/\d\d/\d\d", text) is not None


def notes_of(lines: list[str]) -> list[str]:
    return [note.strip() for note in re.split(r" ?(?=\([12]\) (?:Gage|Station))", " ".join(lines)) if note]


def table_of(page: Page) -> list[Line]:
    """Return the page down to its totals; below, the agency's lines break where Word likes."""
    lines = lines_of(page.words)
    last = next(at for at, line in enumerate(lines) if line.words[0].text == "TOTALS:")
    return lines[: last + 1]


def test_every_word_of_every_table_stands_where_the_agency_has_it(
    real: tuple[Page, ...], simulated: tuple[Page, ...]
) -> None:
    assert len(simulated) == len(real) == 45
    for ours, theirs in zip(simulated, real, strict=True):
        for line, model in zip(table_of(ours), table_of(theirs), strict=True):
            assert line.text == model.text
            for word, at in zip(line.words, model.words, strict=True):
                assert abs(word.right - at.right) < POINT, (ours.number, word, at)
                assert abs(word.baseline - at.baseline) < POINT, (ours.number, word, at)


def test_footnotes_and_footer_stand_below_the_table_as_the_agency_has_them(
    real: tuple[Page, ...], simulated: tuple[Page, ...]
) -> None:
    for ours, theirs in zip(simulated, real, strict=True):
        lines, models = lines_of(ours.words), lines_of(theirs.words)
        assert lines[-1].text == models[-1].text  # the address and the page's number
        below, model = (
            page[len(table) : -1] for page, table in ((lines, table_of(ours)), (models, table_of(theirs)))
        )
        assert " ".join(line.text for line in below) == " ".join(line.text for line in model)
        assert len(below) == len(model)
        if below:
            assert abs(below[0].words[0].baseline - model[0].words[0].baseline) < 3 * POINT


def test_a_leap_day_has_its_row() -> None:
    dry = MonthPage(station_ids=("1000",), rows=(Row(date="02/29/20", cells=("0.00",)),), totals=("0.00",))
    (page,) = read_pages(write_monthly_pdf([dry]), "simulated.pdf")
    assert any(line.words[0].text == f"{date(2020, 2, 29):%m/%d/%y}" for line in lines_of(page.words))

"""How words become cells, rows and footnotes, by where they stand."""

import pytest

from gaugehouse.sources.mcfcd.monthly_pdf.cells import Cell, cells_of, inches_of, is_missing
from gaugehouse.sources.mcfcd.monthly_pdf.page_table import PageTable, read_page
from gaugehouse.sources.mcfcd.monthly_pdf.pages import Page, Word
from gaugehouse_local.simulator.mcfcd.monthly_pdf import table_line, write_monthly_pdf
from tests.unit.sources.pdfs import a_page, day, parse, parse_pages, record_of

WIDTH = 6.0


def words_of(line: str, baseline: float = 500.0, shift: float = 0.0) -> list[Word]:
    """Return the words of a line in a font whose characters are 6 points wide."""
    words, at = [], 0
    for text in line.split():
        at = line.index(text, at)
        width = WIDTH if "(" in text else 0.0
        words.append(Word(text, 64.8 + shift + WIDTH * (at + len(text) - 1), baseline, width))
        at += len(text)
    return words


def page_of(*lines: str) -> Page:
    words = [word for at, line in enumerate(lines) for word in words_of(line, 700.0 - 13 * at)]
    return Page(3, tuple(words))


ROW = table_line("11/30/19", ("0.12", "0.04", "1.00"))
HEADER = (table_line("Gage ID", ("1000", "1200", "59700")), "Daily precipitation values in inches")


def read(*rows: str) -> PageTable:
    return read_page(page_of(*HEADER, *rows))


@pytest.mark.parametrize(
    ("text", "value", "marks"),
    [
        ("0.12", "0.12", ()),
        ("____", "____", ()),
        ("0.12(1)", "0.12", (1,)),
        ("____(1)", "____", (1,)),
        ("_____(12)", "_____", (12,)),
        ("(2)____", "____", (2,)),
        ("(1)(2)0.00", "0.00", (1, 2)),
        ("0.00(1,2)", "0.00", (1, 2)),
        ("(1)10.25(3)", "10.25", (1, 3)),
    ],
)
def test_a_mark_is_told_from_the_value_and_leaves_it_in_its_column(
    text: str, value: str, marks: tuple[int, ...]
) -> None:
    (cell,) = cells_of(words_of(table_line("", [text])))
    assert (cell.value, cell.marks) == (value, marks)
    assert cell.right == pytest.approx(64.8 + 15 * WIDTH)


def test_a_mark_that_stands_apart_belongs_to_the_nearer_value() -> None:
    line = "11/30/19    0.12 (1)      (2) ____        0.00  (3)"
    cells = [(cell.value, cell.marks) for cell in cells_of(words_of(line)[1:])]
    assert cells == [("0.12", (1,)), ("____", (2,)), ("0.00", (3,))]
    assert [cell.right for cell in cells_of(words_of("(1) 0.12"))] == [words_of("(1) 0.12")[1].right]
    assert cells_of(words_of("(1)")) == []


def test_numbers_are_inches_of_two_decimals() -> None:
    assert [inches_of(text) for text in ("0.04", ".35", "12.00", "1,250.00")] == [0.04, 0.35, 12.0, 1250.0]
    assert str(inches_of("-0.00")) == "0.0"
    assert [inches_of(text) for text in ("", "0", "0.1", "0.001", "____", "1e5", "\u0661.\u0660\u0660")] == [
        None
    ] * 7
    assert [is_missing(text) for text in ("____", "__", "_", "", "_0", "----")] == [True, True, *[False] * 4]


def test_values_stand_under_the_gauge_whose_column_they_end_in() -> None:
    table = read(table_line("11/30/19", ("0.12", "____(1)", "10.25")))
    (row,) = table.rows
    assert table.station_ids == ("1000", "1200", "59700")
    assert [cell.value if cell else None for cell in row.cells] == ["0.12", "____", "10.25"]
    assert table.warnings == ["has no TOTALS, so it may have been cut off"]


@pytest.mark.parametrize("points", [-12.0, -3.0, 3.0, 12.0])
def test_a_row_may_stand_a_little_aside(points: float) -> None:
    words = [
        *page_of(*HEADER).words,
        *words_of(ROW, 400, points),
    ]
    table = read_page(Page(1, tuple(words)))
    assert [[cell.value for cell in row.cells if cell] for row in table.rows] == [["0.12", "0.04", "1.00"]]


@pytest.mark.parametrize("points", [-54.0, -27.0, -14.0, 14.0, 27.0, 54.0])
def test_a_row_that_stands_further_aside_is_refused(points: float) -> None:
    words = [
        *page_of(*HEADER).words,
        *words_of(ROW, 400, points),
    ]
    table = read_page(Page(1, tuple(words)))
    assert table.rows == []
    assert [row.date for row in table.misplaced] == ["11/30/19"]
    (trouble,) = table.troubles
    assert (trouble.reason, trouble.where) == ("misplaced_values", "row 11/30/19")


def test_two_values_in_one_place_are_refused() -> None:
    torn = read(ROW.replace(" 0.12", "0. 12"))
    assert (torn.rows, torn.troubles[0].problem) == ([], "'0.' stands under no gage id")
    torn = read(ROW.replace(" 0.12", "0.1 2"))
    assert (torn.rows, torn.troubles[0].problem) == ([], "'0.1' and '2' stand both under 1000")


def test_words_behind_an_id_are_passed_over() -> None:
    table = read_page(page_of(HEADER[0] + " since 03/09/18", HEADER[1], table_line("11/30/19", ["0.12"] * 3)))
    assert table.station_ids == ("1000", "1200", "59700")
    assert len(table.rows) == 1
    assert table.warnings[0] == "text beside the gage ids was passed over: 'since 03/09/18'"


def test_a_line_among_the_rows_that_is_none_is_rejected() -> None:
    table = read(table_line("11/30/19", ["0.12"] * 3), "see remarks", table_line("TOTALS:", ["0.12"] * 3))
    (trouble,) = table.troubles
    assert (trouble.reason, trouble.raw) == ("unreadable_row", "see remarks")
    assert len(table.rows) == 1 and table.totals is not None


def test_totals_that_are_misplaced_are_not_believed() -> None:
    table = read(table_line("11/30/19", ["0.12"] * 3), "TOTALS: 0.12  0.12  0.12")
    assert table.totals is None
    assert [(t.reason, t.where) for t in table.troubles] == [("misplaced_values", "row TOTALS")]


def test_a_footnote_goes_on_in_the_next_line_even_where_that_begins_with_a_count() -> None:
    table = read(
        table_line("11/30/19", ["0.00"] * 3),
        table_line("TOTALS:", ["0.00"] * 3),
        "(1) Gage 1000 down from 11/24 06:00 (51) through 12/04 18:00",
        "(105) due to programming error; estimated distribution of rain on 11/28",
        "(2) and on 11/29.",
        "(2) Gage 1200 down from 11/25 12:00 (2) through",
        "(?) due to vandalism.",
        "(3) Data of all gages are preliminary.",
    )
    assert [(note.number, note.text.split()[-1]) for note in table.footnotes] == [
        (1, "11/29."),
        (2, "vandalism."),
        (3, "preliminary."),
    ]


def test_footnotes_without_room_go_on_with_the_next_page() -> None:
    notes = [
        f"({number}) Gage {('1000', '1200')[number % 2]} down from 11/{number:02} 12:00 (5) through "
        f"11/{number + 1:02} 12:00 (?) due to tipping bucket failure; events missed, no estimate made, "
        "monthly & annual totals inaccurate."
        for number in range(1, 13)
    ]
    content = write_monthly_pdf([a_page(footnotes=notes), a_page(ids=("60000",))])
    book = parse(content)
    assert (book.rejects, book.warnings) == ((), ())
    assert [footnote.text for footnote in book.footnotes] == notes
    assert [record.station_id for record in book.records] == ["1000", "1200", "59700", "60000"]


def test_a_mark_without_a_footnote_changes_nothing() -> None:
    book = parse_pages(a_page({("1000", 5): "0.12(7)", ("59700", 5): "(1)____"}))
    marked = next(row for row in record_of(book, "1000").days if row.reading_date == day(5))
    assert (marked.rainfall_inches, marked.quality, marked.note) == (0.12, "measured", None)
    assert record_of(book, "59700").missing == (day(5),)


def test_cells_whose_marks_touch_are_refused() -> None:
    book = parse_pages(a_page({("1000", 5): "0.12(7)", ("1200", 5): "(1)____"}))
    (reject,) = book.rejects
    assert (reject.reason, reject.raw) == ("misplaced_values", "11/05/19 0.12(7)(1)____ 0.00")


def test_a_cell_without_marks_is_the_word_itself() -> None:
    assert cells_of([Word("0.12", 160.8, 500.0)]) == [Cell("0.12", 160.8, ())]

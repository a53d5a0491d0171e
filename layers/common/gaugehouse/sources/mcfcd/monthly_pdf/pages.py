"""What is read off a PDF: its words and where they stand; and the bounds of that."""

from typing import NamedTuple

# The real file has 45 pages, 1,900 characters on the fullest of them, and 14,500 words.
MAX_PAGES = 500
MAX_CHARACTERS_OF_A_PAGE = 20_000
MAX_WORDS = 200_000


class Word(NamedTuple):
    """Characters without a blank between them, in points from the page's lower left corner.

    `right` is where its last character begins, `baseline` the line it stands on, both as the reader of the
    text sees it, however the page is turned. `width` is that of a character, measured only of words with a
    parenthesis, in which a value can end before the word does.
    """

    text: str
    right: float
    baseline: float
    width: float = 0.0


class Page(NamedTuple):
    """The words of one page, in no order; `number` counts from 1. `problem` says why there are none."""

    number: int
    words: tuple[Word, ...] = ()
    problem: str | None = None


class Answer(NamedTuple):
    """The pages of a document, or why it was refused."""

    pages: tuple[Page, ...] = ()
    refused: str | None = None

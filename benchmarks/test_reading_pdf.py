"""Reading a month's PDF: our parser, and pdfium taking the text of each page with no thought of places."""

from datetime import date

import pypdfium2
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.race import Contender, run_race
from benchmarks.scoreboard import Comparison, Scoreboard, milliseconds, named
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.sources.mcfcd.monthly_pdf import parse_monthly_pdf
from tests.real_files import MCFCD, requires_real_files

MONTH = date(2019, 11, 1)


@requires_real_files
def test_reading_a_monthly_pdf(benchmark: BenchmarkFixture, scoreboard: Scoreboard) -> None:
    content = (MCFCD / "pcp1119.pdf").read_bytes()

    def parse() -> RainBook:
        return parse_monthly_pdf(content, month=MONTH, file_name="pcp1119.pdf")

    assert len(parse().records) == 356, "and the process that opens PDFs has started"

    race = run_race(
        benchmark,
        Contender("parse", parse),
        Contender("text", lambda: take_text(content)),
        rounds=9,
    )
    scoreboard.judge(
        Comparison(
            what="read a month's PDF, 45 pages",
            ours=milliseconds(race.median_of("parse")),
            limit=named("pdfium's text alone", race.median_of("text")),
            ratio=race.ratio("text", "parse"),
        )
    )


def take_text(content: bytes) -> int:
    document = pypdfium2.PdfDocument(content)
    try:
        return sum(len(page.get_textpage().get_text_range()) for page in document)
    finally:
        document.close()

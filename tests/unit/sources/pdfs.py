"""PDFs for the tests of their reader: months of made-up gauges, and files that no agency would write."""

import zlib
from collections.abc import Sequence
from datetime import date, timedelta

from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.sources.mcfcd.monthly_pdf import parse_monthly_pdf
from gaugehouse_local.simulator.mcfcd.monthly_pdf import write_monthly_pdf
from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import MonthPage, Row, days_of

MONTH = date(2019, 11, 1)
FILE = "pcp1119.pdf"
IDS = ("1000", "1200", "59700")
FLATE = b"/Filter/FlateDecode"


def a_page(
    cells: dict[tuple[str, int], str] | None = None,
    *,
    ids: Sequence[str] = IDS,
    totals: Sequence[str] | None = None,
    footnotes: Sequence[str] = (),
) -> MonthPage:
    """Return a page of November 2019, dry but for `cells`, which go by gauge and day of the month."""
    given = cells or {}
    rows = [
        Row(date=f"{day:%m/%d/%y}", cells=tuple(given.get((name, day.day), "0.00") for name in ids))
        for day in reversed(days_of(MONTH))
    ]
    return MonthPage(
        station_ids=tuple(ids),
        rows=tuple(rows),
        totals=tuple(totals or ["0.00"] * len(ids)),
        footnotes=tuple(footnotes),
    )


def parse(content: bytes, month: date = MONTH) -> RainBook:
    return parse_monthly_pdf(content, month=month, file_name=FILE)


def parse_pages(*pages: MonthPage) -> RainBook:
    return parse(write_monthly_pdf(pages))


def record_of(book: RainBook, station_id: str) -> RainRecord:
    (record,) = (record for record in book.records if record.station_id == station_id)
    return record


def day(number: int) -> date:
    return MONTH + timedelta(days=number - 1)


def raw_pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, of which the first is the catalog."""
    written, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(written))
    )


def one_page(*objects: bytes, resources: bytes = b"") -> bytes:
    """Return a PDF with one page, whose content is the first of `objects`, number 4."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<%b>>>>" % resources
    return raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, *objects)


def stream(content: bytes, attributes: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (attributes, len(content), content)


def blanks(megabytes: int) -> bytes:
    """Return a compressed stream of so many blanks, without a checksum that is right."""
    packer = zlib.compressobj(9)
    first, *others = (
        packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )  # what follows a full flush can be repeated
    return stream(first + others[0] * (megabytes - 1) + packer.flush(), FLATE)


def forms_within_forms(depth: int, innermost: bytes = b"0 0 1 1 re f") -> bytes:
    """Return a page that draws a form ten times, which draws another ten times, and so on."""
    forms = [
        stream(
            b"/X Do " * 10 if level < depth else innermost,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (5 + level),
        )
        for level in range(1, depth + 1)
    ]
    return one_page(stream(b"/X Do " * 10), *forms, resources=b"/XObject<</X 5 0 R>>")

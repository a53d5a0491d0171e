"""What is mended in a package before the reader sees it: by hand-written XML, as odd writers write it."""

from datetime import date

from tests.unit.sources.workbooks import parse, with_part, workbook

OCT_1, OCT_2, OCT_3 = (date(2022, 10, day) for day in (1, 2, 3))
SHEET = "xl/worksheets/sheet4.xml"  # after Meta_Stats, DownTime and FREQ
THREE_DAYS = workbook(years={"2023": [(OCT_1, 0.5), (OCT_2, "#REF!"), (OCT_3, 0.0)]})


def test_an_error_cell_is_one_however_its_attributes_are_set() -> None:
    """The reader itself takes an error cell for a blank one, and a blank one would be a missing day."""

    def spread_out(part: bytes) -> bytes:
        assert b' t="e"' in part
        return part.replace(b' t="e"', b'\n\t t="e"')

    full = parse(with_part(THREE_DAYS, SHEET, spread_out))

    assert [reject.raw for reject in full.rejects] == ["2022-10-02 | #REF!"]
    assert full.record.missing == ()


def test_a_sheet_that_is_listed_twice_counts_once() -> None:
    def listed_twice(part: bytes) -> bytes:
        start = part.index(b"<sheet ", part.index(b'name="FREQ"'))
        entry = part[start : part.index(b"/>", start) + 2]
        return part.replace(entry, entry + entry)

    full = parse(with_part(THREE_DAYS, "xl/workbook.xml", listed_twice))

    assert [day.reading_date for day in full.record.days] == [OCT_1, OCT_3]
    assert [reject.reason for reject in full.rejects] == ["not_a_number"]

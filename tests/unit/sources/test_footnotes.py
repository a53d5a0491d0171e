"""Footnotes in the agency's own words: what each of its forms says of a gauge."""

from datetime import date, datetime

import pytest

from gaugehouse.domain.rainfall import DailyRainfall, Gap, GapCause, Quality, RainRecord
from gaugehouse.sources.mcfcd.arizona_time import day_start, to_utc
from gaugehouse.sources.mcfcd.footnotes import (
    FootnoteReading,
    read_footnote,
    reported_footnotes,
    with_footnotes,
)

OK, INCOMPLETE, ESTIMATED = 1, 2, 3
DOWN = "Gage 15500 down from 9/04 18:00 (342) through 9/18 11:00 (342)"


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the agency writes local times


def read(text: str, month: date = date(2023, 9, 1), marked: str | None = None) -> FootnoteReading:
    return read_footnote(text, place="sheet SEP, footnote 1", month=month, marked=marked)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (DOWN, at(9, 4, 18), at(9, 18, 11)),
        ("Gage 15500 down from 9/4 6:00 through 9/18 11:00", at(9, 4, 6), at(9, 18, 11)),
        ("Gage 15500 down from 9/4 0600 through 9/18 1100", at(9, 4, 6), at(9, 18, 11)),
        ("Gage 15500 down from 9/28 06:00 33 through 9/30 24:00 (?)", at(9, 28, 6), at(10, 1)),
        ("Gage 15500 down from 9/28 06:00 (?) through ? ", at(9, 28, 6), None),
        ("Gage 15500 down from ? through 9/28 06:00 (12)", None, at(9, 28, 6)),
        ("Gage 15500 down since 9/28 06:00 (12)", at(9, 28, 6), None),
        ("Gage 15500 down from 9/28 06:00 through the end of the month", at(9, 28, 6), at(10, 1)),
        ("Gage 15500 down from 9/13 through 9/16", at(9, 13), at(9, 17)),
        ("Gage 15500 down from 9/13 ? (12) thru 9/16 ? (?)", at(9, 13), at(9, 17)),
        (
            "Gage 15500 down from 9/13/22 18:00 to 9/16/2022 12:00",
            at(9, 13, 18, 0, 2022),
            at(9, 16, 12, 0, 2022),
        ),
        ("Gage 15500 down from Sept. 13 18:00 through Sep 16 12:00", at(9, 13, 18), at(9, 16, 12)),
        ("Gage 15500 down from 9/16 12:00 through 9/16 06:00", at(9, 16, 12), None),
        ("Gage 15500 down from 9/13 25:00 through 9/16 12:61", at(9, 13), at(9, 17)),
        ("Gage 15500 down from 2/30 18:00 through 9/16 12:00", None, at(9, 16, 12)),
        ("Gage 15500 was down all month.", at(9, 1), at(10, 1)),
        ("Gage 15500 down with a plugged funnel for much of the month", at(9, 1), at(10, 1)),
        ("Gage 15500 recorded no rain during the month", at(9, 1), at(10, 1)),
        ("Gage 15500 appears to have missed events on Sep. 13-21", at(9, 13), at(9, 22)),
        ("Gage 15500 missed the event of 9/13", at(9, 13), at(9, 14)),
    ],
)
def test_when_a_gauge_was_down(text: str, start: datetime | None, end: datetime | None) -> None:
    (outage,) = read(f"{text}; no rain fell.").outages

    assert (outage.start, outage.end) == (start, end)


@pytest.mark.parametrize(
    ("month", "span", "start", "end"),
    [
        (date(2023, 1, 1), "12/28 06:00 through 1/03 12:00", at(12, 28, 6, 0, 2022), at(1, 3, 12)),
        (date(2022, 12, 1), "12/28 06:00 through 1/03 12:00", at(12, 28, 6, 0, 2022), at(1, 3, 12)),
        (date(2023, 9, 1), "5/11 12:00 through 9/07 08:53", at(5, 11, 12), at(9, 7, 8, 53)),
        (
            date(2022, 10, 1),
            "11/01 12:00 through 10/03 12:00",
            at(11, 1, 12, 0, 2021),
            at(10, 3, 12, 0, 2022),
        ),
        (date(2024, 2, 1), "2/29 06:00 through 3/01 06:00", at(2, 29, 6, 0, 2024), at(3, 1, 6, 0, 2024)),
    ],
)
def test_the_year_is_the_one_that_brings_the_span_to_the_page(
    month: date, span: str, start: datetime, end: datetime
) -> None:
    (outage,) = read(f"Gage 15500 down from {span} due to snow; no rain fell.", month).outages

    assert (outage.start, outage.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (" due to repeater failure; no rain fell.", "repeater failure"),
        (" due to a plugged funnel, spanned several events; no estimate possible.", "plugged funnel"),
        (" for unknown reason; no rain fell.", "unknown reason"),
        (" for transmitter failure. No rain fell.", "transmitter failure"),
        (" due to _____; no rain fell.", None),
        ("; no rain fell.", None),
        (", unable to access due to snow, no rain fell", "snow"),
    ],
)
def test_the_cause_is_the_agencys_word(text: str, cause: str | None) -> None:
    (outage,) = read(DOWN + text).outages

    assert outage.cause == cause


@pytest.mark.parametrize(
    ("conclusion", "code"),
    [
        ("no rain fell.", OK),
        ("assume no rain fell.", OK),
        ("assigned 4mm to 9/13.", OK),
        ("Data recovered and restored.", OK),
        ("estimated 9mm for 9/12-13.", ESTIMATED),
        ("estimated 22mm to this point in the record based on radar & nearby gages.", ESTIMATED),
        ("no estimate possible; monthly and annual totals are incomplete.", INCOMPLETE),
        ("events missed, no \nestimate made, monthly & annual totals inaccurate.", INCOMPLETE),
        ("several prior events missed, inaccurate monthly and annual totals.", INCOMPLETE),
        ("estimated 5mm for 9/13; monthly totals are incomplete.", INCOMPLETE),
    ],
)
def test_what_the_agency_made_of_the_values(conclusion: str, code: int) -> None:
    reading = read(f"1.\u00a0\u00a0 {DOWN} due to battery failure; {conclusion}")

    assert reading.understood
    assert [outage.code for outage in reading.outages] == [code]
    assert reading.station_ids == ("15500",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7.",
        "(3)",
        "Still unable to locate a site for this station.",
        "See note 4.",
        "Gage 15500 was moved.",
        f"{DOWN} due to hail.",  # and what of its values?
        "Gage 15500 down; no rain fell.",
        "Gage 15500 down from ? through ?; no rain fell.",
        "down from 9/04 18:00 through 9/18 11:00; no rain fell.",  # which gauge?
        "Gage ABC down from 9/04 18:00 through 9/18 11:00; no rain fell.",
        "Gage 15500 down from 2/30 18:00 through 2/31 11:00; no rain fell.",
    ],
)
def test_what_is_not_understood_is_kept_as_text(text: str) -> None:
    reading = read(text)

    assert not reading.understood
    assert reading.text == text


def test_several_gauges_and_several_spans() -> None:
    reading = read(
        "Gages 15500, 15800 & 16500 down from 9/04 18:00 through 9/06 11:00 due to repeater failure and "
        "from 9/13 18:00 through 9/16 12:00 due to battery failure; no rain fell."
    )

    assert reading.station_ids == ("15500", "15800", "16500")
    assert [(outage.start, outage.end) for outage in reading.outages] == [
        (at(9, 4, 18), at(9, 6, 11)),
        (at(9, 13, 18), at(9, 16, 12)),
    ]


def test_a_mark_names_the_gauge_where_the_text_does_not() -> None:
    assert read("Still Out-of-Service", marked="34500").station_ids == ("34500",)
    assert read("Still Out-of-Service", marked="34500").understood
    assert read(f"{DOWN}; no rain fell.", marked="34500").station_ids == ("15500",)


def test_the_agencys_words_are_kept_on_one_line_and_bounded() -> None:
    reading = read(f"2. {DOWN}\r\n due to hail; no rain fell. " + "x" * 10_000)

    assert reading.text.startswith(f"2. {DOWN} due to hail; no rain fell. xxx")
    assert len(reading.text) == 2_000


def record(days: dict[int, float], missing: list[int]) -> RainRecord:
    return RainRecord(
        station_id="15500",
        data_source="excel_WY_2023",
        document_date=date(2023, 10, 5),
        days=tuple(DailyRainfall(date(2023, 9, day), inches) for day, inches in days.items()),
        missing=tuple(date(2023, 9, day) for day in missing),
        gaps=(),
    )


def test_outages_become_gaps_and_qualities() -> None:
    text = "Gage 15500 down from 9/12 12:00 (155) through 9/14 12:00 (?) due to hail; estimated 9mm for 9/12."

    explained = with_footnotes(record({11: 0.0, 12: 0.35433}, [13]), (), [read(text), read(text)])

    assert [(day.reading_date.day, day.quality) for day in explained.days] == [
        (11, Quality.MEASURED),
        (12, Quality.ESTIMATED),
    ]
    assert explained.days[1].note == text
    assert explained.gaps == (
        Gap(
            gap_start=day_start(date(2023, 9, 13)),
            gap_end=day_start(date(2023, 9, 14)),
            cause="hail",
            missing_days=1,
            notes=text,
            quality_code=ESTIMATED,
            outage_start=to_utc(at(9, 12, 12)),
            outage_end=to_utc(at(9, 14, 12)),
        ),
    )


def test_missing_days_before_a_gauge_was_installed_are_before_its_record() -> None:
    installed = read("1. Gage 15500, Middle Camp Creek, installed on 9/06.")

    explained = with_footnotes(record({6: 0.0}, [1, 2, 3, 4, 5, 8]), (), [installed])

    assert installed.understood
    assert [(gap.cause, gap.missing_days) for gap in explained.gaps] == [
        (GapCause.BEFORE_RECORD, 5),
        (GapCause.UNEXPLAINED, 1),
    ]


def test_without_footnotes_what_is_missing_is_unexplained() -> None:
    explained = with_footnotes(record({}, [1, 2]), (), ())

    assert [gap.cause for gap in explained.gaps] == [GapCause.UNEXPLAINED]


def test_a_footnote_of_a_gauge_that_is_not_there_is_reported() -> None:
    footnotes, warnings = reported_footnotes(
        [read(f"1. {DOWN}; no rain fell."), read("2. Thanks to the crew.")], {"15800"}, "pcp_WY_2023.xlsx"
    )

    assert [(note.station_id, note.understood) for note in footnotes] == [("15500", False), (None, False)]
    assert len(warnings) == 1
    assert "pcp_WY_2023.xlsx, sheet SEP, footnote 1: speaks of gauge 15500" in warnings[0]

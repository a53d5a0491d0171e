"""The page of one gauge's tips, the real one and rows of every awkward kind."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.domain.live_rain import Tip, TipRecord
from gaugehouse.sources.mcfcd.tips import parse_tips
from tests.real_files import MCFCD, requires_real_files

LATER = datetime(2026, 1, 1, tzinfo=UTC)
HEADING = "59700 Aztec Park"


def page(*rows: str, heading: str = HEADING, end: str = "</PRE>\n</P></BODY>\n") -> bytes:
    shown = "\n".join(rows)
    return (
        f"<HTML>\n<H2>\n    FCDMC ALERT System Data Display\n</H2>\n\n<H3><PRE>\n{heading}\n"
        "Precipitation Gage\n</PRE>\n</H3>\n\n<BODY><P>\n<PRE>\nPrecipitation Gage\n"
        "Date       Time      inches   inches\n"
        f"{shown}\n{end}"
    ).encode()


FIRST_ROW = 16  # its line


def read(*rows: str, **more: str) -> TipRecord:
    return parse_tips(page(*rows, **more), station_id="59700", not_after=LATER)


@requires_real_files
def test_the_real_page() -> None:
    content = (MCFCD / "showdata4_59700.html").read_bytes()

    record = parse_tips(content, station_id="59700", not_after=LATER)

    assert (record.station_id, record.gauge_name, record.rejects) == ("59700", "Aztec Park", ())
    assert len(record.tips) == 195
    assert record.tips[0] == Tip(datetime(2025, 9, 15, 1, tzinfo=UTC), 3.78)
    assert record.tips[-1] == Tip(datetime(2025, 10, 14, 19, tzinfo=UTC), 1.85)
    assert all(earlier.observed_at < later.observed_at for earlier, later in pairwise(record.tips))
    falls = [
        later for earlier, later in pairwise(record.tips) if later.counter_inches < earlier.counter_inches
    ]
    assert falls == [Tip(datetime(2025, 10, 1, 7, tzinfo=UTC), 0.0)], "at midnight on 1 October, in Arizona"


def test_rows_ascend_in_utc_and_increments_are_not_used() -> None:
    record = read("10/13/2025 15:27:31    1.85     9.99", "10/13/2025 14:03:53    1.81     0.04")

    assert record.tips == (
        Tip(datetime(2025, 10, 13, 21, 3, 53, tzinfo=UTC), 1.81),
        Tip(datetime(2025, 10, 13, 22, 27, 31, tzinfo=UTC), 1.85),
    )


def test_the_newer_page_has_one_more_number() -> None:
    assert read("10/13/2025 15:27:31    1.85     0.04     47").tips[0].counter_inches == 1.85


def test_rows_out_of_order_are_put_in_order_and_equal_ones_are_one() -> None:
    late, early = "10/13/2025 15:27:31    1.85     0.04", "10/13/2025 12:00:00    1.81     0.00"

    record = read(early, late, early)

    assert [tip.counter_inches for tip in record.tips] == [1.81, 1.85]
    assert record.rejects == ()


def test_of_two_counters_of_one_moment_the_upper_row_counts() -> None:
    record = read("10/13/2025 15:27:31    1.85     0.04", "10/13/2025 15:27:31    1.81     0.04")

    assert [tip.counter_inches for tip in record.tips] == [1.85]
    [reject] = record.rejects
    assert (reject.reason, "says 1.81 where a row above says 1.85" in reject.detail) == (
        "another_counter",
        True,
    )


def test_a_page_without_rows_is_a_silent_gauge() -> None:
    assert read().tips == ()


def test_entities_and_spaces_of_a_name_are_undone() -> None:
    assert read(heading="59700 Tom&#39;s  Wash &amp; Dam  ").gauge_name == "Tom's Wash & Dam"


@pytest.mark.parametrize(
    ("line", "reason", "text"),
    [
        ("10/13/2025 15:27:31    trace    0.04", "not_a_number", "a counter that is no number"),
        ("10/13/2025 15:27:31    1.85     x", "not_a_number", "an increment"),
        ("10/13/2025 15:27:31    1.85     0.04   y", "not_a_number", "last column"),
        ("10/13/2025 15:27:31    ----     0.00", "not_a_number", "a counter that is no number"),
        ("10/13/2025 15:27:31    nan      0.00", "not_a_number", "a counter"),
        ("10/13/2025 15:27:31    1.85", "unreadable_row", "is not a row"),
        ("Service message", "unreadable_row", "is not a row"),
        ("10/32/2025 15:27:31    1.85     0.04", "not_a_time", "does not exist"),
        ("10/13/2025 25:27:31    1.85     0.04", "not_a_time", "does not exist"),
        ("12/31/2025 18:00:00    1.85     0.04", "future_time", "still to come"),
        ("10/13/2025 15:27:31   -1.85     0.04", "negative_counter", "below 0"),
        ("10/13/2025 15:27:31   1850.00   0.04", "absurd_counter", "1000 in or more"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_alone(line: str, reason: str, text: str) -> None:
    record = read("10/13/2025 18:00:00    1.89     0.04", line, "10/13/2025 12:00:00    1.85     0.00")

    assert [tip.counter_inches for tip in record.tips] == [1.85, 1.89]
    [reject] = record.rejects
    assert (reject.reason, reject.source, reject.raw) == (reason, "mcfcd_tips", line.strip())
    assert reject.detail.startswith(f"tips page of 59700 line {FIRST_ROW + 1} ")
    assert text.removeprefix("an increment") in reject.detail


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        (b"", SourceUnavailable, "has no table of transmissions"),
        (
            b"<html><body><h1>500 - Error</h1></body></html>",
            SourceUnavailable,
            "begins: '<html><body><h1>500",
        ),
        (page("10/13/2025 15:27:31    1.8", end=""), SourceUnavailable, "was cut off"),
        (page(heading="50500 Elsewhere"), DocumentInvalid, "is of gauge 50500 'Elsewhere'"),
        (page(heading="No such gage"), DocumentInvalid, "names no gauge"),
        (page("1 x", "2 x"), DocumentInvalid, "none of its rows could be read; tips page of 59700 line 16"),
    ],
)
def test_what_is_no_page_of_this_gauge_says_so(
    content: bytes, error: type[GaugehouseError], text: str
) -> None:
    with pytest.raises(error) as raised:
        parse_tips(content, station_id="59700", not_after=LATER)
    assert text in str(raised.value)


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 700), bits=st.binary(min_size=1, max_size=6))
def test_no_damage_makes_more_of_it_than_rejects_or_our_own_errors(at: int, bits: bytes) -> None:
    start = datetime(2025, 10, 2)  # noqa: DTZ001
    rows = [f"{start + timedelta(hours=6 * n):%m/%d/%Y %H:%M:%S}    1.{20 + n}     0.04" for n in range(9)]
    whole = page(*reversed(rows))
    try:
        record = parse_tips(whole[:at] + bits + whole[at + len(bits) :], station_id="59700", not_after=LATER)
    except GaugehouseError:
        return
    assert all(0 <= tip.counter_inches < 1000 and tip.observed_at <= LATER for tip in record.tips)
    assert len(record.tips) <= 9 + bits.count(b"\n")

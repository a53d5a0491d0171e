"""The multi-interval report: rows of every kind that its description and the gauge list let expect."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.domain.live_rain import IntervalReport, IntervalTotals
from gaugehouse.sources.mcfcd.interval_report import interval_report_url, parse_interval_report
from gaugehouse.sources.mcfcd.text_reports import MAX_BYTES, MAX_ROWS

RULE = "-" * 32 + "     ------" + "    ------" * 6
HEAD = f"""Multi-Interval Precipitation Totals

                       Generated 12/31/25 @ 1429 hrs MST
            *** Data is Preliminary and Unedited, ---- Denotes Missing Data ***

     Gage                             Gage    Past      Past      Past      Past      Past      Past
     Name                              ID    15 min     1 hr      3 hr      6 hr     24 hr     72 hr
{RULE}
"""
TOTALS = ("0.00", "0.04", "0.08", "0.12", "1.22", "2.36")


def row(name: str = "Aztec Park", station_id: str = "59700", totals: tuple[str, ...] = TOTALS) -> str:
    return f"{name:<36} {station_id:<6}" + "".join(f"{total:>10}" for total in totals)[4:]


def read(*rows: str, head: str = HEAD) -> IntervalReport:
    return parse_interval_report((head + "\n".join(rows) + "\n").encode())


def test_a_row() -> None:
    report = read(row())

    assert report.observed_at == datetime(2025, 12, 31, 21, 29, tzinfo=UTC)
    assert report.entries == (
        IntervalTotals(
            station_id="59700", gauge_name="Aztec Park", totals_inches=(0.0, 0.04, 0.08, 0.12, 1.22, 2.36)
        ),
    )
    assert report.rejects == ()


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (("----",) * 6, (None,) * 6),
        (("0.00", "0.00", "0.00", "----", "----", "----"), (0.0, 0.0, 0.0, None, None, None)),
        (("----", "0.00", "-----", "0.04", "--", ".08"), (None, 0.0, None, 0.04, None, 0.08)),
    ],
)
def test_missing_is_none_and_zero_is_zero(
    totals: tuple[str, ...], expected: tuple[float | None, ...]
) -> None:
    assert read(row(totals=totals)).entries[0].totals_inches == expected


@pytest.mark.parametrize(
    "name",
    [
        "Waterman Wash @ Rainbow Valley Rd.",
        "4th of July Wash",
        "US 60 @ Peralta Canyon",
        "Detention #1 1000 0.10",
        "A name so long that it pushes its own numbers aside",
    ],
)
def test_a_name_is_everything_before_the_id(name: str) -> None:
    assert [entry.gauge_name for entry in read(row(), row(name), row("Elsewhere")).entries] == [
        "Aztec Park",
        name,
        "Elsewhere",
    ]


def test_a_report_with_cities_keeps_them_out_of_the_names() -> None:
    head = HEAD.replace(RULE, f"{'-' * 32}   {'-' * 15}   ------{'    ------' * 6}")
    rows = [
        f"{name:<34} {city:<18} 59700 " + "".join(f"{total:>10}" for total in TOTALS)
        for name, city in [
            ("Aztec Park", "Scottsdale"),
            ("Waterman Wash @ Rainbow Valley Rd.", "Goodyear"),
            ("Columbus Wash", "Agua Caliente"),
        ]
    ]
    assert [entry.gauge_name for entry in read(*rows, head=head).entries] == [
        "Aztec Park",
        "Waterman Wash @ Rainbow Valley Rd.",
        "Columbus Wash",
    ]


def test_a_report_that_begins_with_the_id_has_the_name_behind_the_totals() -> None:
    head = HEAD.replace(RULE, f"------{'    ------' * 6}    {'-' * 30}")
    line = "59700 " + "".join(f"{total:>10}" for total in TOTALS) + "    Aztec Park"
    assert read(line, head=head).entries[0].gauge_name == "Aztec Park"


def test_rows_that_share_an_id_are_all_there() -> None:
    report = read(row("Hassayampa Landfill", "44800"), row("Buckeye FRS #3", "44800"))
    assert [entry.gauge_name for entry in report.entries] == ["Hassayampa Landfill", "Buckeye FRS #3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(station_id="597"), "unreadable_row"),
        (row(totals=("0.00", "0.04", "trace", "0.12", "1.22", "2.36")), "unreadable_row"),
        (row(totals=TOTALS[:5]), "unreadable_row"),
        (row("Aztec\x07Park"), "control_character"),
        ("x" * 2000 + row(), "unreadable_row"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_alone(line: str, reason: str) -> None:
    report = read(row("Before"), line, row("Behind"))

    assert [entry.gauge_name for entry in report.entries] == ["Before", "Behind"]
    [reject] = report.rejects
    assert (reject.reason, reject.source) == (reason, "mcfcd_rainfall")
    assert "prpt.txt line 10" in reject.detail


def test_a_total_that_cannot_be_is_rejected_and_the_others_stay() -> None:
    report = read(row(totals=("-0.04", "0.04", "1250.00", "0.12", "1.22", "2.36")))

    assert report.entries[0].totals_inches == (None, 0.04, None, 0.12, 1.22, 2.36)
    assert [reject.reason for reject in report.rejects] == ["negative_rainfall", "absurd_rainfall"]
    assert "impossible total of 0.25 h" in report.rejects[0].detail
    assert "impossible total of 3 h" in report.rejects[1].detail


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        (b"", SourceUnavailable, "is empty"),
        (b"<html><body>Service Unavailable</body></html>", SourceUnavailable, "web page instead of data"),
        (HEAD.encode(), SourceUnavailable, "ends at its rule (line 8) without one gauge"),
        (HEAD.replace(RULE, "").encode(), DocumentInvalid, "no rule of at least seven dash runs"),
        (
            HEAD.replace("Generated", "Made").encode() + row().encode(),
            DocumentInvalid,
            "no line like 'Generated 12/31/25 @ 1429 hrs MST'",
        ),
        (HEAD.replace("1429", "2561").encode() + row().encode(), DocumentInvalid, "line 3"),
        (HEAD.replace("12/31", "13/31").encode() + row().encode(), DocumentInvalid, "is not a time"),
        ((HEAD + "not a gauge\n").encode(), DocumentInvalid, "none of its 1 rows could be read"),
        ((HEAD + f"{row()}\n" * (MAX_ROWS + 1)).encode(), DocumentInvalid, "rows, more than"),
        (b"x" * (MAX_BYTES + 1), DocumentInvalid, "bytes, more than"),
    ],
)
def test_what_is_no_report_says_so(content: bytes, error: type[GaugehouseError], text: str) -> None:
    with pytest.raises(error) as raised:
        parse_interval_report(content)
    assert text in str(raised.value)


def test_its_address() -> None:
    assert interval_report_url("https://a.example/") == "https://a.example/alert/Rain/prpt.txt"


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 900), bits=st.binary(min_size=1, max_size=6))
def test_no_damage_makes_more_of_it_than_rejects_or_our_own_errors(at: int, bits: bytes) -> None:
    whole = (HEAD + "".join(f"{row(station_id=str(1000 + n))}\n" for n in range(9))).encode()
    try:
        report = parse_interval_report(whole[:at] + bits + whole[at + len(bits) :])
    except GaugehouseError:
        return
    for entry in report.entries:
        assert len(entry.totals_inches) == 6
        assert all(total is None or 0 <= total < 1000 for total in entry.totals_inches)

"""The gauge list, the real one and rows of every awkward kind."""

import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.documents import GaugeList
from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.sources.mcfcd.gauge_list import gauge_list_url, parse_gauge_list
from gaugehouse.sources.mcfcd.text_reports import MAX_BYTES, MAX_ROWS
from tests.real_files import MCFCD, requires_real_files

RULE = (
    "-" * 32 + "   " + "-" * 15 + "   ------  ------  ---------  ----------  ------------------   " + "-" * 44
)
HEAD = f"""Multi-Interval Precipitation Totals

                       6 and 24 Hours Ending 12/31/25 at 1418
            *** Data is Preliminary and Unedited, ---- Denotes Missing Data ***

     Gage                          In or Nearest      Gage    Elev.  Rainfall    Rainfall
     Name                           City / Town        ID     (ft)   Past 6 hr  Past 24 hr
{RULE}
"""


def row(
    name: str = "Aztec Park",
    city: str = "Scottsdale",
    station_id: str = "59700",
    elevation: str = "1465",
    past_6h: str = "0.00",
    past_24h: str = "0.04",
    zone: str = "North Scottsdale",
    location: str = "Near Thunderbird & Frank Lloyd Wright",
) -> str:
    """Write a row as the agency's own program does: columns grow where a text is longer."""
    return (
        f"{name:<34} {city:<18} {station_id:<7} {elevation:>5}     {past_6h:>5}      {past_24h:>5}     "
        f"{zone:<21} {location:<61}"
    )


def read(*rows: str, head: str = HEAD) -> GaugeList:
    return parse_gauge_list((head + "\n".join(rows) + "\n").encode())


def test_a_row() -> None:
    found = read(row())
    assert found.observed_at == datetime(2025, 12, 31, 21, 18, tzinfo=UTC)
    assert found.entries == (
        GaugeSummary(
            station_id="59700",
            gauge_name="Aztec Park",
            city_town="Scottsdale",
            elevation_ft=1465.0,
            rainfall_past_6h_inches=0.0,
            rainfall_past_24h_inches=0.04,
            msp_forecast_zone="North Scottsdale",
            general_location="Near Thunderbird & Frank Lloyd Wright",
            observed_at=found.observed_at,
        ),
    )
    assert found.rejects == ()


@pytest.mark.parametrize("length", [1, 32, 33, 34, 35, 40, 60])
def test_names_of_every_length(length: int) -> None:
    name = ("Waterman Wash @ Rainbow Valley Rd. and further on to the river")[:length].strip()
    entries = read(row(), row(), row(name=name, city="Cave Creek")).entries
    assert (entries[2].gauge_name, entries[2].city_town) == (name, "Cave Creek")
    assert entries[2].msp_forecast_zone == "North Scottsdale"
    assert entries[2].general_location == "Near Thunderbird & Frank Lloyd Wright"


def test_a_city_longer_than_its_column() -> None:
    city = "Sun City West and Surprise"
    entries = read(row(), row(), row(city=city), row(name="Two  Words", city=city)).entries
    assert [(entry.gauge_name, entry.city_town) for entry in entries[2:]] == [
        ("Aztec Park", city),
        ("Two  Words", city),
    ]


@pytest.mark.parametrize("zone", ["Lwr. Salt River Lakes", "Lwr. Salt River Lakes2", "x" * 30])
def test_zones_longer_than_their_column(zone: str) -> None:
    (entry,) = read(row(zone=zone)).entries
    assert (entry.msp_forecast_zone, entry.general_location) == (
        zone,
        "Near Thunderbird & Frank Lloyd Wright",
    )


def test_none_and_dashes_are_nothing() -> None:
    (entry,) = read(row(zone="None", past_6h="----", past_24h="----", elevation="----", city="")).entries
    assert entry.msp_forecast_zone is None and entry.city_town is None and entry.elevation_ft is None
    assert entry.rainfall_past_6h_inches is None and entry.rainfall_past_24h_inches is None


def test_one_interval_may_be_missing() -> None:
    (entry,) = read(row(past_6h="----", past_24h="1.25")).entries
    assert (entry.rainfall_past_6h_inches, entry.rainfall_past_24h_inches) == (None, 1.25)


def test_trimmed_lines_are_read() -> None:
    full = row()
    entries = read(full, full.rstrip(), row(location="").rstrip(), row(zone="", location="").rstrip()).entries
    assert entries[0] == entries[1]
    assert (entries[2].msp_forecast_zone, entries[2].general_location) == ("North Scottsdale", None)
    assert (entries[3].msp_forecast_zone, entries[3].general_location) == (None, None)


def test_rows_that_share_an_id_are_all_there() -> None:
    entries = read(row(station_id="44800"), row(name="Buckeye FRS #3", station_id="44800")).entries
    assert [entry.gauge_name for entry in entries] == ["Aztec Park", "Buckeye FRS #3"]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("12/31/25 at 1418", datetime(2025, 12, 31, 21, 18, tzinfo=UTC)),
        ("12/31/2025 at 14:18", datetime(2025, 12, 31, 21, 18, tzinfo=UTC)),
        ("12/31/25 at 2400", datetime(2026, 1, 1, 7, tzinfo=UTC)),
        ("07/01/26 at 0000", datetime(2026, 7, 1, 7, tzinfo=UTC)),  # no daylight saving in Arizona
        ("1/2/26 at 918", datetime(2026, 1, 2, 16, 18, tzinfo=UTC)),
    ],
)
def test_stamps(stamp: str, expected: datetime) -> None:
    assert read(row(), head=HEAD.replace("12/31/25 at 1418", stamp)).observed_at == expected


@pytest.mark.parametrize(
    "stamp", ["13/31/25 at 1418", "12/31/25 at 2500", "12/31/25 at 1460", "12/31/25 at 2401"]
)
def test_impossible_stamps_name_their_line(stamp: str) -> None:
    with pytest.raises(DocumentInvalid, match=r"ev_rain.txt line 3: .*is not a time"):
        read(row(), head=HEAD.replace("12/31/25 at 1418", stamp))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Total of all gauges", "unreadable_row"),
        (row(station_id="597"), "unreadable_row"),
        (row(station_id="597000"), "unreadable_row"),
        (row(station_id="597x0"), "unreadable_row"),
        (row(past_6h="wet"), "unreadable_row"),
        (row(name=""), "unreadable_row"),
        (row(location="x" * 1_000), "unreadable_row"),
        (row(name="Aztec\x00Park"), "control_character"),
        (row(name="Aztec\x1bPark"), "control_character"),
    ],
)
def test_rows_that_cannot_be_read_are_rejects_that_name_their_line(line: str, reason: str) -> None:
    found = read(row(), line, row(station_id="59800"))
    assert [entry.station_id for entry in found.entries] == ["59700", "59800"]
    (reject,) = found.rejects
    assert (reject.source, reject.reason) == ("mcfcd_gauge_list", reason)
    assert reject.detail.startswith("ev_rain.txt line 10 ")
    assert "\x00" not in reject.raw and len(reject.raw) <= reject.MAX_RAW_LENGTH


def test_impossible_rainfall_is_a_reject_whose_gauge_stays() -> None:
    found = read(row(past_6h="-0.04", past_24h="1000"), row(past_24h="999.99"))
    assert [entry.rainfall_past_24h_inches for entry in found.entries] == [None, 999.99]
    assert found.entries[0].rainfall_past_6h_inches is None
    assert [reject.reason for reject in found.rejects] == ["negative_rainfall"]


def test_letters_beyond_ascii_are_read_in_either_encoding() -> None:
    text = HEAD + row(name="Ca\u00f1on del Oro") + "\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        assert parse_gauge_list(text.encode(encoding)).entries[0].gauge_name == "Ca\u00f1on del Oro"


def test_windows_line_ends_and_a_second_rule() -> None:
    text = (HEAD + row() + "\n" + RULE + "\n" + row() + "\n").replace("\n", "\r\n")
    found = parse_gauge_list(text.encode())
    assert len(found.entries) == 2 and found.rejects == ()


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"<!DOCTYPE html><html>Down", HEAD.encode()])
def test_what_may_be_better_next_time(content: bytes) -> None:
    with pytest.raises(SourceUnavailable, match=r"ev_rain\.txt"):
        parse_gauge_list(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Hello\nworld\n", "has no rule of eight dash runs among its 3 lines.*line 1 is 'Hello'"),
        (HEAD.replace(RULE, "-" * 80) + row(), "has no rule"),
        (HEAD.replace("Ending", "from") + row(), "has no line like .* above its rule .line 8."),
        (HEAD + "nothing\nat all\n", "none of its 2 rows could be read; line 9 is 'nothing'"),
        (HEAD + f"{row()}\n" * (MAX_ROWS + 1), f"has {MAX_ROWS + 1} rows"),
        (HEAD + " " * MAX_BYTES, "bytes, more than"),
    ],
)
def test_what_stays_wrong(content: str, message: str) -> None:
    with pytest.raises(DocumentInvalid, match=f"^ev_rain.txt.*{message}"):
        parse_gauge_list(content.encode())


def test_the_address() -> None:
    assert gauge_list_url("https://example.org/") == "https://example.org/alert/Rain/ev_rain.txt"


@cache
def real() -> bytes:
    return (MCFCD / "ev_rain.txt").read_bytes()


@requires_real_files
def test_every_row_of_the_real_list_by_an_independent_reading() -> None:
    """Read the real list another way: from its fixed positions, which the longest texts still respect."""
    lines = real().decode("ascii").split("\n")[10:]
    expected = []
    for line in filter(str.strip, lines):
        rainfall = line[64:88].split()
        zone = line[92:113].strip()
        expected.append(
            (
                line[54:59].strip(),
                line[:35].strip(),
                line[35:54].strip(),
                float(line[59:67]),
                *(None if text == "----" else float(text) for text in rainfall[-2:]),
                None if zone == "None" else zone,
                line[113:].strip(),
            )
        )
    found = parse_gauge_list(real())
    assert found.rejects == () and found.observed_at == datetime(2025, 12, 31, 21, 18, tzinfo=UTC)
    assert len(expected) == 378
    assert [
        (
            entry.station_id,
            entry.gauge_name,
            entry.city_town,
            entry.elevation_ft,
            entry.rainfall_past_6h_inches,
            entry.rainfall_past_24h_inches,
            entry.msp_forecast_zone,
            entry.general_location,
        )
        for entry in found.entries
    ] == expected


@requires_real_files
def test_the_real_lists_cities_and_zones() -> None:
    entries = parse_gauge_list(real()).entries
    zones = Counter(entry.msp_forecast_zone for entry in entries)
    assert len(zones) == 17 and zones[None] == 81
    assert zones["Lwr. Salt River Lakes"] == 1 and zones["New River/Cave Creek"] == 21
    assert all(entry.city_town and re.fullmatch(r"[A-Z][A-Za-z .\-/]+", entry.city_town) for entry in entries)
    assert [entry.gauge_name for entry in entries if entry.station_id == "44800"] == [
        "Hassayampa Landfill",
        "Buckeye FRS #3",
    ]
    assert {e.station_id for e in entries if e.rainfall_past_24h_inches is None} == {
        "44500",
        "82200",
        "72100",
        "27500",
    }


@settings(deadline=None)
@given(
    cut=st.integers(0, 400),
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=20),
)
def test_damaged_lists_raise_nothing_of_their_own(cut: int, flips: list[tuple[int, int]]) -> None:
    content = bytearray((HEAD + row() + "\n" + row(station_id="1600") + "\n").encode())
    for place, byte in flips:
        content[place % len(content)] = byte
    try:
        found = parse_gauge_list(bytes(content[: len(content) - cut]))
    except GaugehouseError:
        return
    for entry in found.entries:
        assert entry.gauge_name and re.fullmatch(r"[0-9]{4,5}", entry.station_id)
        assert all("\x00" not in text for text in (entry.gauge_name, entry.general_location or ""))


def test_digits_of_another_script_are_no_station_id() -> None:
    """Python's own digits take in every script's; the agency's ids are ASCII."""
    from gaugehouse.sources.mcfcd.station_ids import read_station_ids

    assert read_station_ids("\N{ARABIC-INDIC DIGIT ONE}" * 5) is None
    assert read_station_ids("12345") is not None

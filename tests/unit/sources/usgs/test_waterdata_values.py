"""Values of the modern API: which become measurements, which are missing, and which are rejected."""

import gc
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.measurements import MeasuredSeries
from gaugehouse.sources.usgs.waterdata import parse_continuous, parse_daily
from tests.unit.sources.usgs.features import (
    MODIFIED,
    NOON,
    NOT_AFTER,
    OTHER_SERIES,
    SERIES,
    Feature,
    continuous,
    daily,
    day,
    feature,
    page,
    rows,
    values,
)

WORDS = ("Ice", "EQP", "Dis", "Bkw", "Ssn", "Mnt", "Fld", "***", "--", "____")


def test_a_value() -> None:
    found = continuous(feature())
    assert found.measurements.series == (
        MeasuredSeries(
            station_id="06904500",
            parameter_code="00065",
            statistic="00011",
            unit="ft",
            upstream_series_id=SERIES,
        ),
    )
    assert rows(found) == [(SERIES, NOON, 1.59, None, False)]
    assert found.measurements.modified == [datetime.fromisoformat(MODIFIED)]
    assert found.measurements.modified[0].tzinfo is UTC
    assert (found.missing, found.duplicates, found.rejected, found.rejects) == (0, 0, {}, ())
    assert found.station_names == {}


def test_the_features_of_all_pages_in_their_order() -> None:
    pages = [
        page(feature("1"), feature("2", time_series_id=OTHER_SERIES, parameter_code="00060")),
        page(feature("3", "2026-08-07T12:15:00+00:00")),
    ]
    found = parse_continuous(pages, not_after=NOT_AFTER)
    assert rows(found) == [
        (SERIES, NOON, 1.0, None, False),
        (OTHER_SERIES, NOON, 2.0, None, False),
        (SERIES, NOON + timedelta(minutes=15), 3.0, None, False),
    ]


def test_no_data_is_an_answer() -> None:
    found = parse_continuous([page()], not_after=NOT_AFTER)
    assert len(found.measurements) == 0 and found.measurements.series == ()
    assert (found.missing, found.rejected) == (0, {})
    assert len(parse_daily([]).measurements) == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("0.00", 0.0),
        ("-64.58", -64.58),
        ("-998999.99", -998999.99),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1.5", 1.5),
        ("  1.5 ", 1.5),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        (1.59, 1.59),
        (7, 7.0),
        ("0.1000000000000000055511151231257827", 0.1),
    ],
)
def test_real_values(text: object, value: float) -> None:
    assert values(continuous(feature(text))) == [value]


@pytest.mark.parametrize(
    "nothing",
    [None, "", " ", "-999999", "-999999.00", -999999, "-999000.01", "-1e9", "null", *WORDS],
)
def test_what_stands_where_there_is_no_value_is_missing(nothing: object) -> None:
    found = continuous(feature(nothing), feature("2", time_series_id=OTHER_SERIES))
    assert values(found) == [2.0]
    assert (found.missing, found.duplicates, found.rejected) == (1, 0, {})
    assert [series.upstream_series_id for series in found.measurements.series] == [OTHER_SERIES]


def test_a_word_that_is_also_its_qualifier_is_missing() -> None:
    found = continuous(feature("Discontinued", qualifier=["DISCONTINUED"]))
    assert (found.missing, found.rejected) == (1, {})


@pytest.mark.parametrize("value", ["-999999", None])
def test_ice_makes_no_measurement_of_a_sentinel(value: str | None) -> None:
    found = continuous(
        feature(value, qualifier=["ICE"]), feature("2.5", "2026-08-07T13:00:00Z", qualifier=["ICE"])
    )
    assert [(value, words) for _, _, value, words, _ in rows(found)] == [(2.5, "ICE")]
    assert found.missing == 1


@pytest.mark.parametrize(
    "value",
    [
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "1_000",
        "1,000",
        "0x10",
        "٣",
        "about 2",
        "1.2.3",
        True,
        [],
        {},
        "1" * 5_000,
    ],
)
def test_what_only_looks_like_a_value_is_rejected(value: object) -> None:
    found = continuous(feature(value), feature("2", time_series_id=OTHER_SERIES))
    assert values(found) == [2.0]
    assert (found.missing, found.rejected) == (0, {"not_a_number": 1})
    (reject,) = found.rejects
    assert (reject.source, reject.reason) == ("usgs_waterdata", "not_a_number")
    assert reject.detail == f"continuous, series {SERIES}: its value is not a finite number"
    assert len(reject.raw) <= RejectedRecord.MAX_RAW_LENGTH and reject.raw.startswith("{")


def test_one_example_for_each_series_and_reason_while_all_are_counted() -> None:
    spoilt = [feature("x", f"2026-08-07T12:{minute:02}:00Z") for minute in range(40)]
    found = continuous(
        *spoilt, feature("y", time_series_id=OTHER_SERIES), feature("1", "2026-08-07T20:00:00Z")
    )
    assert found.rejected == {"not_a_number": 41, "from_the_future": 1}
    assert len(found.rejects) == 3
    assert len({reject.fingerprint for reject in found.rejects}) == 3


def test_the_same_fault_is_the_same_record_at_the_next_poll() -> None:
    (first,) = continuous(feature("x")).rejects
    (again,) = continuous(feature("z", "2026-08-07T13:00:00Z")).rejects
    assert first.fingerprint == again.fingerprint and first.raw != again.raw


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-08-07T07:00:00-05:00", NOON),
        ("2026-08-07T12:00:00Z", NOON),
        ("2026-08-07T12:00:00.000+00:00", NOON),
        ("2026-08-07T22:00:00+10:00", NOON),
        ("2026-08-07 12:00:00+00:00", NOON),
    ],
)
def test_offsets_become_utc(time: str, expected: datetime) -> None:
    (row,) = rows(continuous(feature(time=time)))
    assert row[1] == expected and row[1].tzinfo is UTC


def test_an_offset_that_changes_inside_a_series() -> None:
    """The autumn night: 01:30 comes twice, and is two moments."""
    found = parse_continuous(
        [page(feature("1", "2025-11-02T01:30:00-04:00"), feature("2", "2025-11-02T01:30:00-05:00"))],
        not_after=NOT_AFTER,
    )
    assert [moment.hour for _, moment, *_ in rows(found)] == [5, 6]
    assert found.duplicates == 0


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ("2026-08-07T12:00:00", "time_without_offset"),
        ("2026-08-07", "unreadable_time"),
        ("2026-13-07T12:00:00Z", "unreadable_time"),
        ("2026-08-07T25:00:00Z", "unreadable_time"),
        ("0001-01-01T00:00:00+14:00", "unreadable_time"),
        ("0001-01-01T00:00:00Z", "implausible_time"),
        ("1799-12-31T23:59:59Z", "implausible_time"),
        ("1850-08-07T12:00:00Z", "implausible_time"),
        ("1900-01-01T00:30:00+01:00", "implausible_time"),
        ("yesterday", "unreadable_time"),
        ("2026-08-07T12:00:00Z" + "0" * 100_000, "unreadable_time"),
        (None, "unreadable_time"),
        (1786104000, "unreadable_time"),
        ("2026-08-07T19:15:00.000001Z", "from_the_future"),
        ("2099-01-01T00:00:00Z", "from_the_future"),
    ],
)
def test_times_that_cannot_be(time: object, reason: str) -> None:
    found = continuous(feature(time=time), feature("2", time_series_id=OTHER_SERIES))
    assert values(found) == [2.0]
    assert found.rejected == {reason: 1} and found.rejects[0].reason == reason


def test_a_value_at_the_last_moment_is_no_future() -> None:
    assert values(continuous(feature(time="2026-08-07T19:15:00Z"))) == [1.59]


def test_nothing_at_no_time_is_missing() -> None:
    found = continuous(feature(None, None), feature(None, None), feature(None, "2099-01-01T00:00:00Z"))
    assert (found.missing, found.duplicates, found.rejected) == (3, 0, {})


def test_of_two_values_of_one_moment_the_newer_one_counts() -> None:
    older = feature("1", last_modified="2026-08-07T13:00:00+00:00", approval_status="Approved")
    newer = feature("2", "2026-08-07T07:00:00-05:00", last_modified="2026-08-07T08:00:01-05:00")
    unknown = feature("3", last_modified=None)
    for order in ([older, newer, unknown], [unknown, newer, older], [newer, older, unknown]):
        found = continuous(*order)
        assert rows(found) == [(SERIES, NOON, 2.0, None, False)]
        assert (found.duplicates, found.missing) == (2, 0)


def test_of_equally_new_ones_the_order_of_arrival_says_nothing() -> None:
    pair = [feature("1"), feature("2")]
    assert rows(continuous(*pair)) == rows(continuous(*reversed(pair)))
    approved = [feature("1", approval_status="Approved"), feature("2")]
    assert values(continuous(*approved)) == values(continuous(*reversed(approved))) == [1.0]


def test_a_value_that_was_withdrawn_later_is_missing() -> None:
    value = feature("1", last_modified="2026-08-07T13:00:00+00:00")
    withdrawn = feature(None, last_modified="2026-08-07T14:00:00+00:00")
    for order in ([value, withdrawn], [withdrawn, value]):
        found = continuous(*order, feature("5", "2026-08-07T13:00:00Z"))
        assert values(found) == [5.0]
        assert (found.missing, found.duplicates) == (1, 1)


def test_a_value_that_came_after_a_null_counts() -> None:
    null = feature(None, last_modified="2026-08-07T13:00:00+00:00")
    value = feature("1", last_modified="2026-08-07T14:00:00+00:00")
    for order in ([null, value], [value, null]):
        found = continuous(*order)
        assert values(found) == [1.0]
        assert (found.missing, found.duplicates) == (0, 1)


@pytest.mark.parametrize("last_modified", [None, "soon", 5, "0001-01-01T00:00:00+14:00"])
def test_an_age_that_cannot_be_read_is_the_oldest(last_modified: object) -> None:
    found = continuous(feature(last_modified=last_modified))
    assert found.measurements.modified == [datetime(1970, 1, 1, tzinfo=UTC)]


def test_an_age_with_another_offset_becomes_utc() -> None:
    features = [feature("1", f"2026-08-07T12:{minute}:00Z") for minute in (15, 30)]
    for each in features:
        each["properties"]["last_modified"] = "2026-08-07T08:00:01-05:00"
    ages = continuous(*features).measurements.modified
    assert ages == [datetime(2026, 8, 7, 13, 0, 1, tzinfo=UTC)] * 2
    assert all(age.tzinfo is UTC for age in ages)  # the first of a series takes another way than the second


def test_an_age_without_offset_is_in_utc() -> None:
    found = continuous(feature(last_modified="2026-08-07T18:55:07"))
    assert found.measurements.modified == [datetime(2026, 8, 7, 18, 55, 7, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        (None, None),
        ([], None),
        (["ESTIMATED"], "ESTIMATED"),
        (["ESTIMATED", "ICE"], "ESTIMATED,ICE"),
        ("ESTIMATED", "ESTIMATED"),
        (["", "e\x00\n"], "e"),
        (["e", None, 5], "e"),
        (["x" * 500], "x" * 200),
        ({"code": "e"}, None),
    ],
)
def test_qualifiers(qualifier: object, words: str | None) -> None:
    ((_, _, value, found, _),) = rows(continuous(feature(qualifier=qualifier)))
    assert (value, found) == (1.59, words)


@pytest.mark.parametrize(
    ("status", "approved"), [("Approved", True), ("Provisional", False), (None, False), (7, False)]
)
def test_approval(status: object, approved: bool) -> None:
    assert continuous(feature(approval_status=status)).measurements.approved == [approved]


@pytest.mark.parametrize(
    ("location", "station_id"),
    [
        ("USGS-01646500", "01646500"),
        ("USGS-410252073314801", "410252073314801"),
        ("MD007-390212076543201", "MD007-390212076543201"),
    ],
)
def test_station_ids(location: str, station_id: str) -> None:
    (series,) = continuous(feature(monitoring_location_id=location)).measurements.series
    assert series.station_id == station_id


@pytest.mark.parametrize(
    "spoilt",
    [
        {"monitoring_location_id": None},
        {"monitoring_location_id": "USGS-"},
        {"monitoring_location_id": "USGS-1,USGS-2"},
        {"monitoring_location_id": "USGS-\x00"},
        {"parameter_code": None},
        {"parameter_code": ""},
        {"time_series_id": ""},
        {"time_series_id": "a b"},
    ],
)
def test_a_value_of_nobody_is_rejected(spoilt: dict[str, object]) -> None:
    found = continuous(feature(**spoilt), feature("2", time_series_id=OTHER_SERIES))
    assert values(found) == [2.0]
    assert found.rejected == {"unknown_series": 1}


def test_a_series_is_known_by_its_first_readable_feature() -> None:
    found = continuous(
        feature("1", monitoring_location_id=None), feature("2", "2026-08-07T12:15:00Z"), feature("3")
    )
    assert values(found) == [2.0, 3.0] and found.rejected == {"unknown_series": 1}


def test_a_feature_that_is_none_costs_only_itself() -> None:
    odd: list[Feature] = [
        {},
        {"properties": None},
        {"properties": {"value": "1"}},
        {"properties": {"time_series_id": 5}},
    ]
    found = continuous(*odd, feature("2"))
    assert values(found) == [2.0]
    assert found.rejected == {"unreadable_feature": 4} and len(found.rejects) == 1


def test_examples_are_bounded() -> None:
    spoilt = [feature("x", time_series_id=f"{number:032x}") for number in range(1_200)]
    found = continuous(*spoilt)
    assert found.rejected == {"not_a_number": 1_200} and len(found.rejects) == 1_000


def test_a_day() -> None:
    found = daily(day())
    assert found.measurements.series[0].statistic == "00003"
    assert rows(found) == [(SERIES, date(2025, 12, 26), 20.2, None, False)]


@pytest.mark.parametrize("time", ["2025-12-26T00:00:00", "2025-12-26T00:00:00.000"])
def test_a_day_as_its_midnight(time: str) -> None:
    assert rows(daily(day(time=time)))[0][1] == date(2025, 12, 26)


@pytest.mark.parametrize(
    "time",
    ["2025-12-26T12:00:00", "2025-12-26T00:00:00+00:00", "20251226", "2025-W52-5", "2025-02-30", None, 7],
)
def test_a_moment_is_no_day(time: object) -> None:
    found = daily(day(time=time))
    assert len(found.measurements) == 0 and found.rejected == {"not_a_day": 1}


def test_a_day_in_the_future_where_the_caller_knows_today() -> None:
    found = parse_daily([page(day(), day(time="2026-01-02"))], not_after=date(2026, 1, 1))
    assert values(found) == [20.2] and found.rejected == {"from_the_future": 1}


def test_a_daily_value_of_no_statistic_is_rejected() -> None:
    found = daily(day(statistic_id=None))
    assert len(found.measurements) == 0 and found.rejected == {"unknown_series": 1}


def test_an_instantaneous_value_needs_no_statistic() -> None:
    assert continuous(feature(statistic_id=None)).measurements.series[0].statistic == "00011"


@pytest.mark.parametrize("content", [b"", b"  \n", b"<html><body>Scheduled outage</body></html>"])
def test_no_json_at_all(content: bytes) -> None:
    with pytest.raises(SourceUnavailable, match="page 2 of 2"):
        parse_continuous([page(feature()), content], not_after=NOT_AFTER)


def test_json_that_is_cut_off() -> None:
    whole = page(feature(), feature("2", "2026-08-07T12:15:00Z"))
    for length in range(1, len(whole)):
        with pytest.raises(SourceUnavailable, match=r"USGS continuous, page 1 of 1 is cut off or no JSON"):
            parse_continuous([whole[:length]], not_after=NOT_AFTER)


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"features": null}', b'{"code": "x"}', b"5"])
def test_other_json(content: bytes) -> None:
    with pytest.raises(DocumentInvalid, match=re.escape("page 1 of 1 is JSON, but not what it should be")):
        parse_continuous([content], not_after=NOT_AFTER)


def test_text_that_is_no_utf8_costs_only_its_feature() -> None:
    spoilt = page(feature("1"), feature("2", time_series_id=OTHER_SERIES)).replace(
        b"06904500", b"0690\xff500", 1
    )
    found = parse_continuous([spoilt], not_after=NOT_AFTER)
    assert values(found) == [2.0] and found.rejected == {"unreadable_feature": 1}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b'{"links": [{"rel": "\xff"}], "features": []}', b"[" * 100_000]
)
def test_bytes_that_are_no_text(content: bytes) -> None:
    with pytest.raises((SourceUnavailable, DocumentInvalid)):
        parse_continuous([content], not_after=NOT_AFTER)


def test_the_garbage_collector_comes_back() -> None:
    assert gc.isenabled()
    continuous(feature())
    assert gc.isenabled()
    with pytest.raises(SourceUnavailable):
        parse_continuous([b"{"], not_after=NOT_AFTER)
    assert gc.isenabled()

"""The legacy service's documents: IV and DV, with everything that is odd about them."""

import json
from datetime import UTC, date, datetime

import pytest

from gaugehouse.domain.errors import DocumentInvalid, NoDataAvailable, SourceUnavailable
from gaugehouse.domain.measurements import MeasuredSeries, Response
from gaugehouse.sources.usgs.nwis import parse_dv_response, parse_iv_response
from tests.unit.sources.usgs.features import NOON, NOT_AFTER, rows, values
from tests.unit.sources.usgs.legacy import Cell, cell, document, method, one, time_series


def iv(content: bytes) -> Response[datetime]:
    return parse_iv_response(content, not_after=NOT_AFTER)


def dv_cell(value: object = "466", time: object = "2020-02-14T00:00:00.000", *qualifiers: object) -> Cell:
    return cell(value, time, *qualifiers)


def test_an_instantaneous_value() -> None:
    found = iv(one(cell("6.48", "2026-08-07T07:00:00.000-05:00", "A")))
    assert found.measurements.series == (
        MeasuredSeries(station_id="01491000", parameter_code="00065", statistic="00011", unit="ft"),
    )
    assert rows(found) == [("01491000", NOON, 6.48, "A", True)]
    assert found.measurements.modified == [datetime(2026, 8, 7, 12, 50, 27, 219000, tzinfo=UTC)]
    assert found.station_names == {"01491000": "CHOPTANK RIVER NEAR GREENSBORO, MD"}


def test_when_the_document_does_not_say_when_it_was_made() -> None:
    content = document(time_series(method(cell())), made_at=None)
    came = datetime(2026, 8, 7, 13, tzinfo=UTC)
    assert parse_iv_response(content, not_after=NOT_AFTER, modified=came).measurements.modified == [came]
    assert iv(content).measurements.modified == [datetime(1970, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize("code", ["01491000", "410252073314801"])
def test_site_codes(code: str) -> None:
    assert iv(one(cell(), site=code)).measurements.series[0].station_id == code


def test_another_agency_keeps_its_prefix() -> None:
    found = iv(one(cell(), site="390212076543201", agency="MD007"))
    assert found.measurements.series[0].station_id == "MD007-390212076543201"


def test_what_was_escaped_for_a_page_is_read() -> None:
    found = iv(one(cell(), unit="ft&#179;/s", name="RIO GRANDE &amp; CA&Ntilde;ON\x00"))
    assert found.measurements.series[0].unit == "ft³/s"
    assert found.station_names == {"01491000": "RIO GRANDE & CAÑON"}


@pytest.mark.parametrize("nothing", ["-999999", "-999999.0", "-999999.00", None, "", "Ice", "***"])
@pytest.mark.parametrize("words", [("P",), ("P", "Ice"), ("P", "Eqp"), ("P", "Dis")])
def test_what_stands_where_there_is_no_value_is_missing(nothing: object, words: tuple[str, ...]) -> None:
    found = iv(one(cell(nothing, "2026-08-07T07:15:00.000-05:00", *words), cell("1")))
    assert values(found) == [1.0]
    assert (found.missing, found.rejected) == (1, {})


def test_each_variable_has_its_own_sentinel() -> None:
    content = document(
        time_series(method(cell("-123456"), cell("2", "2026-08-07T07:15:00-05:00")), no_data=-123456.0),
        time_series(method(cell("-123456")), parameter="00060"),
        time_series(method(cell("0"), cell("-999999", "2026-08-07T07:15:00-05:00")), site="2", no_data=None),
    )
    found = iv(content)
    assert values(found) == [2.0, -123456.0, 0.0]
    assert found.missing == 2


def test_a_real_number_with_ice_is_kept_with_its_words() -> None:
    found = iv(
        one(
            cell("2.5", "2026-08-07T07:00:00-05:00", "P", "Ice"),
            cell("-64.58", "2026-08-07T06:00:00-05:00", "P", "e"),
        )
    )
    assert [(value, words, approved) for _, _, value, words, approved in rows(found)] == [
        (2.5, "P,Ice", False),
        (-64.58, "P,e", False),
    ]


def test_an_offset_that_changes_inside_a_series() -> None:
    found = iv(one(cell("1", "2025-11-02T01:30:00.000-04:00"), cell("2", "2025-11-02T01:30:00.000-05:00")))
    assert [moment for _, moment, *_ in rows(found)] == [
        datetime(2025, 11, 2, 5, 30, tzinfo=UTC),
        datetime(2025, 11, 2, 6, 30, tzinfo=UTC),
    ]


def test_several_methods_are_several_series() -> None:
    content = document(
        time_series(
            method(cell("1"), number=1, description="Left bank &amp; pier"),
            method(cell("2"), number=2, description=""),
            method(number=3, description="radar"),
            method(cell("4"), number=4, description="float"),
            method(cell("5"), number=5, description="float"),
            {"value": [cell("6")]},
        )
    )
    found = iv(content)
    assert [
        (series.method, value) for series, value in zip(found.measurements.series, values(found), strict=True)
    ] == [
        ("Left bank & pier", 1.0),
        ("2", 2.0),
        ("4", 4.0),
        ("5", 5.0),
        ("method 6", 6.0),
    ]
    assert found.duplicates == 0


def test_the_name_of_a_method_does_not_depend_on_who_has_values_today() -> None:
    two = time_series(method(cell("1"), description="radar"), method(number=2, description="float"))
    assert iv(document(two)).measurements.series[0].method == "radar"


def test_methods_without_a_name_of_their_own() -> None:
    content = document(time_series(*(method(cell(str(n)), number=7, description="x") for n in range(3))))
    assert [series.method for series in iv(content).measurements.series] == ["7", "7 (2)", "7 (3)"]


def test_of_several_methods_the_one_that_needs_no_words_is_the_primary() -> None:
    content = document(
        time_series(method(cell("1"), number=1, description="Auxiliary"), method(cell("2"), number=2))
    )
    found = iv(content).measurements
    assert dict(zip([series.method for series in found.series], found.values, strict=True)) == {
        "Auxiliary": 1.0,
        "": 2.0,
    }


KEY = ("01491000", "00065", "00011")


@pytest.mark.parametrize(
    ("descriptions", "others", "names"),
    [
        # What is known not to be the primary one is it not, however alone it stands.
        (["Auxiliary"], {"Auxiliary": "Auxiliary"}, ["Auxiliary"]),
        (["Upstream", "Downstream"], {"Downstream": "Downstream"}, ["", "Downstream"]),
        (["Upstream", "Pier", "Radar"], {"Pier": "Pier"}, ["Upstream", "Pier", "Radar"]),
        # A sensor without description looks like the primary one: rather none than the wrong one.
        ([""], {"": "0a1b2c"}, ["0a1b2c"]),
        (["Upstream", ""], {"": "0a1b2c"}, ["", "0a1b2c"]),
        (["", ""], {"": "0a1b2c"}, ["0a1b2c", "0a1b2c (2)"]),
        (["", ""], {}, ["1", "2"]),
        # Those of other series say nothing.
        (["Auxiliary"], {}, [""]),
    ],
)  # fmt: skip
def test_the_primary_sensor_is_told_by_what_is_known_of_the_others(
    descriptions: list[str], others: dict[str, str], names: list[str]
) -> None:
    content = document(
        time_series(
            *(
                method(cell(str(number)), number=number, description=description)
                for number, description in enumerate(descriptions, 1)
            )
        )
    )
    known = {KEY: others, ("01491000", "00060", "00011"): {"": "x", "Auxiliary": "y", "Upstream": "z"}}
    found = parse_iv_response(content, not_after=NOT_AFTER, others=known).measurements
    assert [series.method for series in found.series] == names
    assert found.values == [float(number) for number in range(1, len(names) + 1)]


def test_the_primary_sensor_of_daily_values_is_told_for_each_statistic() -> None:
    content = document(
        *(
            time_series(method(dv_cell(), description="Auxiliary"), statistic=statistic)
            for statistic in ("00001", "00003")
        )
    )
    others = {("01491000", "00065", "00003"): {"Auxiliary": "Auxiliary"}}
    found = parse_dv_response(content, others=others).measurements
    assert [(series.statistic, series.method) for series in found.series] == [
        ("00001", ""),
        ("00003", "Auxiliary"),
    ]


def test_before_recorders_there_are_daily_values_only() -> None:
    found = iv(one(cell("1", "1850-08-07T07:00:00Z"), cell("2", "1900-01-01T00:00:00Z")))
    assert values(found) == [2.0] and found.rejected == {"implausible_time": 1}
    assert values(parse_dv_response(one(dv_cell("3", "1850-02-14"), statistic="00003"))) == [3.0]


def test_duplicates() -> None:
    days = dv_cell("1"), dv_cell("2", "2020-02-14T00:00:00.000", "A"), dv_cell("3")
    for order in (days, days[::-1]):
        found = parse_dv_response(one(*order, statistic="00003"))
        assert values(found) == [2.0]  # the approved one; nothing else says which is newer
        assert found.duplicates == 2


def test_a_series_that_comes_twice_is_one() -> None:
    found = iv(document(*[time_series(method(cell()), unit=unit) for unit in ("ft", "feet")]))
    assert len(found.measurements.series) == 1 and found.duplicates == 1


@pytest.mark.parametrize(
    "bad", [cell("about 2"), cell("NaN"), cell("1", "yesterday"), cell("1", None), 5, "x", None, []]
)
def test_one_bad_value_costs_only_itself(bad: object) -> None:
    found = iv(one(cell("1"), bad, cell("2", "2026-08-07T07:15:00-05:00")))
    assert values(found) == [1.0, 2.0]
    assert sum(found.rejected.values()) == 1
    (reject,) = found.rejects
    assert reject.source == "usgs_nwis"
    assert reject.detail.startswith("iv, station 01491000 parameter 00065 statistic 00000: ")


def test_a_number_without_quotes_and_words_that_are_none() -> None:
    odd = {"value": 7.5, "qualifiers": ["P", None], "dateTime": "2026-08-07T07:00:00-05:00"}
    bare = {"value": "8", "dateTime": "2026-08-07T07:15:00-05:00"}
    found = iv(one(odd, bare))
    assert {(value, words) for _, _, value, words, _ in rows(found)} == {(7.5, "P"), (8.0, None)}


def test_the_future_is_rejected() -> None:
    found = iv(one(cell("1"), cell("2", "2026-08-07T19:15:01Z")))
    assert values(found) == [1.0] and found.rejected == {"from_the_future": 1}


@pytest.mark.parametrize(
    "spoilt",
    [
        {},
        5,
        time_series(method(cell("3")), site=""),
        time_series(method(cell("3")), site="1,2"),
        time_series(method(cell("3")), parameter=""),
        {**time_series(), "sourceInfo": {"siteCode": []}},
        {**time_series(), "values": [{"value": {"a": 1}, "method": []}]},
    ],
)
def test_a_series_that_cannot_be_read_costs_only_itself(spoilt: object) -> None:
    found = iv(document(spoilt, time_series(method(cell("1")), site="2")))
    assert values(found) == [1.0]
    assert sum(found.rejected.values()) == 1 and len(found.rejects) == 1


def test_an_empty_series_is_no_fault() -> None:
    found = iv(document(time_series(method()), time_series(), time_series(method(cell("1")), site="2")))
    assert values(found) == [1.0]
    assert (found.missing, found.rejected) == (0, {})
    assert set(found.station_names) == {"01491000", "2"}


def test_not_one_valid_measurement() -> None:
    content = one(cell("-999999"), cell("x", "2026-08-07T07:15:00-05:00"), cell("1", "2099-01-01T00:00:00Z"))
    with pytest.raises(NoDataAvailable, match="1 series, 1 values missing, 2 rejected") as raised:
        iv(content)
    assert not raised.value.retryable
    response = raised.value.response
    assert response is not None
    assert response.missing == 1 and response.rejected == {"not_a_number": 1, "from_the_future": 1}
    assert {reject.reason for reject in response.rejects} == set(response.rejected)


@pytest.mark.parametrize("content", [document(), document(made_at=None), b'{"value": {"timeSeries": []}}'])
def test_no_series_at_all(content: bytes) -> None:
    with pytest.raises(NoDataAvailable, match="iv document has no valid measurement: 0 series"):
        iv(content)
    with pytest.raises(NoDataAvailable, match="dv document"):
        parse_dv_response(content)


def test_daily_values_have_a_series_for_each_statistic() -> None:
    content = document(
        time_series(method(dv_cell("10", "2020-02-14T00:00:00.000", "A")), statistic="00001", unit="deg C"),
        time_series(method(dv_cell("2")), statistic="00002", unit="deg C"),
        time_series(method(), statistic="00003", unit="deg C"),
    )
    found = parse_dv_response(content)
    assert [series.statistic for series in found.measurements.series] == ["00001", "00002"]
    assert [(moment, value, approved) for _, moment, value, _, approved in rows(found)] == [
        (date(2020, 2, 14), 10.0, True),
        (date(2020, 2, 14), 2.0, False),
    ]
    assert all(type(moment) is date for moment in found.measurements.moments)


@pytest.mark.parametrize("statistic", ["00000", "00011", None, ""])
def test_a_daily_value_of_no_statistic_is_rejected(statistic: str | None) -> None:
    with pytest.raises(NoDataAvailable) as raised:
        parse_dv_response(one(dv_cell(), dv_cell("1", "2020-02-15T00:00:00.000"), statistic=statistic))
    assert raised.value.response is not None and raised.value.response.rejected == {"no_statistic": 2}


def test_daily_means_never_become_instantaneous_values() -> None:
    with pytest.raises(NoDataAvailable) as raised:
        iv(one(dv_cell(), statistic="00003"))
    assert raised.value.response is not None and raised.value.response.rejected == {"not_instantaneous": 1}
    with pytest.raises(NoDataAvailable) as raised:
        iv(one(dv_cell()))  # even where it does not say that it is one
    assert raised.value.response is not None and raised.value.response.rejected == {"time_without_offset": 1}


def test_instantaneous_values_never_become_daily_ones() -> None:
    with pytest.raises(NoDataAvailable) as raised:
        parse_dv_response(one(cell(), cell("1", "2026-08-07T00:00:00.000-05:00"), statistic="00003"))
    assert raised.value.response is not None and raised.value.response.rejected == {"not_a_day": 2}


def test_values_that_are_no_array_under_a_wrong_statistic() -> None:
    spoilt = {**time_series(statistic="00003"), "values": [{"value": 5, "method": []}]}
    assert iv(document(spoilt, time_series(method(cell("1"))))).rejected == {"not_instantaneous": 1}


@pytest.mark.parametrize("content", [b"", b" ", b"<!DOCTYPE html><html>Service Unavailable</html>"])
def test_no_json_at_all(content: bytes) -> None:
    with pytest.raises(SourceUnavailable, match="USGS legacy iv document"):
        iv(content)


def test_json_that_is_cut_off() -> None:
    whole = one(cell(), cell("2", "2026-08-07T07:15:00-05:00"))
    for length in range(1, len(whole)):
        with pytest.raises(SourceUnavailable, match="USGS legacy iv document is cut off or no JSON"):
            iv(whole[:length])


@pytest.mark.parametrize("other", [[], {}, {"value": None}, {"value": {}}, {"value": {"timeSeries": 5}}, 7])
def test_other_json(other: object) -> None:
    with pytest.raises(DocumentInvalid, match="is JSON, but not what it should be"):
        iv(json.dumps(other).encode())

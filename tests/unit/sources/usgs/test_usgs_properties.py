"""Whatever comes: no invalid value comes out, columns fit together, and order says nothing."""

import json
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gaugehouse.domain.errors import GaugehouseError, NoDataAvailable
from gaugehouse.domain.measurements import Response
from gaugehouse.sources.usgs.nwis import parse_dv_response, parse_iv_response
from gaugehouse.sources.usgs.waterdata import parse_continuous, parse_daily, parse_locations, parse_series
from tests.unit.sources.usgs.features import NOON, NOT_AFTER, Feature, feature, page
from tests.unit.sources.usgs.legacy import cell, document, method, one, time_series
from tests.unit.sources.usgs.test_waterdata_lists import described, location

FINITE = st.floats(allow_nan=False, allow_infinity=False)  # JSON knows no other numbers
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
VALUES = st.one_of(
    st.floats(-999_000, 1e9).map(repr),
    st.decimals(-1_000, 100_000, places=2).map(str),
    st.floats().map(repr),
    st.sampled_from(["-999999", "-999999.00", "Ice", "Eqp", "", "nan", "inf", "1e999", "1_0", None, 5, True]),
    JSON,
)
TIMES = st.one_of(
    st.builds(
        lambda quarters, offset: (NOON + timedelta(minutes=15 * quarters)).astimezone(offset).isoformat(),
        st.integers(-4, 2),
        st.timezones().map(lambda zone: zone),
    ),
    st.datetimes().map(datetime.isoformat),
    st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    st.dates().map(lambda day: day.isoformat()),
    JSON,
)
QUALIFIERS = st.none() | st.lists(st.sampled_from(["ICE", "ESTIMATED", "e", "Dis"]), max_size=2) | JSON
MODIFIED = st.integers(0, 3).map(lambda hour: f"2026-08-07T1{hour}:00:00+00:00") | JSON


def some(strategy: st.SearchStrategy[Any], usual: Any) -> st.SearchStrategy[Any]:
    return st.just(usual) | st.just(usual) | strategy


FEATURES = st.builds(
    feature,
    value=VALUES,
    time=TIMES,
    time_series_id=st.sampled_from(["a1", "b2", "c3"]) | JSON,
    monitoring_location_id=some(JSON, "USGS-06904500"),
    parameter_code=some(JSON, "00065"),
    statistic_id=some(JSON, "00003"),
    unit_of_measure=some(JSON, "ft"),
    approval_status=some(JSON, "Approved"),
    qualifier=QUALIFIERS,
    last_modified=MODIFIED,
)


def written(found: Response[Any]) -> set[tuple[Any, ...]]:
    """Check what holds for every response, and return its measurements as a set."""
    measured = found.measurements
    columns = (measured.series_index, measured.moments, measured.values, measured.qualifiers)
    lengths = {len(column) for column in (*columns, measured.approved, measured.modified)}
    assert lengths == {len(measured)}
    assert len(set(zip(measured.series_index, measured.moments, strict=True))) == len(measured)
    assert set(measured.series_index) == set(range(len(measured.series)))
    assert len(set(measured.series)) == len(measured.series)
    assert all(isfinite(value) and value >= -999_000 for value in measured.values)
    assert all(moment.tzinfo is UTC for moment in measured.modified)
    texts = [text for series in measured.series for text in series if text is not None]
    for text in (*texts, *filter(None, measured.qualifiers), *(reject.raw for reject in found.rejects)):
        assert "\x00" not in text and text.encode().decode() == text
    assert sum(found.rejected.values()) >= len(found.rejects)
    assert set(found.rejected) == {reject.reason for reject in found.rejects}
    assert found.missing >= 0 and found.duplicates >= 0
    rows = zip(*columns, measured.approved, measured.modified, strict=True)
    return {(measured.series[index], *rest) for index, *rest in rows}


@settings(deadline=None, max_examples=200)
@given(features=st.lists(FEATURES, max_size=12), data=st.data())
def test_instantaneous_features_of_any_kind_in_any_order(
    features: list[Feature], data: st.DataObject
) -> None:
    found = parse_continuous([page(*features)], not_after=NOT_AFTER)
    measured = written(found)
    assert all(moment.tzinfo is UTC and moment <= NOT_AFTER for moment in found.measurements.moments)
    total = len(measured) + found.missing + found.duplicates + sum(found.rejected.values())
    assert total == len(features)
    # The order of arrival, and where one page ends, say nothing. (Two features can disagree on what a series
    # is; then the first one says, so that only features of agreeing ones are shuffled.)
    plain = [each for each in features if _is_plain(each)]
    shuffled = data.draw(st.permutations(plain))
    cut = data.draw(st.integers(0, len(shuffled)))
    one_way = parse_continuous([page(*plain)], not_after=NOT_AFTER)
    another = parse_continuous([page(*shuffled[:cut]), page(*shuffled[cut:])], not_after=NOT_AFTER)
    assert written(one_way) == written(another)
    assert (one_way.missing, one_way.duplicates) == (another.missing, another.duplicates)
    assert one_way.rejected == another.rejected


def _is_plain(each: Feature) -> bool:
    properties = each["properties"]
    usual = {
        "monitoring_location_id": "USGS-06904500",
        "parameter_code": "00065",
        "statistic_id": "00003",
        "unit_of_measure": "ft",
    }
    return all(properties[name] == value for name, value in usual.items())


@settings(deadline=None)
@given(features=st.lists(FEATURES, max_size=12))
def test_daily_features_of_any_kind(features: list[Feature]) -> None:
    found = parse_daily([page(*features)])
    assert all(not isinstance(moment, datetime) for moment in found.measurements.moments)
    total = len(written(found)) + found.missing + found.duplicates + sum(found.rejected.values())
    assert total == len(features)


@settings(deadline=None)
@given(value=st.floats(-90_000, 1e15), digits=st.integers(0, 17))
@example(value=0.1 + 0.2, digits=17)
def test_numbers_come_out_as_they_are_written(value: float, digits: int) -> None:
    for text in (repr(value), f"{value:.{digits}f}", f"{value:.{digits}e}"):
        assert parse_continuous([page(feature(text))], not_after=NOT_AFTER).measurements.values == [
            float(text)
        ]
        assert parse_iv_response(one(cell(text)), not_after=NOT_AFTER).measurements.values == [float(text)]


CELLS = st.builds(
    lambda value, qualifiers, time: {"value": value, "qualifiers": qualifiers, "dateTime": time},
    VALUES,
    QUALIFIERS,
    TIMES,
)


@settings(deadline=None, max_examples=200)
@given(
    arrays=st.lists(st.lists(CELLS | JSON, max_size=8), min_size=1, max_size=3),
    no_data=st.none() | st.floats(-1e6, 10),
    data=st.data(),
)
def test_legacy_values_of_any_kind_in_any_order(
    arrays: list[list[Any]], no_data: float | None, data: st.DataObject
) -> None:
    def read(parts: list[list[Any]], statistic: str) -> Response[Any]:
        methods = [method(*cells, number=number) for number, cells in enumerate(parts)]
        content = document(time_series(*methods, statistic=statistic, no_data=no_data))
        try:
            if statistic == "00003":
                return parse_dv_response(content)
            return parse_iv_response(content, not_after=NOT_AFTER)
        except NoDataAvailable as error:
            empty = error.response
        assert empty is not None and len(empty.measurements) == 0
        return empty

    shuffled = [data.draw(st.permutations(cells)) for cells in arrays]
    for statistic in ("00000", "00003"):
        found, again = read(arrays, statistic), read(shuffled, statistic)
        measured = written(found)
        assert no_data not in found.measurements.values
        total = len(measured) + found.missing + found.duplicates + sum(found.rejected.values())
        assert total == sum(map(len, arrays))
        assert measured == written(again)
        assert (found.missing, found.duplicates, found.rejected) == (
            again.missing,
            again.duplicates,
            again.rejected,
        )


DOCUMENTS = (page(feature(), feature("2")), one(cell()), page(location()), page(described()))
FLIPS = st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 255)), min_size=1, max_size=8)


@settings(deadline=None, max_examples=400)
@given(content=st.sampled_from(DOCUMENTS), flips=FLIPS, length=st.integers(0, 10**4))
def test_flipped_bytes_and_truncations(content: bytes, flips: list[tuple[int, int]], length: int) -> None:
    spoilt = bytearray(content)
    for place, byte in flips:
        spoilt[place % len(spoilt)] = byte
    survives(bytes(spoilt))
    survives(content[:length])


@settings(deadline=None)
@given(inner=JSON, name=st.sampled_from(["features", "value", "links"]))
def test_json_of_any_kind(inner: Any, name: str) -> None:
    for content in (
        inner,
        {name: inner},
        {"features": [inner], "links": []},
        {"value": {"timeSeries": [inner]}},
    ):
        survives(json.dumps(content).encode())
    for spoilt in (location(), described(), feature()):
        for key in spoilt["properties"]:
            changed = {**spoilt, "properties": {**spoilt["properties"], key: inner}}
            survives(page(changed))


def survives(content: bytes) -> None:
    """Assert that every parser reads it, or raises an error of ours."""
    for parse in (
        lambda: written(parse_continuous([content], not_after=NOT_AFTER)),
        lambda: written(parse_daily([content])),
        lambda: written(parse_iv_response(content, not_after=NOT_AFTER)),
        lambda: written(parse_dv_response(content)),
        lambda: parse_locations([content]),
        lambda: parse_series([content]),
    ):
        message = "USGS"
        try:
            parse()
        except GaugehouseError as error:
            message = str(error)
        assert "USGS" in message

"""`time-series-metadata`: which series a station has, which of them is the primary one, and since when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple

import msgspec

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.series import INSTANTANEOUS, Series
from gaugehouse.sources.usgs.json_reading import UNREADABLE, garbage_collector_off
from gaugehouse.sources.usgs.readings import NotAReading, read_instant
from gaugehouse.sources.usgs.rejects import Rejects
from gaugehouse.sources.usgs.station_ids import is_series_id, station_id_of
from gaugehouse.sources.usgs.texts import LONGEST_UNIT, clean
from gaugehouse.sources.usgs.waterdata.pages import SOURCE, read_page

_INSTANTANEOUS_PERIOD = "Points"
_DAILY_PERIOD = "Daily"
_PRIMARY = "Primary"
_LONGEST_METHOD = 100
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class FoundSeries(NamedTuple):
    """The instantaneous and daily series of an answer, what was dropped, and how many of which other period.

    Station, parameter, statistic and method are unique among `series`.
    """

    series: list[Series]
    rejects: tuple[RejectedRecord, ...]
    left_out: Mapping[str, int]


class _Properties(msgspec.Struct):
    monitoring_location_id: str
    parameter_code: str
    computation_period_identifier: str | None = None
    statistic_id: str | None = None
    unit_of_measure: str | None = None
    begin_utc: str | None = None
    end_utc: str | None = None
    primary: str | None = None
    sublocation_identifier: str | None = None
    web_description: str | None = None


class _Feature(msgspec.Struct):
    id: str
    properties: _Properties


class _Described(NamedTuple):
    """A series whose method is only what the agency says of it, and may be another's too."""

    series: Series
    upstream_series_id: str
    description: str


_decode = msgspec.json.Decoder(_Feature).decode


def parse_series(pages: Sequence[bytes]) -> FoundSeries:
    """Read the descriptions of series from all pages of one answer.

    The method is empty for the primary series, and for others what the agency calls their place, or else
    their id. Raises as `parse_continuous`.
    """
    described: dict[str, _Described] = {}
    rejects = Rejects(SOURCE, "time-series-metadata")
    left_out: Counter[str] = Counter()
    with garbage_collector_off():
        for number, content in enumerate(pages, 1):
            name = f"USGS time-series-metadata, page {number} of {len(pages)}"
            for raw in map(bytes, read_page(content, name).features):
                try:
                    feature = _decode(raw)
                except UNREADABLE:
                    rejects.add("unreadable_feature", "a feature", "a field of it is missing or odd", raw)
                    continue
                period = clean(feature.properties.computation_period_identifier, 40) or "none"
                if period not in (_INSTANTANEOUS_PERIOD, _DAILY_PERIOD):
                    left_out[period] += 1
                elif found := _read(feature, raw, rejects):
                    described.setdefault(found.upstream_series_id, found)
    return FoundSeries(_with_methods(described.values()), rejects.records, dict(left_out))


def _read(feature: _Feature, raw: bytes, rejects: Rejects) -> _Described | None:
    found = feature.properties
    whose = f"series {clean(feature.id, 40)}"
    station_id = station_id_of(found.monitoring_location_id)
    parameter_code = clean(found.parameter_code, 10)
    statistic = (
        INSTANTANEOUS
        if found.computation_period_identifier == _INSTANTANEOUS_PERIOD
        else clean(found.statistic_id, 10)
    )
    if not is_series_id(feature.id) or station_id is None or not parameter_code or not statistic:
        problem = "its id, location, parameter or (of a daily series) statistic is none"
        rejects.add("unreadable_series", whose, problem, raw)
        return None
    series = Series(
        station_id=station_id,
        parameter_code=parameter_code,
        statistic=statistic,
        unit=clean(found.unit_of_measure, LONGEST_UNIT),
        upstream_series_id=feature.id,
        is_primary=found.primary == _PRIMARY,
        begins=_instant(found.begin_utc, "begin_utc", whose, raw, rejects),
        ends=_instant(found.end_utc, "end_utc", whose, raw, rejects),
    )
    place = clean(found.sublocation_identifier, _LONGEST_METHOD) or clean(
        found.web_description, _LONGEST_METHOD
    )
    return _Described(series, feature.id, place)


def _instant(text: str | None, field: str, whose: str, raw: bytes, rejects: Rejects) -> datetime | None:
    if text is None:
        return None
    try:
        return read_instant(text)
    except NotAReading as error:
        rejects.add(error.reason, whose, f"{field}: {error.problem}; the series is kept without it", raw)
        return None


def _with_methods(described: Iterable[_Described]) -> list[Series]:
    """Give every series a method that no other one of its station, parameter and statistic has.

    The older one keeps the plain name, so that a series keeps its method when another one joins it.
    """
    taken: set[tuple[str, str, str, str]] = set()
    named: list[Series] = []
    for each in sorted(
        described, key=lambda each: (each.series.begins or _LONG_AGO, each.upstream_series_id)
    ):
        series = each.series
        keys = (
            (series.station_id, series.parameter_code, series.statistic, method)
            for method in _methods_of(each)
        )
        free = next(key for key in keys if key not in taken)
        taken.add(free)
        named.append(replace(series, method=free[3]))
    return named


def _methods_of(each: _Described) -> Iterator[str]:
    if each.series.is_primary:
        yield ""
    if each.description:
        yield each.description
    yield each.upstream_series_id
    for number in count(2):
        yield f"{each.upstream_series_id} ({number})"

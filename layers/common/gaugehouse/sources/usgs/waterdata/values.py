"""Values of the modern API: `continuous` (instantaneous) and `daily` (statistics of a local day).

Each value is a feature that repeats its series, unit and approval, and is decoded by itself: one that
cannot be read costs only itself. The usual feature takes the short way through `_read_features`; whatever
is odd about another is found by `_Careful`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Generic

import msgspec

from gaugehouse.domain.measurements import MeasuredSeries, Moment, Response
from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.sources.usgs.gathering import Gathering
from gaugehouse.sources.usgs.json_reading import UNREADABLE, garbage_collector_off
from gaugehouse.sources.usgs.readings import (
    HIGHEST_VALUE,
    LOWEST_VALUE,
    MomentNumbers,
    NotAReading,
    read_day,
    read_modified,
    read_reading_time,
    read_value,
)
from gaugehouse.sources.usgs.rejects import Rejects
from gaugehouse.sources.usgs.station_ids import is_series_id, station_id_of
from gaugehouse.sources.usgs.texts import LONGEST_UNIT, clean, words_of
from gaugehouse.sources.usgs.waterdata.pages import SOURCE, read_page

_APPROVED = "Approved"


def parse_continuous(pages: Sequence[bytes], *, not_after: datetime) -> Response[datetime]:
    """Read instantaneous values from all pages of one answer.

    A value later than `not_after` (aware; the poll's time and 15 minutes) or before 1900 is rejected. Raises:
    SourceUnavailable (a page is empty, a web page or cut off), DocumentInvalid (no page of features).
    """
    moments = MomentNumbers(read_reading_time, not_after=not_after)
    return _parse(pages, Gathering(Rejects(SOURCE, "continuous"), moments), statistic=INSTANTANEOUS)


def parse_daily(pages: Sequence[bytes], *, not_after: date | None = None) -> Response[date]:
    """Read daily values from all pages of one answer. Raises as `parse_continuous`.

    A value of a local day after `not_after` is rejected.
    """
    moments = MomentNumbers(read_day, not_after=not_after)
    return _parse(pages, Gathering(Rejects(SOURCE, "daily"), moments), statistic=None)


class _Usual(msgspec.Struct, gc=False):
    """The properties of a usual value. Its series is described only where it is seen for the first time."""

    time_series_id: str
    time: str
    last_modified: Annotated[datetime, msgspec.Meta(tz=True)]
    value: float | None = None
    approval_status: str | None = None
    qualifier: tuple[str, ...] | None = None


class _UsualFeature(msgspec.Struct, gc=False):
    properties: _Usual


class _Any(msgspec.Struct):
    """The properties of a value of which anything may be odd."""

    time_series_id: str
    time: object = None
    last_modified: object = None
    value: object = None
    approval_status: object = None
    qualifier: object = None
    monitoring_location_id: object = None
    parameter_code: object = None
    statistic_id: object = None
    unit_of_measure: object = None


class _AnyFeature(msgspec.Struct):
    properties: _Any


# Not strict: a number within quotes is the usual thing here.
_decode_usual = msgspec.json.Decoder(_UsualFeature, strict=False).decode
_decode_any = msgspec.json.Decoder(_AnyFeature).decode


def _parse(
    pages: Sequence[bytes], gathering: Gathering[Moment], *, statistic: str | None
) -> Response[Moment]:
    with garbage_collector_off():
        careful = _Careful(gathering, statistic)
        for number, page in enumerate(pages, 1):
            name = f"USGS {gathering.rejects.document}, page {number} of {len(pages)}"
            _read_features(read_page(page, name).features, gathering, careful)
        return gathering.response()


def _read_features(
    features: Sequence[msgspec.Raw], gathering: Gathering[Moment], careful: "_Careful[Moment]"
) -> None:
    # A hundred thousand turns: what the loop needs is looked up once.
    series_keys, moments, joined = careful.series_keys, gathering.moments, gathering.joined
    keys, values, qualifiers = gathering.keys, gathering.values, gathering.qualifiers
    approved, modified = gathering.approved, gathering.modified
    for feature in features:
        try:
            usual = _decode_usual(feature).properties
            key = series_keys[usual.time_series_id] + moments[usual.time]
        except (*UNREADABLE, KeyError, NotAReading):
            careful.read(feature)
            continue
        value = usual.value
        if value is None or not LOWEST_VALUE <= value < HIGHEST_VALUE:
            careful.read(feature)
            continue
        words = usual.qualifier
        keys.append(key)
        values.append(value)
        qualifiers.append(joined[words] if words else None)
        approved.append(usual.approval_status == _APPROVED)
        modified.append(usual.last_modified)


class _Careful(Generic[Moment]):
    """Reads a feature step by step, and says of each step why it failed."""

    def __init__(self, gathering: Gathering[Moment], statistic: str | None) -> None:
        self.series_keys: dict[str, int] = {}
        self._gathering: Gathering[Moment] = gathering
        self._statistic = statistic

    def read(self, feature: msgspec.Raw) -> None:
        raw = bytes(feature)
        whose = "a feature"
        try:
            found = _decode(raw)
            whose = f"series {clean(found.time_series_id, 40)}"
            self._take(found, self._series_key(found))
        except NotAReading as error:
            self._gathering.rejects.add(error.reason, whose, error.problem, raw)

    def _take(self, found: _Any, series_key: int) -> None:
        gathering = self._gathering
        words = words_of(found.qualifier)
        modified = read_modified(found.last_modified)
        value = read_value(found.value, words)
        if value is None:
            gathering.miss(series_key, found.time, modified)
            return
        gathering.keys.append(series_key + gathering.moments[str(found.time)])
        gathering.values.append(value)
        gathering.qualifiers.append(gathering.joined[words])
        gathering.approved.append(found.approval_status == _APPROVED)
        gathering.modified.append(modified)

    def _series_key(self, found: _Any) -> int:
        known = self.series_keys.get(found.time_series_id)
        if known is not None:
            return known
        station_id = station_id_of(str(found.monitoring_location_id))
        parameter_code = clean(found.parameter_code, 10)
        statistic = clean(found.statistic_id, 10) or self._statistic
        if not is_series_id(found.time_series_id) or not station_id or not parameter_code or not statistic:
            raise NotAReading("unknown_series", "it does not say whose value of what it is")
        key = self._gathering.series_key(
            MeasuredSeries(
                station_id=station_id,
                parameter_code=parameter_code,
                statistic=statistic,
                unit=clean(found.unit_of_measure, LONGEST_UNIT),
                upstream_series_id=found.time_series_id,
            )
        )
        self.series_keys[found.time_series_id] = key
        return key


def _decode(raw: bytes) -> _Any:
    try:
        return _decode_any(raw).properties
    except UNREADABLE:
        raise NotAReading("unreadable_feature", "it names no series") from None

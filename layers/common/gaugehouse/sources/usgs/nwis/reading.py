"""The values of one document of the legacy service.

A series has its values once for each method (sensor), as an array of value, qualifiers and time. The usual
array is decoded at once and read by the short way; an odd one value by value, so that one bad value costs
only itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic

import msgspec

from gaugehouse.domain.measurements import MeasuredSeries, Moment
from gaugehouse.sources.usgs.gathering import Gathering
from gaugehouse.sources.usgs.json_reading import UNREADABLE
from gaugehouse.sources.usgs.nwis.documents import MethodValues
from gaugehouse.sources.usgs.readings import HIGHEST_VALUE, LOWEST_VALUE, UNKNOWN_AGE, NotAReading, read_value
from gaugehouse.sources.usgs.texts import words_of

_APPROVED = "A"


class _Usual(msgspec.Struct, gc=False):
    dateTime: str  # noqa: N815 - the agency's name
    value: float | None = None
    qualifiers: tuple[str, ...] = ()


class _Any(msgspec.Struct):
    dateTime: object = None  # noqa: N815
    value: object = None
    qualifiers: object = None


# Not strict: a number within quotes is the usual thing here.
_decode_usual = msgspec.json.Decoder(list[_Usual], strict=False).decode
_decode_each = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_any = msgspec.json.Decoder(_Any).decode


class _Words(dict[tuple[str, ...], tuple[str | None, bool]]):
    """Qualifiers joined, and whether one of them says that the value is approved."""

    def __init__(self, joined: Mapping[tuple[str, ...], str | None]) -> None:
        super().__init__()
        self._joined = joined

    def __missing__(self, words: tuple[str, ...]) -> tuple[str | None, bool]:
        self[words] = self._joined[words], _APPROVED in words
        return self[words]


class Reading(Generic[Moment]):
    """One document that is being read."""

    def __init__(self, gathering: Gathering[Moment], statistic_of: Callable[[str], str]) -> None:
        self.gathering: Gathering[Moment] = gathering
        self.modified: datetime = UNKNOWN_AGE
        self._statistic_of = statistic_of
        self._words = _Words(gathering.joined)
        self._series_keys: dict[tuple[str, str, str, str], int] = {}

    def read(self, found: MethodValues) -> None:
        """Read the values of one method."""
        rejects = self.gathering.rejects
        try:
            series_key = self._series_key(found)
            odd = self._take_usual(found, series_key)
            each = _decode_each(found.values) if odd else []
        except NotAReading as error:
            rejects.add(
                error.reason, found.whose, error.problem, bytes(found.values), times=_length(found.values)
            )
        except UNREADABLE:
            rejects.add("unreadable_values", found.whose, "its values are no array", bytes(found.values))
        else:
            for number in odd:
                self._read_with_care(each[number], found, series_key)

    def _series_key(self, found: MethodValues) -> int:
        """Return the series' key. Where a document has a series twice, the unit that came first stands."""
        statistic = self._statistic_of(found.statistic)
        identity = found.station_id, found.parameter_code, statistic, found.method
        if identity not in self._series_keys:
            self._series_keys[identity] = self.gathering.series_key(
                MeasuredSeries(
                    station_id=found.station_id,
                    parameter_code=found.parameter_code,
                    statistic=statistic,
                    unit=found.unit,
                    method=found.method,
                )
            )
        return self._series_keys[identity]

    def _take_usual(self, found: MethodValues, series_key: int) -> Sequence[int]:
        """Take the usual values, and return the numbers of the others."""
        try:
            usual = _decode_usual(found.values)
        except UNREADABLE:
            return range(len(_decode_each(found.values)))
        # A hundred thousand turns: what the loop needs is looked up once.
        gathering, all_words, no_data = self.gathering, self._words, found.no_data_value
        moments, keys, values = gathering.moments, gathering.keys, gathering.values
        qualifiers, approved = gathering.qualifiers, gathering.approved
        odd: list[int] = []
        for number, cell in enumerate(usual):
            value = cell.value
            if value is None or not LOWEST_VALUE <= value < HIGHEST_VALUE or value == no_data:
                odd.append(number)
                continue
            try:
                keys.append(series_key + moments[cell.dateTime])
            except NotAReading:
                odd.append(number)
                continue
            words, is_approved = all_words[cell.qualifiers]
            values.append(value)
            qualifiers.append(words)
            approved.append(is_approved)
        gathering.modified.extend([self.modified] * (len(usual) - len(odd)))
        return odd

    def _read_with_care(self, cell: msgspec.Raw, found: MethodValues, series_key: int) -> None:
        gathering = self.gathering
        raw = bytes(cell)
        try:
            value_cell = _decode_any(raw)
            words = words_of(value_cell.qualifiers)
            value = read_value(value_cell.value, words, found.no_data_value)
            if value is None:
                gathering.miss(series_key, value_cell.dateTime, self.modified)
                return
            gathering.keys.append(series_key + gathering.moments[str(value_cell.dateTime)])
        except UNREADABLE:
            gathering.rejects.add("unreadable_value", found.whose, "a value of it is none", raw)
            return
        except NotAReading as error:
            gathering.rejects.add(error.reason, found.whose, error.problem, raw)
            return
        gathering.values.append(value)
        gathering.qualifiers.append(gathering.joined[words])
        gathering.approved.append(_APPROVED in words)
        gathering.modified.append(self.modified)


def _length(values: msgspec.Raw) -> int:
    try:
        return len(_decode_each(values))
    except UNREADABLE:
        return 1

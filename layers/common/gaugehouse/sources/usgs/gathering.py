"""Measurements as they are read from a response, column by column, and what they come to in the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic

from gaugehouse.domain.measurements import MeasuredSeries, Measurements, Moment, Response
from gaugehouse.sources.usgs.readings import UNKNOWN_AGE, MomentNumbers, NotAReading
from gaugehouse.sources.usgs.rejects import Rejects
from gaugehouse.sources.usgs.texts import JoinedQualifiers

# A key is the numbers of a series and of a moment in one number: cheap to make, to hash and to take apart.
MOMENT_BITS = 32
_MOMENT_MASK = (1 << MOMENT_BITS) - 1


@dataclass(slots=True)
class Gathering(Generic[Moment]):
    """What was read so far. The parsers append to its columns, all five of them for each value.

    A key is the sum of a `series_key` and a number of `moments`.
    """

    rejects: Rejects
    moments: MomentNumbers[Moment]
    keys: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    qualifiers: list[str | None] = field(default_factory=list)
    approved: list[bool] = field(default_factory=list)
    modified: list[datetime] = field(default_factory=list)
    joined: JoinedQualifiers = field(default_factory=JoinedQualifiers)
    _series: dict[MeasuredSeries, int] = field(default_factory=dict)
    _missing: dict[int, datetime] = field(default_factory=dict)
    _missing_rows: int = 0

    def series_key(self, series: MeasuredSeries) -> int:
        """Return the part of a key that stands for a series."""
        return self._series.setdefault(series, len(self._series)) << MOMENT_BITS

    def miss(self, series_key: int, time: object, modified: datetime) -> None:
        """Note that the response names a moment without a measurement."""
        self._missing_rows += 1
        try:
            key = series_key + self.moments[str(time)]
        except NotAReading:  # nothing at no time: it still counts, and there is nothing to compare it with
            key = -self._missing_rows
        self._missing[key] = max(modified, self._missing.get(key, UNKNOWN_AGE))

    def response(self, station_names: Mapping[str, str] | None = None) -> Response[Moment]:
        """Settle what occurs twice, and return it all."""
        distinct = set(self.keys)
        distinct.update(self._missing)
        rows = len(self.keys) + self._missing_rows
        if len(distinct) < rows:
            self._keep_newest()
        return Response(
            measurements=self._measurements(),
            missing=len(distinct) - len(self.keys),
            duplicates=rows - len(distinct),
            rejected=dict(self.rejects.counts),
            rejects=self.rejects.records,
            station_names=station_names or {},
        )

    def _keep_newest(self) -> None:
        """Keep the newest value of each series and moment, and none that was withdrawn after it.

        Equally new ones are put in an order of their own, so that the order of arrival does not matter.
        """
        newest: dict[int, tuple[datetime, bool, float, str, int]] = {}
        columns = zip(self.keys, self.modified, self.approved, self.values, self.qualifiers, strict=True)
        for row, (key, modified, approved, value, qualifiers) in enumerate(columns):
            candidate = (modified, approved, value, qualifiers or "", row)
            if key not in newest or candidate > newest[key]:
                newest[key] = candidate
        rows = sorted(
            row
            for key, (modified, *_, row) in newest.items()
            if modified >= self._missing.get(key, UNKNOWN_AGE)
        )
        self.keys = [self.keys[row] for row in rows]
        self.values = [self.values[row] for row in rows]
        self.qualifiers = [self.qualifiers[row] for row in rows]
        self.approved = [self.approved[row] for row in rows]
        self.modified = [self.modified[row] for row in rows]

    def _measurements(self) -> Measurements[Moment]:
        """Take the keys apart, and number the series that have a measurement."""
        moments = self.moments.moments
        series = list(self._series)
        numbers = [key >> MOMENT_BITS for key in self.keys]
        used = sorted(set(numbers))
        if len(used) < len(series):
            series = [series[number] for number in used]
            indexes = {number: index for index, number in enumerate(used)}
            numbers = [indexes[number] for number in numbers]
        return Measurements(
            series=tuple(series),
            series_index=numbers,
            moments=[moments[key & _MOMENT_MASK] for key in self.keys],
            values=self.values,
            qualifiers=self.qualifiers,
            approved=self.approved,
            modified=_in_utc(self.modified),
        )


def _in_utc(moments: list[datetime]) -> list[datetime]:
    if {moment.tzinfo for moment in moments} <= {UTC}:  # the usual case, and it is cheaper to look first
        return moments
    return [_one_in_utc(moment) for moment in moments]


def _one_in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return UNKNOWN_AGE

"""Measurements in bulk: columns instead of objects, since one poll brings hundreds of thousands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from gaugehouse.domain.documents import RejectedRecord

Moment = TypeVar("Moment", datetime, date)

# By station, parameter and statistic: the methods of the sensors that are known not to be the primary one, by
# what the agency says of each ("" where it says nothing).
OtherSensors = Mapping[tuple[str, str, str], Mapping[str, str]]
NONE_KNOWN: OtherSensors = MappingProxyType({})


class MeasuredSeries(NamedTuple):
    """Whose measurements these are, as the response names it.

    With an `upstream_series_id` that alone identifies the series. Without one (the legacy service) it is
    station, parameter, statistic and method; `method` is empty for the primary sensor.
    """

    station_id: str
    parameter_code: str
    statistic: str
    unit: str
    method: str = ""
    upstream_series_id: str | None = None


@dataclass(frozen=True, slots=True)
class Measurements(Generic[Moment]):
    """Valid measurements of any number of series: six columns of one length.

    `series_index` points into `series`. `moments` are aware UTC datetimes (instantaneous values) or local
    dates (daily values). `values` are finite. `qualifiers` are the agency's words joined by a comma, None
    without any. `modified` is when the agency last changed the value (aware, UTC): of two values of one
    moment the newer one counts. A series and moment occur once.
    """

    series: tuple[MeasuredSeries, ...] = ()
    series_index: list[int] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    qualifiers: list[str | None] = field(default_factory=list)
    approved: list[bool] = field(default_factory=list)
    modified: list[datetime] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many measurements these are."""
        return len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Generic[Moment]):
    """What an agency answered to one request, all its pages together.

    `missing` counts the moments that the response names without a measurement (null, a sentinel, ice or
    broken equipment in its place). `rejected` counts by reason what was dropped although it looked like a
    value, and `rejects` are examples of it, at most one for each series and reason. `station_names` are the
    names that the response gives, by station id, where it gives any.
    """

    measurements: Measurements[Moment]
    missing: int = 0
    duplicates: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[RejectedRecord, ...] = ()
    station_names: Mapping[str, str] = field(default_factory=dict)

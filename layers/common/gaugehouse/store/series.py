"""Time series of gauges: what an agency says of them, and which one a response speaks of.

A series is what is measured at a place (station, parameter, statistic, method). The agency's own id is only
its newest name there: it changes with the sensor, and the readings stay where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from psycopg import Connection

from gaugehouse.domain.measurements import MeasuredSeries
from gaugehouse.domain.series import Series
from gaugehouse.store.connection import only_row

# In one order, as everybody locks series, so that nobody waits in a circle.
LOCK = """
SELECT FROM series
WHERE station_id = ANY (%(station_ids)s) OR upstream_series_id = ANY (%(upstream_ids)s)
ORDER BY series_id
FOR NO KEY UPDATE
"""
# An agency's id that now names another series. First, since the key is checked row by row.
RELEASE_MOVED = """
UPDATE series AS known SET upstream_series_id = NULL, updated_at = now()
FROM unnest(%(station_ids)s::text[], %(parameters)s::text[], %(statistics)s::text[], %(methods)s::text[],
            %(upstream_ids)s::text[]) AS said (station_id, parameter_code, statistic, method, upstream_id)
WHERE known.upstream_series_id = said.upstream_id
    AND (known.station_id, known.parameter_code, known.statistic, known.method)
        <> (said.station_id, said.parameter_code, said.statistic, said.method)
"""
# The join leaves out series of gauges that are not known: one of them must not roll back all others.
UPSERT = """
INSERT INTO series AS known (station_id, parameter_code, statistic, method, unit, upstream_series_id,
    is_primary, begins, ends, source, staleness_minutes)
SELECT said.station_id, said.parameter_code, said.statistic, said.method, said.unit, said.upstream_id,
       said.is_primary, said.begins, said.ends, said.source, said.staleness_minutes
FROM unnest(%(station_ids)s::text[], %(parameters)s::text[], %(statistics)s::text[], %(methods)s::text[],
            %(units)s::text[], %(upstream_ids)s::text[], %(primary)s::bool[], %(begins)s::timestamptz[],
            %(ends)s::timestamptz[], %(sources)s::text[], %(staleness)s::int[])
    AS said (station_id, parameter_code, statistic, method, unit, upstream_id, is_primary, begins, ends,
             source, staleness_minutes)
JOIN gauges ON gauges.station_id = said.station_id
ORDER BY said.station_id, said.parameter_code, said.statistic, said.method
ON CONFLICT (station_id, parameter_code, statistic, method) DO UPDATE
    SET unit = excluded.unit, is_primary = excluded.is_primary,
        upstream_series_id = coalesce(excluded.upstream_series_id, known.upstream_series_id),
        begins = coalesce(excluded.begins, known.begins), ends = coalesce(excluded.ends, known.ends),
        updated_at = now()
    WHERE (known.unit, known.is_primary, known.upstream_series_id, known.begins, known.ends)
        IS DISTINCT FROM
          (excluded.unit, excluded.is_primary,
           coalesce(excluded.upstream_series_id, known.upstream_series_id),
           coalesce(excluded.begins, known.begins), coalesce(excluded.ends, known.ends))
RETURNING old.series_id IS NULL, new.station_id,
    (old.upstream_series_id, old.is_primary) IS DISTINCT FROM (new.upstream_series_id, new.is_primary)
"""
COUNT_WITHOUT_GAUGE = """
SELECT count(*) FROM unnest(%(station_ids)s::text[]) AS said (station_id)
WHERE NOT EXISTS (SELECT FROM gauges WHERE gauges.station_id = said.station_id)
"""
FIND = """
SELECT coalesce(named.series_id, described.series_id), coalesce(named.is_primary, described.is_primary),
       coalesce(named.statistic, described.statistic)
FROM unnest(%(station_ids)s::text[], %(parameters)s::text[], %(statistics)s::text[], %(methods)s::text[],
            %(upstream_ids)s::text[]) WITH ORDINALITY
    AS said (station_id, parameter_code, statistic, method, upstream_id, place)
LEFT JOIN series AS named ON named.upstream_series_id = said.upstream_id
LEFT JOIN series AS described ON said.upstream_id IS NULL
    AND (described.station_id, described.parameter_code, described.statistic, described.method)
        = (said.station_id, said.parameter_code, said.statistic, said.method)
ORDER BY said.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCounts:
    """What an upsert did.

    `doubled` were left out because another series of the batch has the same key or the same upstream id,
    `without_gauge` because their gauge is not known. `news_of` are the stations of which answers can now be
    stored that could not before: of new series, and of such whose id or primary sensor is another one.
    """

    inserted: int
    revised: int
    unchanged: int
    doubled: int
    without_gauge: int
    news_of: tuple[str, ...]


class FoundSeries(NamedTuple):
    """A series of ours that a response speaks of."""

    series_id: int
    is_primary: bool
    statistic: str


def upsert(conn: Connection, described: Sequence[Series]) -> SeriesCounts:
    """Store what the agency says of its series.

    A sensor that it replaced gives the series another upstream id; an id that it gave to another series is
    taken from the one that had it. What it leaves blank does not erase what is known, and the staleness
    threshold is ours.
    """
    said = _without_doubles(described)
    parameters = {
        **_names(said),
        "units": [each.unit for each in said],
        "primary": [each.is_primary for each in said],
        "begins": [each.begins for each in said],
        "ends": [each.ends for each in said],
        "sources": [each.source for each in said],
        "staleness": [each.staleness_minutes for each in said],
    }
    with conn.transaction():
        conn.execute(LOCK, parameters)
        conn.execute(RELEASE_MOVED, parameters)
        written = conn.execute(UPSERT, parameters).fetchall()
        (without_gauge,) = only_row(conn.execute(COUNT_WITHOUT_GAUGE, parameters))
    inserted = sum(is_new for is_new, _, _ in written)
    return SeriesCounts(
        inserted=inserted,
        revised=len(written) - inserted,
        unchanged=len(said) - len(written) - without_gauge,
        doubled=len(described) - len(said),
        without_gauge=without_gauge,
        news_of=tuple(sorted({station_id for _, station_id, is_news in written if is_news})),
    )


def find(conn: Connection, measured: Sequence[MeasuredSeries]) -> list[FoundSeries | None]:
    """Return our series for each that a response speaks of, None for one that is not known."""
    return [None if row[0] is None else FoundSeries(*row) for row in conn.execute(FIND, _names(measured))]


def _names(series: Sequence[Series] | Sequence[MeasuredSeries]) -> dict[str, Any]:
    return {
        "station_ids": [each.station_id for each in series],
        "parameters": [each.parameter_code for each in series],
        "statistics": [each.statistic for each in series],
        "methods": [each.method for each in series],
        "upstream_ids": [each.upstream_series_id for each in series],
    }


def _without_doubles(described: Sequence[Series]) -> list[Series]:
    """Keep one series of each key and upstream id: the primary one, then the one that lasts longest."""
    kept: list[Series] = []
    seen: set[object] = set()
    for each in sorted(described, key=_preference, reverse=True):
        names = {(each.station_id, each.parameter_code, each.statistic, each.method)}
        upstream = {each.upstream_series_id} - {None}
        if not seen & (names | upstream):
            kept.append(each)
            seen |= names | upstream
    return kept


def _preference(series: Series) -> tuple[bool, datetime, datetime, str]:
    return (
        series.is_primary,
        series.ends or datetime.max.replace(tzinfo=UTC),
        series.begins or datetime.min.replace(tzinfo=UTC),
        series.upstream_series_id or "",
    )

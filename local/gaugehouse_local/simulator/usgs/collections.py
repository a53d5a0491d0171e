"""The collections of the modern services: which features a question gets, chunk by chunk."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse_local.simulator.usgs.daily_values import daily_values
from gaugehouse_local.simulator.usgs.descriptions import (
    describe_daily,
    describe_series,
    describe_site,
    feature,
)
from gaugehouse_local.simulator.usgs.epoch import DAY
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.paging import Chunk
from gaugehouse_local.simulator.usgs.questions import Question
from gaugehouse_local.simulator.usgs.refusals import invalid_value
from gaugehouse_local.simulator.usgs.series import DailySeries, SimulatedSeries
from gaugehouse_local.simulator.usgs.sites import SimulatedSite
from gaugehouse_local.simulator.usgs.spans import EVER, MICROSECONDS, Span, read_days, read_span
from gaugehouse_local.simulator.usgs.value_features import continuous_writer, daily_writer
from gaugehouse_local.simulator.usgs.values import changed_blocks, values_in_block
from gaugehouse_local.simulator.usgs.weather import BLOCK

MAX_WINDOW_DAYS = 1100
_USUAL_WINDOW_DAYS = 365  # what `continuous` answers with where no time is asked for
_DAYS_IN_CHUNK = 256
_LONG_AGO = -(10**11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One collection: the parameters it knows, and its features from the question's cursor on."""

    chunks: Callable[[Network, Question], Iterator[Chunk]]
    site_filter: str = "monitoring_location_id"
    filters: frozenset[str]
    times: frozenset[str] = frozenset()


def continuous(network: Network, question: Question) -> Iterator[Chunk]:
    """Yield the values of every series inside the window, a chunk for each block."""
    now = question.cursor.now
    start, end = _window(question, now)
    changes = _span(question, "last_modified", now)
    for series in _continuous_series(network, question):
        write = continuous_writer(series, question.properties, geometry=question.geometry)
        first, last = network.clipped(series, start, end, now)
        changed = None if changes == EVER else _changed(series, changes, now)
        ranges = (
            changed_blocks(series, first, last, changed)
            if changed
            else [range(first // BLOCK, last // BLOCK + 1)]
        )
        for blocks in ranges:
            for block in blocks:
                if series.index == question.cursor.owner and block < question.cursor.chunk:
                    continue
                values = values_in_block(series, block, first, last, now, changed)
                if values:
                    yield Chunk(series.index, block, write(values))


def latest_continuous(network: Network, question: Question) -> Iterator[Chunk]:
    """Yield the newest value of every series, a dead gauge's last one included."""
    now = question.cursor.now
    start, end = _seconds(_span(question, "time", now), now)
    changes = _span(question, "last_modified", now)
    for series in _continuous_series(network, question):
        value = network.latest(series, now)
        changed = _changed(series, changes, now)
        if value and start <= value.time <= end and changed[0] <= value.modified <= changed[1]:
            write = continuous_writer(series, question.properties, geometry=question.geometry)
            yield Chunk(series.index, 0, write([value]))


def daily(network: Network, question: Question) -> Iterator[Chunk]:
    """Yield the daily values of every series inside the window, a chunk for each 256 days."""
    now = question.cursor.now
    days = read_days(question.times["time"], now // DAY) if "time" in question.times else EVER
    changes = _span(question, "last_modified", now)
    for series in _daily_series(network, question):
        write = daily_writer(series, question.properties, geometry=question.geometry)
        changed = _changed(series.source, changes, now)
        first = series.begins if days.start is None else max(series.begins, days.start)
        last = now // DAY if days.end is None else min(now // DAY, days.end)
        for number in range(first // _DAYS_IN_CHUNK, last // _DAYS_IN_CHUNK + 1):
            if series.source.index == question.cursor.owner and number < question.cursor.chunk:
                continue
            part = (max(first, number * _DAYS_IN_CHUNK), min(last, (number + 1) * _DAYS_IN_CHUNK - 1))
            values = daily_values(series, *part, network.end_of(series.source), now)
            kept = [value for value in values if changed[0] <= value.modified <= changed[1]]
            if kept:
                yield Chunk(series.source.index, number, write(kept))


def monitoring_locations(network: Network, question: Question) -> Iterator[Chunk]:
    """Yield every site."""
    for site in _sites(question):
        properties = describe_site(network, site)
        if all(question.wants(name, str(properties[name])) for name in question.only):
            yield Chunk(site.index, 0, [feature(properties, site, question.properties)])


def time_series_metadata(network: Network, question: Question) -> Iterator[Chunk]:
    """Yield every series: of instantaneous values, and after each its daily statistics."""
    for site in _sites(question):
        lines = [
            feature(properties, site, question.properties)
            for properties in _descriptions(network, site)
            if all(question.wants(name, str(properties[name])) for name in question.only)
        ]
        if lines:
            yield Chunk(site.index, 0, lines)


_VALUE_FILTERS = frozenset({"parameter_code", "statistic_id", "time_series_id"})
_TIMES = frozenset({"time", "last_modified"})

COLLECTIONS: Mapping[str, Collection] = {
    "continuous": Collection(chunks=continuous, filters=_VALUE_FILTERS, times=_TIMES),
    "latest-continuous": Collection(chunks=latest_continuous, filters=_VALUE_FILTERS, times=_TIMES),
    "daily": Collection(chunks=daily, filters=_VALUE_FILTERS, times=_TIMES),
    "monitoring-locations": Collection(
        chunks=monitoring_locations,
        site_filter="id",
        filters=frozenset(
            {"agency_code", "county_code", "hydrologic_unit_code", "monitoring_location_number",
             "site_type_code"}
        ),
    ),
    "time-series-metadata": Collection(
        chunks=time_series_metadata,
        filters=frozenset(
            {"id", "parameter_code", "statistic_id", "primary", "computation_identifier",
             "computation_period_identifier", "hydrologic_unit_code"}
        ),
    ),
}  # fmt: skip


def _sites(question: Question) -> Iterator[SimulatedSite]:
    return (site for site in question.sites if site.index >= question.cursor.owner)


def _continuous_series(network: Network, question: Question) -> Iterator[SimulatedSeries]:
    if not question.wants("statistic_id", INSTANTANEOUS):
        return
    for site in question.sites:
        for series in network.series_of(site.site_id):
            if (
                series.index >= question.cursor.owner
                and question.wants("parameter_code", series.parameter.code)
                and question.wants("time_series_id", series.series_id)
            ):
                yield series


def _daily_series(network: Network, question: Question) -> Iterator[DailySeries]:
    for site in question.sites:
        for source in network.series_of(site.site_id):
            series = network.daily_of(source)
            if (
                series is not None
                and source.index >= question.cursor.owner
                and question.wants("parameter_code", source.parameter.code)
                and question.wants("statistic_id", series.statistic_id)
                and question.wants("time_series_id", series.series_id)
            ):
                yield series


def _descriptions(network: Network, site: SimulatedSite) -> Iterator[dict[str, object]]:
    for series in network.series_of(site.site_id):
        yield describe_series(network, series)
        of_days = network.daily_of(series)
        if of_days is not None:
            yield describe_daily(network, of_days)


def _window(question: Question, now: int) -> tuple[int, int]:
    """Return the seconds that a question about `continuous` is about, at most 1100 days.

    Raises Refused for a longer window. One that is open to the past has the longest one.
    """
    span = _span(question, "time", now)
    end = now if span.end is None else span.end // MICROSECONDS
    if span.start is None:
        days = MAX_WINDOW_DAYS if "time" in question.times else _USUAL_WINDOW_DAYS
        return end - days * DAY, end
    start = -(-span.start // MICROSECONDS)
    if end - start > MAX_WINDOW_DAYS * DAY:
        raise invalid_value(f"datetime parameter out of range: more than {MAX_WINDOW_DAYS} days")
    return start, end


def _span(question: Question, name: str, now: int) -> Span:
    return read_span(question.times[name], now) if name in question.times else EVER


def _changed(series: SimulatedSeries, span: Span, now: int) -> tuple[int, int]:
    """Return the seconds of the changes within a span, exactly: a series has one fraction of a second."""
    return _seconds(Span(*(edge if edge is None else edge - series.microseconds for edge in span)), now)


def _seconds(span: Span, now: int) -> tuple[int, int]:
    start = _LONG_AGO if span.start is None else -(-span.start // MICROSECONDS)
    return start, now if span.end is None else span.end // MICROSECONDS

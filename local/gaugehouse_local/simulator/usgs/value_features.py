"""Write values as GeoJSON features, a template for each series: the agency sends hundreds of thousands."""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache

from gaugehouse_local.simulator.usgs.epoch import date_of, instant
from gaugehouse_local.simulator.usgs.series import DailySeries, SimulatedSeries
from gaugehouse_local.simulator.usgs.sites import SimulatedSite
from gaugehouse_local.simulator.usgs.values import Value

# Those that change from value to value, in the order of the template's arguments. An omitted one
# becomes `%.0s`, which takes its argument and writes nothing.
_VARIABLE = ("time", "value", "approval_status", "qualifier", "last_modified")


def continuous_writer(
    series: SimulatedSeries, properties: frozenset[str] | None, *, geometry: bool
) -> Callable[[Iterable[Value]], list[str]]:
    """Return what writes values of a series, each as one line of JSON. `properties` None means all."""
    return _writer(series, series, properties, _second, geometry=geometry)


def daily_writer(
    series: DailySeries, properties: frozenset[str] | None, *, geometry: bool
) -> Callable[[Iterable[Value]], list[str]]:
    """Return what writes daily values of a series, each as one line of JSON."""
    return _writer(series, series.source, properties, _day, geometry=geometry)


def geometry_of(site: SimulatedSite) -> dict[str, object]:
    """Return a site's place as GeoJSON has it."""
    return {"type": "Point", "coordinates": [site.longitude, site.latitude]}


def _writer(
    series: SimulatedSeries | DailySeries,
    source: SimulatedSeries,
    properties: frozenset[str] | None,
    time_text: Callable[[int], str],
    *,
    geometry: bool,
) -> Callable[[Iterable[Value]], list[str]]:
    constant = {
        "time_series_id": series.series_id,
        "monitoring_location_id": source.site.site_id,
        "parameter_code": source.parameter.code,
        "statistic_id": series.statistic_id,
        "unit_of_measure": source.parameter.unit,
    }
    place = json.dumps(geometry_of(source.site)) if geometry else "null"
    tail = f"{0x8000 | series.key & 0x3FFF:04x}-{series.key >> 16:012x}"
    template = (
        f'{{"type":"Feature","id":"%08x-%04x-%04x-{tail}","geometry":{place},'
        f'"properties":{{{_properties_template(constant, properties)}}}}}'
    )
    fraction = f".{source.microseconds:06d}+00:00"

    def write(values: Iterable[Value]) -> list[str]:
        return [
            template
            % (
                mark & 0xFFFFFFFF,
                mark >> 32 & 0xFFFF,
                mark >> 48,
                time_text(time),
                "null" if text is None else f'"{text}"',
                "Approved" if approved else "Provisional",
                _qualifier(qualifiers) if qualifiers else "null",
                _second(modified)[:19] + fraction,
            )
            for time, text, qualifiers, approved, modified, mark in values
        ]

    return write


def _properties_template(constant: dict[str, str], properties: frozenset[str] | None) -> str:
    named = {name: f'"{name}":"{text}"'.replace("%", "%%") for name, text in constant.items()}
    named |= {
        "time": '"time":"%s"',
        "value": '"value":%s',
        "approval_status": '"approval_status":"%s"',
        "qualifier": '"qualifier":%s',
        "last_modified": '"last_modified":"%s"',
    }
    order = ["time_series_id", "monitoring_location_id", "parameter_code", "statistic_id", "time", "value",
             "unit_of_measure", "approval_status", "qualifier", "last_modified"]  # fmt: skip
    parts, separator = "", ""
    for name in order:
        if properties is None or name in properties:
            parts += separator + named[name]
            separator = ","
        elif name in _VARIABLE:
            parts += "%.0s"
    return parts


@lru_cache(maxsize=1 << 16)
def _second(moment: int) -> str:
    return instant(moment).isoformat()


@lru_cache(maxsize=1 << 16)
def _day(day: int) -> str:
    return date_of(day).isoformat()


@lru_cache
def _qualifier(qualifiers: tuple[str, ...]) -> str:
    return json.dumps(qualifiers)

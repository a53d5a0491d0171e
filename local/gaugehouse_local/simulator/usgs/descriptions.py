"""Describe sites and series as features of `monitoring-locations` and `time-series-metadata`."""

import json
from collections.abc import Mapping
from datetime import timedelta

from gaugehouse_local.simulator.usgs.epoch import DAY, instant
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.series import DailySeries, SimulatedSeries
from gaugehouse_local.simulator.usgs.sites import SimulatedSite
from gaugehouse_local.simulator.usgs.states import hours_behind_utc
from gaugehouse_local.simulator.usgs.value_features import geometry_of

_SITE_TYPES = {"ST": "Stream", "LK": "Lake, Reservoir, Impoundment"}
_STATISTICS = {"00003": "Mean", "00006": "Sum"}


def describe_site(network: Network, site: SimulatedSite) -> dict[str, object]:
    """Return the properties of a monitoring location."""
    altitude = site.altitude_ft
    return {
        "id": site.site_id,
        "agency_code": site.agency_code,
        "agency_name": site.agency_name,
        "monitoring_location_number": site.number,
        "monitoring_location_name": network.name_of(site),
        "district_code": site.state.code,
        "country_code": "US",
        "country_name": "United States of America",
        "state_code": site.state.code,
        "state_name": site.state.name,
        "county_code": f"{1 + 2 * (site.key % 60):03d}",
        "county_name": f"{site.county} County",
        "minor_civil_division_code": None,
        "site_type_code": site.site_type,
        "site_type": _SITE_TYPES[site.site_type],
        "hydrologic_unit_code": site.hydrologic_unit,
        "basin_code": None,
        "altitude": altitude,
        "altitude_accuracy": None if altitude is None else 0.1,
        "altitude_method_code": None if altitude is None else "N",
        "altitude_method_name": None if altitude is None else "Interpolated from Digital Elevation Model",
        "vertical_datum": None if altitude is None else "NAVD88",
        "vertical_datum_name": None if altitude is None else "North American Vertical Datum of 1988",
        "horizontal_positional_accuracy_code": "S",
        "horizontal_positional_accuracy": "Accurate to + or - 1 sec.",
        "horizontal_position_method_code": "M",
        "horizontal_position_method_name": "Interpolated from map",
        "original_horizontal_datum": "NAD83",
        "original_horizontal_datum_name": "North American Datum of 1983",
        "drainage_area": float(site.key % 20000),
        "contributing_drainage_area": None,
        "time_zone_abbreviation": site.state.zone,
        "uses_daylight_savings": "Y" if site.state.daylight_saving else "N",
        "construction_date": None,
        "aquifer_code": None,
        "national_aquifer_code": None,
        "aquifer_type_code": None,
        "well_constructed_depth": None,
        "hole_constructed_depth": None,
        "depth_source_code": None,
        "revision_note": None,
        "revision_created": None,
        "revision_modified": None,
    }


def describe_series(network: Network, series: SimulatedSeries) -> dict[str, object]:
    """Return the properties of a series of instantaneous values.

    Those of rain carry no statistic here, although their values do: the agency's way with decumulated series.
    """
    newest = network.latest(series, network.present)
    return _described(
        series,
        series.series_id,
        statistic=None if series.parameter.is_sum else series.statistic_id,
        computation=(series.parameter.computation, "Points"),
        span=(series.begins, newest.time if newest else series.begins),
        modified=newest.modified if newest else series.begins,
    )


def describe_daily(network: Network, series: DailySeries) -> dict[str, object]:
    """Return the properties of a series of daily values."""
    behind = series.source.site.state.behind_utc * 3600
    newest = max(series.begins, network.daily_end_of(series) - 1)
    return _described(
        series.source,
        series.series_id,
        statistic=series.statistic_id,
        computation=(_STATISTICS[series.statistic_id], "Daily"),
        span=(series.begins * DAY + behind, newest * DAY + behind),
        modified=(newest + 1) * DAY + behind,
    )


def feature(properties: Mapping[str, object], site: SimulatedSite, chosen: frozenset[str] | None) -> str:
    """Write a feature that has its id among its properties. `chosen` None means all of them."""
    kept = properties if chosen is None else {name: properties[name] for name in properties if name in chosen}
    text = {"type": "Feature", "id": properties["id"], "geometry": geometry_of(site), "properties": kept}
    return json.dumps(text, separators=(",", ":"))


def _described(
    series: SimulatedSeries,
    series_id: str,
    *,
    statistic: str | None,
    computation: tuple[str, str],
    span: tuple[int, int],
    modified: int,
) -> dict[str, object]:
    begin, end = span
    return {
        "id": series_id,
        "unit_of_measure": series.parameter.unit,
        "parameter_name": series.parameter.name,
        "parameter_code": series.parameter.code,
        "parameter_description": series.parameter.description,
        "statistic_id": statistic,
        "hydrologic_unit_code": series.site.hydrologic_unit,
        "state_name": series.site.state.name,
        "last_modified": f"{instant(modified):%Y-%m-%dT%H:%M:%S}.{series.microseconds:06d}",
        "begin": _local(series.site, begin),
        "end": _local(series.site, end),
        "begin_utc": instant(begin).isoformat(),
        "end_utc": instant(end).isoformat(),
        "computation_period_identifier": computation[1],
        "computation_identifier": computation[0],
        "data_gap_interval": "PT1H12M" if computation[1] == "Points" else None,
        "thresholds": [],
        "sublocation_identifier": None if series.primary else "Auxiliary",
        "primary": "Primary" if series.primary else None,
        "monitoring_location_id": series.site.site_id,
        "web_description": None if series.primary else "(2)",
        "parent_time_series_id": None,
    }


def _local(site: SimulatedSite, moment: int) -> str:
    """Write a moment in the site's clock time, with the odd microsecond that the agency adds."""
    local = instant(moment) - timedelta(hours=hours_behind_utc(site.state, moment))
    return f"{local:%Y-%m-%dT%H:%M:%S}.000001"

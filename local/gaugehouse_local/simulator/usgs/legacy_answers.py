"""The parts of a legacy answer, key by key as in the agency's own."""

from collections.abc import Iterable, Sequence

from gaugehouse_local.simulator.agency import Request
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.series import SimulatedSeries
from gaugehouse_local.simulator.usgs.sites import SimulatedSite
from gaugehouse_local.simulator.usgs.values import Value

INSTANTANEOUS_STATISTIC = "00000"  # in these services; the modern ones write 00011
NO_DATA_VALUE = "-999999"

_STATISTICS = {INSTANTANEOUS_STATISTIC: None, "00003": "Mean", "00006": "Sum"}
_QUALIFIERS = {"ICE": "Ice", "EQUIP": "Eqp", "ESTIMATED": "e"}
_MEANINGS = {
    "P": "Provisional data subject to revision.",
    "A": "Approved for publication -- Processing and review completed.",
    "Ice": "Value is affected by ice at the measurement site.",
    "Eqp": "Value affected by equipment malfunction.",
    "e": "Value has been estimated.",
}
_Method = tuple[
    SimulatedSeries, Sequence[str], Sequence[Value]
]  # whose values, their times as text, and they


def response(network: Network, request: Request, series: list[dict[str, object]]) -> dict[str, object]:
    """Return the whole answer around some time series."""
    parameters = request.parameters
    sites = "[" + ", ".join(f"ALL:{number}" for number in parameters.get("sites", "").split(",")) + "]"
    span = {"beginDateTime": parameters.get("startDT", ""), "endDateTime": parameters.get("endDT", "")}
    wanted = f"[{parameters['parameterCd'].replace(',', ', ')}]" if "parameterCd" in parameters else "ALL"
    return {
        "name": "ns1:timeSeriesResponseType",
        "declaredType": "org.cuahsi.waterml.TimeSeriesResponseType",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "value": {
            "queryInfo": {
                "queryURL": f"http://nwis.waterservices.usgs.gov{request.path}{request.query}",
                "criteria": {
                    "locationParam": sites,
                    "variableParam": wanted,
                    "timeParam": span,
                    "parameter": [],
                },
                "note": [
                    {"value": sites, "title": "filter:sites"},
                    {"value": "[mode=RANGE, modifiedSince=null]", "title": "filter:timeRange"},
                    {"value": "methodIds=[ALL]", "title": "filter:methodId"},
                    {"value": f"{network.now:%Y-%m-%dT%H:%M:%S}.000Z", "title": "requestDT"},
                ],
            },
            "timeSeries": series,
        },
        "nil": False,
        "globalScope": True,
        "typeSubstituted": False,
    }


def time_series(network: Network, name: str, statistic: str, methods: Sequence[_Method]) -> dict[str, object]:
    """Return one time series: the values of every method that measures one parameter at one site."""
    first = methods[0][0]
    return {
        "sourceInfo": _source(network, first.site),
        "variable": _variable(first, statistic),
        "values": [_method(*method) for method in methods],
        "name": name,
    }


def _source(network: Network, site: SimulatedSite) -> dict[str, object]:
    state = site.state
    return {
        "siteName": network.name_of(site),
        "siteCode": [{"value": site.number, "network": "NWIS", "agencyCode": site.agency_code}],
        "timeZoneInfo": {
            "defaultTimeZone": {"zoneOffset": f"-{state.behind_utc:02d}:00", "zoneAbbreviation": state.zone},
            "daylightSavingsTimeZone": {
                "zoneOffset": f"-{state.behind_utc - 1:02d}:00",
                "zoneAbbreviation": state.summer_zone,
            },
            "siteUsesDaylightSavingsTime": state.daylight_saving,
        },
        "geoLocation": {
            "geogLocation": {"srs": "EPSG:4326", "latitude": site.latitude, "longitude": site.longitude},
            "localSiteXY": [],
        },
        "note": [],
        "siteType": [],
        "siteProperty": [
            {"value": site.site_type, "name": "siteTypeCd"},
            {"value": site.hydrologic_unit[:8], "name": "hucCd"},
            {"value": state.code, "name": "stateCd"},
        ],
    }


def _variable(series: SimulatedSeries, statistic: str) -> dict[str, object]:
    parameter = series.parameter
    named = _STATISTICS[statistic]
    option = {"name": "Statistic", "optionCode": statistic}
    return {
        "variableCode": [
            {
                "value": parameter.code,
                "network": "NWIS",
                "vocabulary": "NWIS:UnitValues",
                "variableID": parameter.legacy_id,
                "default": True,
            }
        ],
        "variableName": parameter.legacy_name,
        "variableDescription": parameter.description,
        "valueType": "Derived Value",
        "unit": {"unitCode": parameter.legacy_unit},
        "options": {"option": [option if named is None else {"value": named, **option}]},
        "note": [],
        "noDataValue": float(NO_DATA_VALUE),
        "variableProperty": [],
        "oid": str(parameter.legacy_id),
    }


def _method(series: SimulatedSeries, times: Sequence[str], values: Sequence[Value]) -> dict[str, object]:
    coded = [_codes(value) for value in values]
    return {
        "value": [
            {
                "value": NO_DATA_VALUE if value.text is None else value.text,
                "qualifiers": codes,
                "dateTime": time,
            }
            for value, codes, time in zip(values, coded, times, strict=True)
        ],
        "qualifier": _explained(code for codes in coded for code in codes),
        "qualityControlLevel": [],
        "method": [
            {
                "methodDescription": "" if series.primary else "Auxiliary",
                "methodID": 60_000 + series.key % 200_000,
            }
        ],
        "source": [],
        "offset": [],
        "sample": [],
        "censorCode": [],
    }


def _codes(value: Value) -> list[str]:
    return ["A" if value.approved else "P", *(_QUALIFIERS[qualifier] for qualifier in value.qualifiers)]


def _explained(codes: Iterable[str]) -> list[dict[str, object]]:
    return [
        {
            "qualifierCode": code,
            "qualifierDescription": _MEANINGS[code],
            "qualifierID": number,
            "network": "NWIS",
            "vocabulary": "uv_rmk_cd",
        }
        for number, code in enumerate(dict.fromkeys(codes))
    ]

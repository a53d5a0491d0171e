"""Documents of the legacy service as it writes them."""

import json
from typing import Any

Cell = dict[str, Any]
MADE_AT = "2026-08-07T12:50:27.219Z"


def cell(value: object = "6.48", time: object = "2026-08-07T07:00:00.000-05:00", *qualifiers: object) -> Cell:
    return {"value": value, "qualifiers": list(qualifiers or ("P",)), "dateTime": time}


def method(*cells: object, number: int = 69512, description: str | None = "") -> dict[str, Any]:
    return {
        "value": list(cells),
        "qualifier": [{"qualifierCode": "P"}],
        "method": [{"methodDescription": description, "methodID": number}],
    }


def time_series(
    *methods: dict[str, Any],
    site: str = "01491000",
    name: str = "CHOPTANK RIVER NEAR GREENSBORO, MD",
    agency: str = "USGS",
    parameter: str = "00065",
    statistic: str | None = "00000",
    unit: str = "ft",
    no_data: float | None = -999999.0,
) -> dict[str, Any]:
    options = [{"name": "Statistic", **({} if statistic is None else {"optionCode": statistic})}]
    return {
        "sourceInfo": {
            "siteName": name,
            "siteCode": [{"value": site, "network": "NWIS", "agencyCode": agency}],
        },
        "variable": {
            "variableCode": [{"value": parameter, "network": "NWIS"}],
            "unit": {"unitCode": unit},
            "options": {"option": options},
            "noDataValue": no_data,
        },
        "values": list(methods),
        "name": f"{agency}:{site}:{parameter}:{statistic}",
    }


def document(*series: object, made_at: str | None = MADE_AT) -> bytes:
    notes = [{"value": "[ALL]", "title": "filter:sites"}]
    if made_at is not None:
        notes.append({"value": made_at, "title": "requestDT"})
    return json.dumps(
        {"name": "ns1:x", "value": {"queryInfo": {"note": notes}, "timeSeries": series}}
    ).encode()


def one(*cells: object, **how: Any) -> bytes:
    """Write a document of one series with one method."""
    return document(time_series(method(*cells), **how))

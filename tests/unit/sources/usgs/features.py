"""Pages of the modern API as the agency writes them, and what a test asks of their parsers."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from gaugehouse.domain.measurements import Moment, Response
from gaugehouse.sources.usgs.waterdata import parse_continuous, parse_daily

Feature = dict[str, Any]

SERIES = "b36569a0067443ac9425e850a3ac7baa"
OTHER_SERIES = "627c17455f9e4a4286e1d75dde4d8470"
MODIFIED = "2026-08-07T18:55:07.672769+00:00"
NOON = datetime(2026, 8, 7, 12, tzinfo=UTC)
NOT_AFTER = datetime(2026, 8, 7, 19, 15, tzinfo=UTC)


def feature(
    value: object = "1.59", time: object = "2026-08-07T12:00:00+00:00", **properties: object
) -> Feature:
    """Write one instantaneous value; a property of None is there as null."""
    return {
        "type": "Feature",
        "id": "2ccf9208-befe-4486-9ce2-0c0e4cff7127",
        "geometry": None,
        "properties": {
            "time_series_id": SERIES,
            "monitoring_location_id": "USGS-06904500",
            "parameter_code": "00065",
            "statistic_id": "00011",
            "time": time,
            "value": value,
            "unit_of_measure": "ft",
            "approval_status": "Provisional",
            "qualifier": None,
            "last_modified": MODIFIED,
            **properties,
        },
    }


def day(value: object = "20.2", time: object = "2025-12-26", **properties: object) -> Feature:
    """Write one daily mean."""
    return feature(value, time, **{"statistic_id": "00003", **properties})


def page(*features: Feature, next_url: str | None = None) -> bytes:
    """Write one page."""
    links = [{"rel": "self", "href": "https://example.org/self"}]
    if next_url is not None:
        links.append({"rel": "next", "href": next_url})
    envelope = {"type": "FeatureCollection", "features": features, "numberReturned": len(features)}
    return json.dumps({**envelope, "links": links}).encode()


def continuous(*features: Feature, not_after: datetime = NOT_AFTER) -> Response[datetime]:
    return parse_continuous([page(*features)], not_after=not_after)


def daily(*features: Feature) -> Response[date]:
    return parse_daily([page(*features)])


def rows(response: Response[Moment]) -> list[tuple[str, Moment, float, str | None, bool]]:
    """Return the measurements row by row; the columns must have one length for it."""
    found = response.measurements
    columns: Sequence[Sequence[Any]] = (
        found.series_index,
        found.moments,
        found.values,
        found.qualifiers,
        found.approved,
        found.modified,
    )
    assert {len(column) for column in columns} == {len(found)}
    return [
        (found.series[index].upstream_series_id or found.series[index].station_id, *rest)
        for index, *rest, _ in zip(*columns, strict=True)
    ]


def values(response: Response[Moment]) -> list[float]:
    return [value for _, _, value, _, _ in rows(response)]

"""What the agency really sent."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gaugehouse.domain.errors import NoDataAvailable
from gaugehouse.sources.usgs.nwis import parse_dv_response, parse_iv_response
from gaugehouse.sources.usgs.waterdata import parse_continuous, parse_daily, parse_locations, parse_series
from tests.real_files import USGS, requires_usgs_files
from tests.unit.sources.usgs.features import rows

pytestmark = requires_usgs_files
NOT_AFTER = datetime(2026, 8, 8, tzinfo=UTC)


def collection(name: str) -> list[bytes]:
    pages: dict[str, Any] = json.loads((USGS / "waterdata_features.json").read_bytes())
    return [json.dumps(pages[name]).encode()]


def test_continuous() -> None:
    found = parse_continuous(collection("continuous"), not_after=NOT_AFTER)
    series = "b36569a0067443ac9425e850a3ac7baa"
    assert rows(found) == [
        (series, datetime(2025, 1, 1, 0, 0, tzinfo=UTC), 1.76, None, True),
        (series, datetime(2025, 1, 1, 0, 15, tzinfo=UTC), 1.76, None, True),
    ]
    assert found.measurements.series[0].station_id == "06904500"
    assert (found.missing, found.rejected) == (0, {})


def test_latest_continuous() -> None:
    found = parse_continuous(collection("latest-continuous"), not_after=NOT_AFTER)
    assert [(series.parameter_code, series.unit) for series in found.measurements.series] == [
        ("00065", "ft"),
        ("00060", "ft^3/s"),
    ]
    assert found.measurements.values == [1.59, 535.0]


def test_daily() -> None:
    found = parse_daily(collection("daily"))
    assert [(moment, value) for _, moment, value, *_ in rows(found)] == [
        (date(2025, 12, 26), 20.2),
        (date(2026, 3, 19), 27.1),
    ]
    assert parse_daily(collection("latest-daily")).measurements.values == [774.0, 5.41]


def test_monitoring_locations() -> None:
    found, rejects = parse_locations(collection("monitoring-locations"))
    assert [(gauge.station_id, gauge.name, gauge.time_zone) for gauge in found] == [
        ("410252073314801", "CT-STM    2", "Etc/GMT+5"),
        ("410257073251001", "CT-NW    35", "Etc/GMT+5"),
    ]
    assert found[0].latitude == pytest.approx(41.047773) and found[0].elevation_ft == 9.0
    assert rejects == ()


def test_time_series_metadata() -> None:
    found = parse_series(collection("time-series-metadata"))
    assert {(each.parameter_code, each.statistic, each.method, each.is_primary) for each in found.series} == {
        ("00045", "00011", "", True),
        ("91060", "00003", "", True),
    }
    assert (found.rejects, found.left_out) == ((), {})


def test_legacy_instantaneous_values() -> None:
    found = parse_iv_response((USGS / "legacy_iv.json").read_bytes(), not_after=NOT_AFTER)
    assert len(found.measurements) == 20
    assert {(each.station_id, each.parameter_code, each.method) for each in found.measurements.series} == {
        (site, parameter, "") for site in ("01491000", "01645000") for parameter in ("00060", "00065")
    }
    assert found.measurements.moments[0] == datetime(2019, 2, 14, 5, tzinfo=UTC)
    assert found.measurements.values[:3] == [974.0, 974.0, 966.0]
    assert set(found.measurements.qualifiers) == {"A"} and all(found.measurements.approved)
    assert set(found.measurements.modified) == {datetime(2020, 2, 20, 21, 2, 27, 219000, tzinfo=UTC)}
    assert found.station_names["01645000"] == "SENECA CREEK AT DAWSONVILLE, MD"


def test_legacy_daily_values() -> None:
    found = parse_dv_response((USGS / "legacy_dv.json").read_bytes())
    assert [(station, moment.day, value) for station, moment, value, *_ in rows(found)] == [
        ("01491000", 14, 466.0),
        ("01491000", 15, 362.0),
        ("01645000", 14, 179.0),
        ("01645000", 15, 136.0),
    ]
    assert Counter(found.measurements.approved) == {False: 4}


def test_the_legacy_service_without_data() -> None:
    with pytest.raises(NoDataAvailable):
        parse_iv_response((USGS / "legacy_iv_empty.json").read_bytes(), not_after=NOT_AFTER)


def test_daily_documents_are_no_instantaneous_ones() -> None:
    with pytest.raises(NoDataAvailable) as raised:
        parse_iv_response((USGS / "legacy_dv.json").read_bytes(), not_after=NOT_AFTER)
    assert raised.value.response is not None and raised.value.response.rejected == {"not_instantaneous": 4}

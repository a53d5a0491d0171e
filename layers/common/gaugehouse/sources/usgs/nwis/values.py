"""Values of the legacy service: one parser for instantaneous values and one for daily values.

`documents` reads what a document and its series say of themselves, `reading` their values.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from gaugehouse.domain.errors import NoDataAvailable
from gaugehouse.domain.measurements import NONE_KNOWN, Moment, OtherSensors, Response
from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.sources.usgs.gathering import Gathering
from gaugehouse.sources.usgs.json_reading import garbage_collector_off
from gaugehouse.sources.usgs.nwis.documents import read_document, read_series
from gaugehouse.sources.usgs.nwis.reading import Reading
from gaugehouse.sources.usgs.readings import (
    UNKNOWN_AGE,
    MomentNumbers,
    NotAReading,
    read_day,
    read_reading_time,
)
from gaugehouse.sources.usgs.rejects import Rejects

SOURCE = "usgs_nwis"
_NO_STATISTIC = "00000"  # how this service says that a value is instantaneous


def parse_iv_response(
    content: bytes,
    *,
    not_after: datetime,
    modified: datetime | None = None,
    others: OtherSensors = NONE_KNOWN,
) -> Response[datetime]:
    """Read instantaneous values.

    A value later than `not_after` (aware; the poll's time and 15 minutes) or before 1900 is rejected.
    `modified` is when the document came, where it does not say itself when it was made. The document does not
    say which of several sensors is the primary one: `others` are known not to be. Raises: NoDataAvailable
    (not one valid measurement; it has the response), SourceUnavailable (empty, a web page or cut off),
    DocumentInvalid.
    """
    reading = Reading(
        Gathering(Rejects(SOURCE, "iv"), MomentNumbers(read_reading_time, not_after=not_after)),
        _instantaneous,
    )

    def others_of(station_id: str, parameter_code: str, _: str) -> Mapping[str, str]:
        return others.get((station_id, parameter_code, INSTANTANEOUS), {})

    return _parse(content, reading, modified, others_of)


def parse_dv_response(
    content: bytes, *, modified: datetime | None = None, others: OtherSensors = NONE_KNOWN
) -> Response[date]:
    """Read daily values, a series for each statistic. Otherwise as `parse_iv_response`."""
    reading = Reading(Gathering(Rejects(SOURCE, "dv"), MomentNumbers(read_day, not_after=None)), _daily)

    def others_of(station_id: str, parameter_code: str, statistic: str) -> Mapping[str, str]:
        return others.get((station_id, parameter_code, statistic), {})

    return _parse(content, reading, modified, others_of)


def _instantaneous(statistic: str) -> str:
    if statistic not in ("", _NO_STATISTIC, INSTANTANEOUS):
        raise NotAReading("not_instantaneous", "it is a daily statistic, and belongs to the daily values")
    return INSTANTANEOUS


def _daily(statistic: str) -> str:
    if statistic in ("", _NO_STATISTIC, INSTANTANEOUS):
        raise NotAReading("no_statistic", "it does not say which daily statistic it is")
    return statistic


def _parse(
    content: bytes,
    reading: Reading[Moment],
    modified: datetime | None,
    others_of: Callable[[str, str, str], Mapping[str, str]],
) -> Response[Moment]:
    rejects = reading.gathering.rejects
    name = f"USGS legacy {rejects.document} document"
    names: dict[str, str] = {}
    with garbage_collector_off():
        document = read_document(content, name)
        reading.modified = document.requested_at or modified or UNKNOWN_AGE
        for raw in document.series:
            for found in read_series(bytes(raw), rejects, others_of):
                if found.station_name:
                    names.setdefault(found.station_id, found.station_name)
                reading.read(found)
        response = reading.gathering.response(names)
    if not len(response.measurements):
        dropped = sum(response.rejected.values())
        raise NoDataAvailable(
            f"{name} has no valid measurement: {len(document.series)} series, {response.missing} values "
            f"missing, {dropped} rejected",
            response=response,
        )
    return response

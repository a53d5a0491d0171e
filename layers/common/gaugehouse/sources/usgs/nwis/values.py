"""Values of the legacy service: one parser for instantaneous values and one for daily values.

`documents` reads what a document and its series say of themselves, `reading` their values.
"""

from datetime import date, datetime

from gaugehouse.domain.errors import NoDataAvailable
from gaugehouse.domain.measurements import Moment, Response
from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.sources.usgs.gathering import Gathering
from gaugehouse.sources.usgs.json_reading import garbage_collector_off
from gaugehouse.sources.usgs.nwis.documents import read_document, read_series
from gaugehouse.sources.usgs.nwis.reading import Reading
from gaugehouse.sources.usgs.readings import UNKNOWN_AGE, MomentNumbers, NotAReading, read_day, read_instant
from gaugehouse.sources.usgs.rejects import Rejects

SOURCE = "usgs_nwis"
_NO_STATISTIC = "00000"  # how this service says that a value is instantaneous


def parse_iv_response(
    content: bytes, *, not_after: datetime, modified: datetime | None = None
) -> Response[datetime]:
    """Read instantaneous values.

    A value later than `not_after` (aware; the poll's time and 15 minutes) is rejected. `modified` is when
    the document came, where it does not say itself when it was made. Raises: NoDataAvailable (not one valid
    measurement; it has the response), SourceUnavailable (empty, a web page or cut off), DocumentInvalid.
    """
    moments = MomentNumbers(read_instant, not_after=not_after)
    return _parse(content, Reading(Gathering(Rejects(SOURCE, "iv"), moments), _instantaneous), modified)


def parse_dv_response(content: bytes, *, modified: datetime | None = None) -> Response[date]:
    """Read daily values, a series for each statistic. Raises as `parse_iv_response`."""
    moments = MomentNumbers(read_day, not_after=None)
    return _parse(content, Reading(Gathering(Rejects(SOURCE, "dv"), moments), _daily), modified)


def _instantaneous(statistic: str) -> str:
    if statistic not in ("", _NO_STATISTIC, INSTANTANEOUS):
        raise NotAReading("not_instantaneous", "it is a daily statistic, and belongs to the daily values")
    return INSTANTANEOUS


def _daily(statistic: str) -> str:
    if statistic in ("", _NO_STATISTIC, INSTANTANEOUS):
        raise NotAReading("no_statistic", "it does not say which daily statistic it is")
    return statistic


def _parse(content: bytes, reading: Reading[Moment], modified: datetime | None) -> Response[Moment]:
    rejects = reading.gathering.rejects
    name = f"USGS legacy {rejects.document} document"
    names: dict[str, str] = {}
    with garbage_collector_off():
        document = read_document(content, name)
        reading.modified = document.requested_at or modified or UNKNOWN_AGE
        for raw in document.series:
            for found in read_series(bytes(raw), rejects):
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

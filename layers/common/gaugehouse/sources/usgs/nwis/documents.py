"""A document of the legacy service: its series, and what each of them says of itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape

import msgspec

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.sources.usgs.json_reading import UNREADABLE, decode
from gaugehouse.sources.usgs.nwis.sensors import name_sensors
from gaugehouse.sources.usgs.readings import read_modified
from gaugehouse.sources.usgs.rejects import Rejects
from gaugehouse.sources.usgs.station_ids import station_id_of
from gaugehouse.sources.usgs.texts import LONGEST_NAME, LONGEST_UNIT, clean

# A hundred sites with a year of 15-minute values are far less; a longer window is asked for in parts.
MAX_BYTES = 200_000_000
_LONGEST_METHOD = 100


class _Code(msgspec.Struct):
    value: str
    agencyCode: str = "USGS"  # noqa: N815 - the agency's names, here and below


class _Source(msgspec.Struct):
    siteCode: list[_Code]  # noqa: N815
    siteName: str | None = None  # noqa: N815


class _Unit(msgspec.Struct):
    unitCode: str | None = None  # noqa: N815


class _Option(msgspec.Struct):
    optionCode: str | None = None  # noqa: N815


class _Options(msgspec.Struct):
    option: list[_Option] = []


class _Variable(msgspec.Struct):
    variableCode: list[_Code]  # noqa: N815
    unit: _Unit = msgspec.field(default_factory=_Unit)
    options: _Options = msgspec.field(default_factory=_Options)
    noDataValue: float | None = None  # noqa: N815


class _Method(msgspec.Struct):
    methodDescription: str | None = None  # noqa: N815
    methodID: int | str | None = None  # noqa: N815


class _Values(msgspec.Struct):
    value: msgspec.Raw
    method: list[_Method] = []


class _TimeSeries(msgspec.Struct):
    sourceInfo: _Source  # noqa: N815
    variable: _Variable
    values: list[_Values] = []


class _Note(msgspec.Struct):
    title: str | None = None
    value: object = None


class _QueryInfo(msgspec.Struct):
    note: list[_Note] = []


class _Value(msgspec.Struct):
    timeSeries: list[msgspec.Raw]  # noqa: N815
    queryInfo: _QueryInfo | None = None  # noqa: N815


class _Document(msgspec.Struct):
    value: _Value


_decode_series = msgspec.json.Decoder(_TimeSeries).decode
_DECODER = msgspec.json.Decoder(_Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodValues:
    """The values of one method of one series, not yet decoded. `statistic` is the agency's code, or empty."""

    station_id: str
    station_name: str
    parameter_code: str
    statistic: str
    unit: str
    method: str
    no_data_value: float | None
    values: msgspec.Raw

    @property
    def whose(self) -> str:
        """Return how a reject names them."""
        method = f" method {self.method}" if self.method else ""
        return f"station {self.station_id} parameter {self.parameter_code} statistic {self.statistic}{method}"


@dataclass(frozen=True, slots=True)
class LegacyDocument:
    """The envelope of a document. `requested_at` is when the agency made it; None where it does not say."""

    series: list[msgspec.Raw]
    requested_at: datetime | None


def read_document(content: bytes, name: str) -> LegacyDocument:
    """Read the envelope.

    Raises: SourceUnavailable (empty, a web page or cut off), DocumentInvalid (JSON of another kind, or
    larger than we take).
    """
    if len(content) > MAX_BYTES:
        raise DocumentInvalid(f"{name} has {len(content)} bytes, more than {MAX_BYTES}")
    value = decode(_DECODER, content, name).value
    notes = value.queryInfo.note if value.queryInfo else []
    said = next((note.value for note in notes if note.title == "requestDT"), None)
    return LegacyDocument(value.timeSeries, None if said is None else read_modified(said))


def read_series(
    raw: bytes, rejects: Rejects, others_of: Callable[[str, str, str], Mapping[str, str]]
) -> Iterator[MethodValues]:
    """Read what a series says of itself, once for each of its methods; without an identity it is rejected.

    `others_of` station, parameter and statistic are the methods that are known not to be the primary one.
    """
    try:
        found = _decode_series(raw)
        site, variable = found.sourceInfo.siteCode[0], found.variable
        station_id = station_id_of(f"{site.agencyCode}-{site.value}")
        parameter_code = clean(variable.variableCode[0].value, 10)
    except (*UNREADABLE, IndexError):
        rejects.add("unreadable_series", "a series", "its site, variable or values are missing or odd", raw)
        return
    if station_id is None or not parameter_code:
        rejects.add("unknown_series", "a series", "its site or parameter is none", raw)
        return
    options = found.variable.options.option
    statistic = clean(options[0].optionCode, 10) if options else ""
    others = others_of(station_id, parameter_code, statistic)
    methods = _methods([values.method for values in found.values], others)
    for values, method in zip(found.values, methods, strict=True):
        yield MethodValues(
            station_id=station_id,
            station_name=clean(unescape(found.sourceInfo.siteName or ""), LONGEST_NAME),
            parameter_code=parameter_code,
            statistic=statistic,
            unit=clean(unescape(variable.unit.unitCode or ""), LONGEST_UNIT),
            method=method,
            no_data_value=variable.noDataValue,
            values=values.value,
        )


def _methods(described: list[list[_Method]], others: Mapping[str, str]) -> list[str]:
    """Name the methods of a series. Empty ones count: a sensor without values today may have some again."""
    methods = [each[0] if each else _Method() for each in described]
    return name_sensors(
        [clean(unescape(method.methodDescription or ""), _LONGEST_METHOD) for method in methods],
        [
            clean(str(method.methodID), 40) if method.methodID is not None else f"method {number}"
            for number, method in enumerate(methods, 1)
        ],
        others,
    )

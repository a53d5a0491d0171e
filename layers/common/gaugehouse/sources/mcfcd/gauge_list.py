"""The agency's list of rain gauges, `ev_rain.txt`: name, city, id, elevation, 6 h and 24 h rainfall.

A title with the time of the report, then a rule of dashes whose runs give the columns, then a row a
gauge. Names and zones can be longer than their columns, so a row is anchored on its four numbers (id,
elevation, two rainfalls) and the rule divides only what stands before and after them. `----` is missing.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download, GaugeList, RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.rainfall import ABSURD_FROM_INCHES
from gaugehouse.sources.http import download, refuse_page
from gaugehouse.sources.mcfcd.arizona_time import at_clock, read_day, to_utc

if TYPE_CHECKING:
    import requests

SOURCE = "mcfcd_gauge_list"
FILE_NAME = "ev_rain.txt"
# The real list has 378 rows and 63 kB.
MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_LINE_LENGTH = 1_000

_RULE = re.compile(r"\s*-{3,}(?:\s+-{3,}){7}\s*")
_STAMP = re.compile(r"Ending\s+(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\s+at\s+(\d{1,2}:?\d{2})\b", re.IGNORECASE)
_RAINFALL = r"-?[0-9]*\.?[0-9]+|-{2,}"
_ELEVATION = r"-?[0-9]+(?:\.[0-9]+)?|-{2,}"
_NUMBERS = re.compile(rf"\s([0-9]{{4,5}})\s+({_ELEVATION})\s+({_RAINFALL})\s+({_RAINFALL})(?=\s|$)")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def gauge_list_url(base_url: str) -> str:
    """Return the address of the gauge list."""
    return f"{base_url.rstrip('/')}/alert/Rain/{FILE_NAME}"


def fetch_gauge_list(session: "requests.Session", base_url: str) -> Download:
    """Download the gauge list. Raises as `sources.http.download` does."""
    document = download(session, gauge_list_url(base_url), max_bytes=MAX_BYTES)
    if document is None:  # only an answer to an ETag, and none was sent
        raise SourceUnavailable(f"{gauge_list_url(base_url)} answered without a document")
    return document


def parse_gauge_list(content: bytes) -> GaugeList:
    """Read the list. `entries` keeps every readable row in order; rows that share an id are all there.

    A row that cannot be read becomes a reject (`unreadable_row`, `control_character`), and so does a
    rainfall that cannot be (`negative_rainfall`, `absurd_rainfall`), whose gauge stays with None.
    Raises: SourceUnavailable (empty, a web page, or cut off before the first row), DocumentInvalid.
    """
    refuse_page(content, FILE_NAME)
    if len(content) > MAX_BYTES:
        raise DocumentInvalid(f"{FILE_NAME} has {len(content)} bytes, more than {MAX_BYTES}")
    # splitlines would also split at form feeds and other rarities inside a name.
    lines = [line.rstrip("\r") for line in _decode(content).split("\n")]
    rule_at = next((index for index, line in enumerate(lines) if _RULE.fullmatch(line)), None)
    if rule_at is None:
        raise DocumentInvalid(
            f"{FILE_NAME} has no rule of eight dash runs among its {len(lines)} lines, so its columns are "
            f"unknown; line 1 is {_printable(lines[0])!r}"
        )
    observed_at = _observed_at(lines[:rule_at])
    rows = [(number, line) for number, line in enumerate(lines, 1) if number > rule_at + 1 and line.strip()]
    if not rows:
        raise SourceUnavailable(f"{FILE_NAME} ends at its rule (line {rule_at + 1}) without one gauge")
    if len(rows) > MAX_ROWS:
        raise DocumentInvalid(f"{FILE_NAME} has {len(rows)} rows, more than {MAX_ROWS}")
    return _read_rows(rows, lines[rule_at], observed_at)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _observed_at(head: list[str]) -> datetime:
    for number, line in enumerate(head, 1):
        match = _STAMP.search(line)
        if match is None:
            continue
        day = read_day(match[1], match[2], match[3])
        local = None if day is None else at_clock(day, match[4])
        if local is None:
            raise DocumentInvalid(f"{FILE_NAME} line {number}: {match[0]!r} is not a time")
        return to_utc(local)
    raise DocumentInvalid(
        f"{FILE_NAME} has no line like '6 and 24 Hours Ending 12/31/25 at 1418' above its rule "
        f"(line {len(head) + 1})"
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a usual row has its city, its id, the end of its numbers, and its location."""

    city: int
    station_id: int
    numbers_end: int
    location: int


def _read_rows(rows: list[tuple[int, str]], rule: str, observed_at: datetime) -> GaugeList:
    entries: list[GaugeSummary] = []
    rejects: list[RejectedRecord] = []
    columns = _columns(rule, rows)
    for number, line in rows:
        text = line.expandtabs()
        if _RULE.fullmatch(text):
            continue
        if _CONTROL_CHARACTER.search(text):
            rejects.append(_reject("control_character", number, line, "holds a control character"))
            continue
        entry = _read_row(text, columns, observed_at)
        if entry is None:
            rejects.append(_reject("unreadable_row", number, line, "is not a row of the list"))
            continue
        past_6h, past_24h = entry.rainfall_past_6h_inches, entry.rainfall_past_24h_inches
        if reason := _why_impossible(past_6h) or _why_impossible(past_24h):
            rejects.append(_reject(reason, number, line, "has an impossible rainfall; the gauge is kept"))
            entry = replace(
                entry,
                rainfall_past_6h_inches=None if _why_impossible(past_6h) else past_6h,
                rainfall_past_24h_inches=None if _why_impossible(past_24h) else past_24h,
            )
        entries.append(entry)
    if not entries:
        raise DocumentInvalid(
            f"{FILE_NAME}: none of its {len(rows)} rows could be read; "
            f"line {rows[0][0]} is {_printable(rows[0][1])!r}"
        )
    return GaugeList(observed_at=observed_at, entries=tuple(entries), rejects=tuple(rejects))


def _columns(rule: str, rows: list[tuple[int, str]]) -> _Columns:
    starts = [run.start() for run in re.finditer(r"-+", rule)]
    found = (_NUMBERS.search(line[:MAX_LINE_LENGTH]) for _, line in rows)
    spans = Counter((match.start(1), match.end()) for match in found if match is not None)
    # Ids stand a little off their column, so the usual row says where, and an overflow shows against it.
    (id_at, numbers_end), _ = spans.most_common(1)[0] if spans else ((starts[2], starts[6]), 0)
    return _Columns(city=starts[1], station_id=id_at, numbers_end=numbers_end, location=starts[7])


def _read_row(line: str, columns: _Columns, observed_at: datetime) -> GaugeSummary | None:
    numbers = _NUMBERS.search(line) if len(line) <= MAX_LINE_LENGTH else None
    if numbers is None:
        return None
    pushed = numbers.start(1) - columns.station_id
    name, city = _divide_name_and_city(line[: numbers.start(1)], columns.city, pushed)
    if not name:
        return None
    after = line[numbers.end() :]
    zone, location = _divide_zone_and_location(after, columns.location - columns.numbers_end)
    return GaugeSummary(
        station_id=numbers[1],
        gauge_name=name,
        city_town=city or None,
        elevation_ft=_number(numbers[2]),
        rainfall_past_6h_inches=_number(numbers[3]),
        rainfall_past_24h_inches=_number(numbers[4]),
        msp_forecast_zone=None if zone in ("", "None") else zone,
        general_location=location or None,
        observed_at=observed_at,
    )


def _divide_name_and_city(text: str, at: int, pushed: int) -> tuple[str, str]:
    """Divide where the city's column begins, or where a longer name has pushed it; ("", "") is neither.

    A name that fills its column is followed by one space; padding between would mean that the city is
    what is too long.
    """
    behind_long_name = at + pushed
    if pushed > 0 and text[behind_long_name - 1 : behind_long_name].isspace():
        name = text[: behind_long_name - 1]
        if len(name.rstrip()) == len(name) and "  " not in name.lstrip():
            return name.strip(), text[behind_long_name:].strip()
    if text[at - 1 : at].isspace():
        return text[:at].strip(), text[at:].strip()
    return "", ""


def _divide_zone_and_location(text: str, at: int) -> tuple[str, str]:
    """Divide where the location's column begins; a zone that runs into it ends at its next space."""
    if text[at - 1 : at].strip() and text[at : at + 1].strip():
        space = text.find(" ", at)
        at = len(text) if space == -1 else space
    return text[:at].strip(), text[at:].strip()


def _number(text: str) -> float | None:
    return None if text.startswith("--") else float(text)


def _why_impossible(inches: float | None) -> str | None:
    if inches is None or 0 <= inches < ABSURD_FROM_INCHES:
        return None
    return "negative_rainfall" if inches < 0 else "absurd_rainfall"


def _reject(reason: str, number: int, line: str, problem: str) -> RejectedRecord:
    return RejectedRecord(
        source=SOURCE, reason=reason, raw=_printable(line), detail=f"{FILE_NAME} line {number} {problem}"
    )


def _printable(text: str) -> str:
    """Show control characters as escapes: PostgreSQL refuses NUL, and a person sees none of them."""
    bounded = text[: RejectedRecord.MAX_RAW_LENGTH // 4]  # an escape is four characters long
    return _CONTROL_CHARACTER.sub(lambda match: f"\\x{ord(match[0]):02x}", bounded)

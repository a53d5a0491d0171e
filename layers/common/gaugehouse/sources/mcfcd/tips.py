"""The page of one gauge's transmissions: what its tipping counter said, and when.

HTML with unbalanced tags. The first `<PRE>` holds the gauge (`59700 Aztec Park`), the second one row a
transmission, newest first: `MM/DD/YYYY HH:MM:SS cumulative incremental`, Arizona time. The cumulative
counter starts again on 1 October. The increments are rounded one by one and add up to too much (1.88 where
the counter says 1.85), so they are not used. The newer page has one more number in a row, which is not used
either. A missing transmission is simply absent.
"""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlencode

from gaugehouse.domain.documents import Download, RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.live_rain import Tip, TipRecord
from gaugehouse.domain.rainfall import ABSURD_FROM_INCHES
from gaugehouse.sources.http import download
from gaugehouse.sources.mcfcd.arizona_time import read_day, to_utc
from gaugehouse.sources.mcfcd.text_reports import printable

if TYPE_CHECKING:
    import requests

SOURCE = "mcfcd_tips"
Method = Literal["GET", "POST"]
MAX_BYTES = 2_000_000
MOST_ROWS = 1000  # asked for; the agency keeps a month, which is some 200 rows

_PRE = re.compile(r"<\s*pre\b[^>]*>", re.IGNORECASE)
_END = re.compile(r"<\s*/\s*pre\s*>", re.IGNORECASE)
_HEADING = re.compile(r"\s*([0-9]{4,5})[ \t]+([^<\r\n]*[^<\s])")
_ROW = re.compile(r"(\d{2})/(\d{2})/(\d{4})\s+(\d{2}):(\d{2}):(\d{2})\s+(\S+)\s+(\S+)(?:\s+(\S+))?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")


def fetch_tips(
    session: "requests.Session",
    base_url: str,
    station_id: str,
    *,
    path: str = "/php/showdata4.php",
    method: Method = "GET",
    rows: int = MOST_ROWS,
) -> Download:
    """Download the page with the newest `rows` transmissions of a gauge. Raises as `download` does.

    The agency has two such pages: one is asked by GET (`ID`, `NM`), a newer one by POST (`ID1`, `ST`, `NM`).
    """
    url = f"{base_url.rstrip('/')}{path}"
    if method == "POST":
        form = {"ID1": station_id, "ST": "rain", "NM": str(rows)}
        return download(session, url, max_bytes=MAX_BYTES, form=form)
    query = urlencode({"ID": station_id, "NM": rows})
    return download(session, f"{url}?{query}", max_bytes=MAX_BYTES)


def parse_tips(content: bytes, *, station_id: str, not_after: datetime) -> TipRecord:
    """Read the page of one gauge. A page without a row is an empty record: the gauge is silent.

    `not_after` (aware, UTC) is the latest time that a transmission can have. Rows are put in order, and of
    two of one moment the one that the page has first, the newer, counts. What cannot be read or cannot be
    becomes a reject: `unreadable_row`, `not_a_number`, `not_a_time`, `negative_counter`, `absurd_counter`,
    `future_time`, `another_counter`.
    Raises: SourceUnavailable (no such page, or cut off), DocumentInvalid (another gauge's page, or none of
    its rows can be read).
    """
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    name = f"tips page of {station_id}"
    parts = _PRE.split(text, maxsplit=2)
    if len(parts) < 3:
        beginning = " ".join(text[:80].split())
        raise SourceUnavailable(f"{name} has no table of transmissions; it begins: {printable(beginning)!r}")
    heading = _HEADING.match(parts[1])
    if heading is None:
        raise DocumentInvalid(f"{name} names no gauge; its heading is {printable(parts[1][:60])!r}")
    if heading[1] != station_id:
        raise DocumentInvalid(f"{name} is of gauge {heading[1]} {heading[2]!r}")
    end = _END.search(parts[2])
    if end is None:  # its last row may be half a row: 1.8 of 1.85
        raise SourceUnavailable(f"{name} was cut off: its table has no end")
    first_line = text[: len(text) - len(parts[2])].count("\n") + 1
    lines = parts[2][: end.start()].split("\n")
    tips, rejects = _read_rows(enumerate(lines, first_line), name, not_after)
    if rejects and not tips:
        raise DocumentInvalid(f"{name}: none of its rows could be read; {rejects[0].detail}")
    return TipRecord(
        station_id=station_id,
        gauge_name=" ".join(html.unescape(heading[2]).split()),
        tips=tuple(tips),
        rejects=tuple(rejects),
    )


class _Fault(NamedTuple):
    reason: str
    problem: str


def _read_rows(
    lines: Iterable[tuple[int, str]], name: str, not_after: datetime
) -> tuple[list[Tip], list[RejectedRecord]]:
    counters: dict[datetime, float] = {}
    rejects: list[RejectedRecord] = []
    for number, line in lines:
        text = line.strip()
        if not text or (not counters and not text[0].isdigit()):  # the titles above the first row
            continue
        found = _read_row(text, not_after)
        if isinstance(found, Tip):
            counter = counters.setdefault(found.observed_at, found.counter_inches)
            if counter == found.counter_inches:
                continue
            found = _Fault("another_counter", f"says {found.counter_inches} where a row above says {counter}")
        rejects.append(
            RejectedRecord(
                source=SOURCE,
                reason=found.reason,
                raw=printable(text),
                detail=f"{name} line {number} {found.problem}",
            )
        )
    return [Tip(moment, counters[moment]) for moment in sorted(counters)], rejects


def _read_row(text: str, not_after: datetime) -> Tip | _Fault:
    row = _ROW.fullmatch(text)
    if row is None:
        return _Fault("unreadable_row", "is not a row of date, time, counter and increment")
    columns = ("counter", "increment", "last column")
    for column, cell in zip(columns, row.groups()[6:], strict=True):
        if cell is not None and not _NUMBER.fullmatch(cell):
            return _Fault("not_a_number", f"has a {column} that is no number")
    moment, counter = _moment(row), float(row[7])
    if moment is None:
        return _Fault("not_a_time", "has a date or time that does not exist")
    return _why_impossible(moment, counter, not_after) or Tip(moment, counter)


def _why_impossible(moment: datetime, counter: float, not_after: datetime) -> _Fault | None:
    if moment > not_after:
        return _Fault("future_time", "has a time that is still to come")
    if counter < 0:
        return _Fault("negative_counter", "has a counter below 0")
    if counter >= ABSURD_FROM_INCHES:
        return _Fault("absurd_counter", f"has a counter of {ABSURD_FROM_INCHES:g} in or more")
    return None


def _moment(row: re.Match[str]) -> datetime | None:
    day = read_day(row[1], row[2], row[3])
    if day is None:
        return None
    try:
        return to_utc(datetime(day.year, day.month, day.day, int(row[4]), int(row[5]), int(row[6])))  # noqa: DTZ001
    except ValueError:
        return None

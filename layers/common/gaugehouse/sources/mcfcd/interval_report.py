"""The agency's multi-interval report, `prpt.txt`: rainfall of the last 15 minutes to 72 hours of every gauge.

Laid out like the gauge list: `Generated 12/31/25 @ 1429 hrs MST`, a rule of dashes whose runs give the
columns, then a row a gauge: name, id, and inches in 15 min, 1, 3, 6, 24 and 72 h. A row is anchored on its id
and the six totals behind it. `----` is missing, and a row may be partly missing.
"""

import re
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download, RejectedRecord
from gaugehouse.domain.live_rain import INTERVALS_HOURS, IntervalReport, IntervalTotals
from gaugehouse.sources.http import download
from gaugehouse.sources.mcfcd.text_reports import (
    MAX_BYTES,
    MAX_LINE_LENGTH,
    RAINFALL_CELL,
    Layout,
    divide_name_and_city,
    open_report,
    read_number,
    why_impossible,
)

if TYPE_CHECKING:
    import requests

SOURCE = "mcfcd_rainfall"
FILE_NAME = "prpt.txt"

_LAYOUT = Layout(
    source=SOURCE,
    file_name=FILE_NAME,
    rule=re.compile(rf"\s*-{{3,}}(?:\s+-{{3,}}){{{len(INTERVALS_HOURS)},}}\s*"),
    columns="at least seven dash runs",
    stamp=re.compile(
        r"Generated\s+(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\s+(?:@|at)\s+(\d{1,2}:?\d{2})\b", re.IGNORECASE
    ),
    stamp_example="Generated 12/31/25 @ 1429 hrs MST",
)
# Not followed by one more decimal: then the id was a number of the name.
_TOTALS = re.compile(
    r"(?:^|\s)([0-9]{4,5})"
    + rf"\s+({RAINFALL_CELL})" * len(INTERVALS_HOURS)
    + r"(?=\s|$)(?!\s+[0-9]*\.[0-9]+(?:\s|$))",
    re.ASCII,
)


def interval_report_url(base_url: str) -> str:
    """Return the address of the multi-interval report."""
    return f"{base_url.rstrip('/')}/alert/Rain/{FILE_NAME}"


def fetch_interval_report(session: "requests.Session", base_url: str) -> Download:
    """Download the report. Raises as `sources.http.download` does."""
    return download(session, interval_report_url(base_url), max_bytes=MAX_BYTES)


def parse_interval_report(content: bytes) -> IntervalReport:
    """Read the report. `entries` keeps every readable row in order; rows that share an id are all there.

    A row that cannot be read becomes a reject (`unreadable_row`, `control_character`), and so does a total
    that cannot be (`negative_rainfall`, `absurd_rainfall`), which is None then; the row's others stay.
    Raises: SourceUnavailable (empty, a web page, or cut off before the first row), DocumentInvalid.
    """
    report = open_report(content, _LAYOUT)
    entries: list[IntervalTotals] = []
    rejects: list[RejectedRecord] = []
    starts = report.column_starts
    id_at, _ = report.usual_span(_TOTALS) or (starts[-len(INTERVALS_HOURS) - 1], 0)
    city_at = starts[1] if len(starts) > 1 and starts[1] < id_at - _LONGEST_ID else None
    for number, line, text in report.texts(rejects):
        totals = _TOTALS.search(text) if len(text) <= MAX_LINE_LENGTH else None
        name = None if totals is None else _name(text, totals, city_at, totals.start(1) - id_at)
        if totals is None or name is None:
            rejects.append(_LAYOUT.reject("unreadable_row", number, line, "is not a row of the report"))
            continue
        inches = [read_number(cell) for cell in totals.groups()[1:]]
        for hours, total in zip(INTERVALS_HOURS, inches, strict=True):
            if reason := why_impossible(total):
                problem = f"has an impossible total of {hours:g} h; the gauge's others are kept"
                rejects.append(_LAYOUT.reject(reason, number, line, problem))
        entries.append(
            IntervalTotals(
                station_id=totals[1],
                gauge_name=name,
                totals_inches=tuple(None if why_impossible(total) else total for total in inches),
            )
        )
    if not entries:
        raise report.none_readable()
    return IntervalReport(observed_at=report.observed_at, entries=tuple(entries), rejects=tuple(rejects))


_LONGEST_ID = 5


def _name(text: str, totals: re.Match[str], city_at: int | None, pushed: int) -> str | None:
    """Return the gauge's name: before the id, without the city where the report has one, else behind it."""
    before = text[: totals.start(1)]
    if not before.strip():
        return text[totals.end() :].strip() or None
    name = before.strip() if city_at is None else divide_name_and_city(before, city_at, pushed)[0]
    return name or None

"""One footnote: its text, and the outages, qualities and first days that it tells of."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gaugehouse.domain.water_year import water_year_start
from gaugehouse.sources.mcfcd.arizona_time import read_day
from gaugehouse.sources.mcfcd.footnotes.moments import DAY, Page, nearest_day, nearest_span, page_of
from gaugehouse.sources.mcfcd.notes import days_named
from gaugehouse.sources.mcfcd.outages import Outage
from gaugehouse.sources.mcfcd.workbook.cells import text_of

MAX_LENGTH = 2_000
_MAX_CAUSE_LENGTH = 200
_OK, _INCOMPLETE, _ESTIMATED = 1, 2, 3

_NUMBER = re.compile(r"(?:\((\d{1,3})\)|(\d{1,3})\.)\s*")
_ID = r"[0-9]{4,5}\b(?!\s*mm)"
_IDS = rf"{_ID}(?:[\s,&]+(?:and\s+)?{_ID})*"
_GAUGES = re.compile(rf"\b(?:gages?|gauges?|stations?)\s+(?:(?:id|no)\b\.?\s*|#\s*)?({_IDS})", re.IGNORECASE)

_COUNT = r"(?:\s*(?:\([^()]{0,12}\)|\d{1,6}(?![\d/:])))?"
_CLOCK = r"(?:\s+(\d{1,2}:\d{2}|\d{4}(?!\d))\b)?(?:\s+\?)?"
_END_OF_MONTH = r"(?:the\s+)?end\s+of\s+(?:the\s+)?month"
_DOWN = re.compile(
    rf"""\b(?P<word>down|and(?:\s+again)?)\s+(?:from|since)\s+(?:({DAY}){_CLOCK}|\?){_COUNT}
    (?:\s*(?:through|thru|until|till|to|[-\u2013])\s*
       (?:(?P<end_of_month>{_END_OF_MONTH})|(?:({DAY}){_CLOCK}|\?){_COUNT}))?""",
    re.IGNORECASE | re.VERBOSE,
)
_Span = tuple[datetime | None, datetime | None, str | None]  # start, end, cause
_START, _START_CLOCK, _END, _END_CLOCK = 2, 3, 5, 6  # groups of _DOWN

_ARTICLE = r"(?:an?\s+|the\s+)?"
_END_OF_CAUSE = r"(?=\s+(?:for|during)\s+(?:all|much|most|the)\b|\s*[;,]|\.\s|\.?\s*$)"
_CAUSE_NEXT = re.compile(
    rf"\s*,?\s*(?:due\s+to|because\s+of|for|with)\s+{_ARTICLE}(.*?){_END_OF_CAUSE}", re.IGNORECASE
)
_CAUSE_ANYWHERE = re.compile(
    rf"\b(?:due\s+to|because\s+of|down\s+with|down\s+for)\s+{_ARTICLE}(.*?){_END_OF_CAUSE}", re.IGNORECASE
)

_OUT_OF_SERVICE = re.compile(r"\bout[\s-]of[\s-]service\b", re.IGNORECASE)
_WHOLE_MONTH = re.compile(
    r"\b(?:down|no\s+(?:rain|data)|not\s+record\w*)\b[^;.]{0,80}?"
    r"\b(?:all|much|most|rest|whole|entire|during)\b[^;.]{0,20}?\bmonth\b",
    re.IGNORECASE,
)
_MISSED = re.compile(
    rf"\bmissed\s+(?:(?:the|an?|any|several)\s+)?events?\s+(?:on|of|from|for)\s+({DAY})"
    rf"(?:\s*(?:through|thru|to|and|[-\u2013&])\s*(?:({DAY})|(\d{{1,2}})\b))?",
    re.IGNORECASE,
)
_INSTALLED = re.compile(rf"\b(?:installed|established)\s+(?:on\s+)?({DAY})", re.IGNORECASE)
_DOWN_ALL_YEAR = re.compile(r"\bconsidered\s+down\s+for\s+all\s+of\s+WY\s?(\d{4}|\d{2})\b", re.IGNORECASE)

_NOTHING_LOST = re.compile(
    r"\bno\s+rain\s+fell\b|\bdata\s+(?:was\s+|were\s+)?re(?:cover|stor)ed\b", re.IGNORECASE
)
_LOST = re.compile(
    r"\bno\s+estimates?\b|\b(?:incomplete|inaccurate)\b|\bevents?\s+missed\b|\bmissed\s+(?:\w+\s+)?events?\b",
    re.IGNORECASE,
)
_ESTIMATE = re.compile(r"\best(?:\.|imated?)", re.IGNORECASE)
_ASSIGNED = re.compile(r"\bassigned\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootnoteReading:
    """What one footnote says of the gauges that it names.

    `text` is one line, with its number. `begins` is the day on which the gauge was installed. What is not
    `understood` is worth its text only, though an outage in it may be.
    """

    place: str
    text: str
    station_ids: tuple[str, ...]
    outages: tuple[Outage, ...]
    begins: date | None
    understood: bool


def read_footnote(text: str, *, place: str, month: date, marked: str | None = None) -> FootnoteReading:
    """Read a footnote on the page of `month` (any day of it); `place` names sheet or page and its number.

    `marked` is the gauge where its mark stands, which counts where the text names none. Outages carry the
    footnote's own words as notes, its code (1 OK, 2 incomplete, 3 estimated) and naive Arizona times; one
    without times is taken for the whole month. Nothing in it raises.
    """
    line = (text_of(text[: 4 * MAX_LENGTH]) or "")[:MAX_LENGTH]
    said = _NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line
    gauges = _GAUGES.search(said)
    station_ids = tuple(dict.fromkeys(re.findall(r"[0-9]{4,5}", gauges[1]))) if gauges else ()
    page = page_of(month)
    code = _code(said, page)
    outages = tuple(
        Outage(start=start, end=end, cause=cause, notes=said, code=code)
        for start, end, cause in _spans(said, page)
    )
    installed = None if outages else _INSTALLED.search(said)
    begins = nearest_day(installed[1], page) if installed else None
    station_ids = station_ids or ((marked,) if marked else ())
    judged = code is not None or bool(_DOWN_ALL_YEAR.search(said) or _OUT_OF_SERVICE.search(said))
    timed = bool(outages) and all(outage.span is not None for outage in outages)
    return FootnoteReading(
        place=place,
        text=line,
        station_ids=station_ids,
        outages=outages,
        begins=begins,
        understood=bool(station_ids) and (begins is not None or (timed and judged)),
    )


def read_number(text: str) -> int | None:
    """Return the number that a footnote begins with (`1.`, `(1)`); None where it begins otherwise."""
    match = _NUMBER.match(text_of(text[:MAX_LENGTH]) or "")
    return int(match[1] or match[2]) if match else None


def _spans(said: str, page: Page) -> list[_Span]:
    """Return start, end and cause of each outage that a footnote tells of."""
    whole_month = datetime.combine(page.first, time.min), datetime.combine(page.after, time.min)
    if _OUT_OF_SERVICE.search(said):
        return [(*whole_month, "out of service")]
    spans: list[_Span] = []
    year = _DOWN_ALL_YEAR.search(said)
    for down in _DOWN.finditer(said):
        if not spans and down["word"].lower() != "down":
            continue
        start, end = nearest_span(down[_START], down[_START_CLOCK], down[_END], down[_END_CLOCK], page)
        cause = _CAUSE_NEXT.match(said, down.end()) or _CAUSE_ANYWHERE.search(said)
        spans.append((_since(year, start), whole_month[1] if down["end_of_month"] else end, _cause(cause)))
    if spans:
        return spans
    if missed := _MISSED.search(said):
        last = missed[2] or (re.sub(r"\d{1,2}$", missed[3], missed[1]) if missed[3] else missed[1])
        return [(*nearest_span(missed[1], None, last, None, page), None)]
    if _WHOLE_MONTH.search(said):
        return [(*whole_month, _cause(_CAUSE_ANYWHERE.search(said)))]
    return []


def _since(year: re.Match[str] | None, start: datetime | None) -> datetime | None:
    first = read_day("1", "1", year[1]) if year else None
    if first is None:
        return start
    began = datetime.combine(water_year_start(first.year), time.min)
    return began if start is None else min(began, start)


def _cause(match: re.Match[str] | None) -> str | None:
    """Return the agency's word for a cause; `_____` is none."""
    return (match[1].strip(" _?-.")[:_MAX_CAUSE_LENGTH] or None) if match else None


def _code(said: str, page: Page) -> int | None:
    """Return what a footnote makes of the values, as DownTime's codes; None where it says nothing."""
    if _NOTHING_LOST.search(said):
        return _OK
    if _LOST.search(said):
        return _INCOMPLETE
    if _ESTIMATE.search(said):
        return _ESTIMATED
    if _ASSIGNED.search(said) and days_named(said, page.first, page.after - timedelta(days=1)):
        return _OK
    return None

"""What MCFCD's text reports of all gauges have in common: titles with a time, a rule of dashes, rows.

The runs of the rule give the columns. Names can be longer than their column, so a row is anchored on its
station id and the numbers behind it, and the rule divides only what stands before and after them.
`----` is missing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.rainfall import ABSURD_FROM_INCHES
from gaugehouse.sources.http import refuse_page
from gaugehouse.sources.mcfcd.arizona_time import at_clock, read_day, to_utc

# The real reports have 378 rows and 63 kB.
MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_LINE_LENGTH = 1_000

RAINFALL_CELL = r"-?[0-9]*\.?[0-9]+|-{2,}"
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one kind of report looks. `rule` matches its rule; `columns` says in words what the rule has.

    `stamp` finds the time of the report above the rule: month, day, year and clock are its groups, and
    `stamp_example` is a line that has one.
    """

    source: str
    file_name: str
    rule: re.Pattern[str]
    columns: str
    stamp: re.Pattern[str]
    stamp_example: str

    def reject(self, reason: str, number: int, line: str, problem: str) -> RejectedRecord:
        """Describe a row, or a part of it, that was dropped."""
        return RejectedRecord(
            source=self.source,
            reason=reason,
            raw=printable(line),
            detail=f"{self.file_name} line {number} {problem}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReport:
    """A report, divided. `observed_at` is aware, UTC; `rows` are numbered as the lines of the file."""

    layout: Layout
    observed_at: datetime
    rule: str
    rows: Sequence[tuple[int, str]]

    @property
    def column_starts(self) -> list[int]:
        """Where the runs of the rule begin."""
        return [run.start() for run in re.finditer(r"-+", self.rule)]

    def usual_span(self, anchor: re.Pattern[str]) -> tuple[int, int] | None:
        """Where most rows have the anchor's first group begin, and the anchor end.

        Ids stand a little off their column, so the usual row says where, and an overflow shows against it.
        """
        found = (anchor.search(line[:MAX_LINE_LENGTH]) for _, line in self.rows)
        spans = Counter((match.start(1), match.end()) for match in found if match is not None)
        return spans.most_common(1)[0][0] if spans else None

    def texts(self, rejects: list[RejectedRecord]) -> Iterator[tuple[int, str, str]]:
        """Give number, line and text of each row that can be one; what has control characters is rejected."""
        for number, line in self.rows:
            text = line.expandtabs()
            if self.layout.rule.fullmatch(text):
                continue
            if _CONTROL_CHARACTER.search(text):
                rejects.append(
                    self.layout.reject("control_character", number, line, "holds a control character")
                )
                continue
            yield number, line, text

    def none_readable(self) -> DocumentInvalid:
        """Return the error of a report of which no row could be read."""
        number, line = self.rows[0]
        return DocumentInvalid(
            f"{self.layout.file_name}: none of its {len(self.rows)} rows could be read; "
            f"line {number} is {printable(line)!r}"
        )


def open_report(content: bytes, layout: Layout) -> TextReport:
    """Divide a report into its time, its rule and its rows.

    Raises: SourceUnavailable (empty, a web page, or cut off before the first row), DocumentInvalid.
    """
    name = layout.file_name
    refuse_page(content, name)
    if len(content) > MAX_BYTES:
        raise DocumentInvalid(f"{name} has {len(content)} bytes, more than {MAX_BYTES}")
    # splitlines would also split at form feeds and other rarities inside a name.
    lines = [line.rstrip("\r") for line in _decode(content).split("\n")]
    rule_at = next((index for index, line in enumerate(lines) if layout.rule.fullmatch(line)), None)
    if rule_at is None:
        raise DocumentInvalid(
            f"{name} has no rule of {layout.columns} among its {len(lines)} lines, so its columns are "
            f"unknown; line 1 is {printable(lines[0])!r}"
        )
    observed_at = _observed_at(lines[:rule_at], layout)
    rows = [(number, line) for number, line in enumerate(lines, 1) if number > rule_at + 1 and line.strip()]
    if not rows:
        raise SourceUnavailable(f"{name} ends at its rule (line {rule_at + 1}) without one gauge")
    if len(rows) > MAX_ROWS:
        raise DocumentInvalid(f"{name} has {len(rows)} rows, more than {MAX_ROWS}")
    return TextReport(layout=layout, observed_at=observed_at, rule=lines[rule_at], rows=rows)


def divide_name_and_city(text: str, at: int, pushed: int) -> tuple[str, str]:
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


def read_number(text: str) -> float | None:
    """Return a cell's number, None where it is missing."""
    return None if text.startswith("--") else float(text)


def why_impossible(inches: float | None) -> str | None:
    """Say why a rainfall in inches cannot be, as the reason of a reject; None where it can."""
    if inches is None or 0 <= inches < ABSURD_FROM_INCHES:
        return None
    return "negative_rainfall" if inches < 0 else "absurd_rainfall"


def printable(text: str) -> str:
    """Show control characters as escapes: PostgreSQL refuses NUL, and a person sees none of them."""
    bounded = text[: RejectedRecord.MAX_RAW_LENGTH // 4]  # an escape is four characters long
    return _CONTROL_CHARACTER.sub(lambda match: f"\\x{ord(match[0]):02x}", bounded)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _observed_at(head: list[str], layout: Layout) -> datetime:
    for number, line in enumerate(head, 1):
        match = layout.stamp.search(line)
        if match is None:
            continue
        day = read_day(match[1], match[2], match[3])
        local = None if day is None else at_clock(day, match[4])
        if local is None:
            raise DocumentInvalid(f"{layout.file_name} line {number}: {match[0]!r} is not a time")
        return to_utc(local)
    raise DocumentInvalid(
        f"{layout.file_name} has no line like {layout.stamp_example!r} above its rule (line {len(head) + 1})"
    )

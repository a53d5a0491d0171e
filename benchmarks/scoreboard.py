"""Comparisons with their bars, and the table of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

COLUMNS = ("what", "ours", "peer", "limit", "ratio", "bar", "")


@dataclass(frozen=True, slots=True)
class Bar:
    """What a ratio must reach, or must not exceed."""

    value: float
    is_minimum: bool

    def holds(self, ratio: float) -> bool:
        """Say whether the ratio is on the right side."""
        return ratio >= self.value if self.is_minimum else ratio <= self.value

    def __str__(self) -> str:
        """Write it as the table shows it."""
        return f"{'≥' if self.is_minimum else '≤'} {self.value:g}"


def at_least(value: float) -> Bar:
    """Return a bar for a ratio of which more is better."""
    return Bar(value, is_minimum=True)


def at_most(value: float) -> Bar:
    """Return a bar for a ratio of which less is better."""
    return Bar(value, is_minimum=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Ours against a peer or a limit, all as text for the table. Without a bar it is there to be known."""

    what: str
    ours: str
    peer: str = ""
    limit: str = ""
    ratio: float
    bar: Bar | None = None

    @property
    def held(self) -> bool:
        """Say whether the bar holds."""
        return self.bar is None or self.bar.holds(self.ratio)

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the table's row."""
        verdict = ("ok" if self.held else "MISS") if self.bar else ""
        bar = str(self.bar) if self.bar else "-"
        return (self.what, self.ours, self.peer, self.limit, f"{self.ratio:.3g}", bar, verdict)


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Every comparison of this run, in order."""

    comparisons: list[Comparison] = field(default_factory=list)

    def judge(self, *comparisons: Comparison) -> None:
        """Put the comparisons on the board; fail the benchmark if a bar is missed."""
        self.comparisons.extend(comparisons)
        missed = [comparison for comparison in comparisons if not comparison.held]
        if missed:
            pytest.fail("\n".join(" | ".join(comparison.cells) for comparison in missed), pytrace=False)

    def lines(self) -> Iterable[str]:
        """Lay the table out."""
        rows = [COLUMNS, *(comparison.cells for comparison in self.comparisons)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def milliseconds(seconds: float) -> str:
    """Write a time for the table."""
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def named(name: str, seconds: float) -> str:
    """Write whose time it is."""
    return f"{name} {milliseconds(seconds)}"

"""`gaugehouse coverage`: how much of the record there is, and where it is thin."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, NamedTuple

import typer
from rich.text import Text

from gaugehouse.domain.gauges import MCFCD
from gaugehouse_cli.coverage import (
    GaugeCoverage,
    YearCoverage,
    by_water_year,
    read_gauge,
    thin_gauges,
    thin_years,
)
from gaugehouse_cli.coverage_strip import decades, strip
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.pages import all_pages
from gaugehouse_cli.screen import name, number, out, print_rows, text
from gaugehouse_cli.verbs import Answer

MOST_THIN = 15


class Empty(NamedTuple):
    """A rain gauge of which no document has told a day yet. Stream gauges have none by nature."""

    station_id: str
    name: str


def coverage(
    deployment: Deployment,
    by_gauge: Annotated[
        bool, typer.Option("--by-gauge", help="A line for each gauge, a character for each water year.")
    ] = False,
) -> Answer:
    """Show by water year how many gauges have values, how many days are missing, and where history is thin.

    A day is missing where a document says so. Days that no imported document tells of are counted apart.
    Rain gauges without any day are named.
    """
    gauges = [read_gauge(told) for told in all_pages(deployment, "coverage", "gauges")]
    with_days = {gauge.station_id for gauge in gauges}
    without = [
        Empty(each["station_id"], each["name"])
        for each in all_pages(deployment, "gauges_list", "gauges", network=MCFCD)
        if each["station_id"] not in with_days
    ]
    years = by_water_year(gauges)

    def show() -> None:
        if by_gauge:
            _print_gauges(gauges, without, years)
        else:
            _print_years(years)
            _print_thin(gauges, years)
            _print_without(without)

    return Answer(document=_document(gauges, without, years), show=show)


def _document(
    gauges: Sequence[GaugeCoverage], without: Sequence[Empty], years: Sequence[YearCoverage]
) -> dict[str, Any]:
    return {
        "water_years": [{**asdict(year), "share": year.share} for year in years],
        "gauges": [
            {
                **asdict(gauge),
                "days_present": gauge.days_present,
                "days_missing": gauge.days_missing,
                "share": gauge.share,
            }
            for gauge in gauges
        ],
        "gauges_without_a_day": [gauge.station_id for gauge in without],
        "thin_years": [asdict(span) for span in thin_years(years)],
        "thin_gauges": [gauge.station_id for gauge in thin_gauges(gauges)],
    }


def _print_years(years: Sequence[YearCoverage]) -> None:
    rows = [
        (
            str(year.water_year),
            year.gauges,
            year.complete,
            year.days_present,
            year.days_missing,
            year.days_untold,
            _percent(year.share),
            ", ".join(f"{kind} {count:,}" for kind, count in sorted(year.sources.items())),
        )
        for year in years
    ]
    columns = [
        name("Year"), number("Gauges"), number("Complete"), number("Days"), number("Missing"),
        number("Untold"), number("Present"), text("Gauges by source"),
    ]  # fmt: skip
    print_rows("Coverage by water year", columns, rows, empty="nothing was imported yet")
    if rows:
        out.print(
            "Missing: a document says so. Untold: in no imported document. Present: of the days told.\n",
            style="dim",
        )


def _print_thin(gauges: Sequence[GaugeCoverage], years: Sequence[YearCoverage]) -> None:
    spans = [
        (_years(span.first, span.last), span.says, f"import water-years {span.first} {span.last}")
        for span in thin_years(years)
    ]
    if spans:
        columns = [name("Years"), text("What there is"), text("Next step: gaugehouse …")]
        print_rows("Where history is thin", columns, spans)
    thin = thin_gauges(gauges)
    if thin:
        rows = [
            (
                gauge.station_id,
                gauge.name,
                _years(gauge.water_years[0].water_year, gauge.water_years[-1].water_year),
                gauge.days_missing,
                _percent(gauge.share),
                _thinnest(gauge),
            )
            for gauge in thin[:MOST_THIN]
        ]
        columns = [
            name("Gauge"), text("Name"), name("Years"), number("Missing"), number("Present"),
            name("Most in"),
        ]  # fmt: skip
        print_rows("Gauges with the most holes", columns, rows)
        if len(thin) > MOST_THIN:
            out.print(f"{len(thin) - MOST_THIN} more: gaugehouse coverage --by-gauge\n")


def _print_without(without: Sequence[Empty]) -> None:
    if without:
        shown = ", ".join(gauge.station_id for gauge in without[:MOST_THIN])
        more = f" and {len(without) - MOST_THIN:,} more (--by-gauge)" if len(without) > MOST_THIN else ""
        out.print(f"Rain gauges without a day: {shown}{more}. `gaugehouse gauge ID` says why.\n")


def _print_gauges(
    gauges: Sequence[GaugeCoverage], without: Sequence[Empty], years: Sequence[YearCoverage]
) -> None:
    if not years:
        _print_years(years)
        _print_without(without)
        return
    first, last = years[0].water_year, years[-1].water_year
    rows = [(gauge.station_id, gauge.name, strip(gauge, first, last)) for gauge in gauges]
    rows += [(gauge.station_id, gauge.name, Text("no day", style="yellow")) for gauge in without]
    rows.sort(key=lambda row: row[0])
    print_rows("Coverage", [name("Gauge"), text("Name"), name(decades(first, last))], rows)
    out.print(
        "█ no day missing, ▓ 90 % of the days and more, ▒ half and more, ░ less, · none, "
        "? in no document; blank before and after the record\n",
        style="dim",
    )


def _thinnest(gauge: GaugeCoverage) -> str:
    worst = max(gauge.water_years, key=lambda year: year.days_missing)
    return f"{worst.water_year} ({worst.days_missing})"


def _years(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def _percent(share: float | None) -> str:
    """Write a share; what is not all of it never looks like all."""
    if share is None:
        return ""
    return f"{share:.0%}" if share in {0, 1} else f"{min(share, 0.999):.1%}"

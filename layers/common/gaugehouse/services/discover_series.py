"""Discover series: what each polled site measures, as the agency tells it now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.domain.series import Series, StreamGauge
from gaugehouse.services.another_name import another_name
from gaugehouse.services.ask_sites import Asked, ask_sites
from gaugehouse.services.stream_agency import SitesAgency
from gaugehouse.store import poll_targets, rejected_records, series, stream_gauges

SITES_SOURCE = "usgs_sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSummary:
    """What looking at the sites found. `renamed` sites have another name than the one that we know."""

    sites: int
    sites_failed: int
    sites_not_asked: int
    sites_without_series: int
    gauges_discovered: int
    series_discovered: int
    series_changed: int
    renamed: int

    @property
    def rows_affected(self) -> int:
        """Gauges and series that were written."""
        return self.gauges_discovered + self.series_discovered + self.series_changed


def discover_series(
    station_ids: Sequence[str], *, conn: Connection, agency: SitesAgency, seconds_left: Callable[[], float]
) -> tuple[SeriesSummary, Asked]:
    """Ask what these sites are and measure. Each group of sites is one transaction.

    A site whose name differs from ours is reported and keeps its name: a wrong id would otherwise go unseen
    (lesson 14). A site without a series is no error; it is asked again with the next look at all sites.
    """
    found = {"without_series": 0, "gauges": 0, "series": 0, "changed": 0, "renamed": 0}

    def ask(group: Sequence[str]) -> tuple[list[Series], list[StreamGauge]]:
        told = agency.series(group)
        measuring = sorted({one.station_id for one in told})
        return told, agency.gauges(measuring) if measuring else []

    def keep(group: Sequence[str], answer: tuple[list[Series], list[StreamGauge]]) -> None:
        told, gauges = answer
        described = {gauge.station_id for gauge in gauges}
        with conn.transaction():
            upserted = stream_gauges.upsert(conn, gauges)
            counts = series.upsert(conn, [one for one in told if one.station_id in described])
            poll_targets.mark_discovered(conn, group)
            rejected_records.record(
                conn, [another_name(each, source=SITES_SOURCE) for each in upserted.renamed]
            )
        found["gauges"] += upserted.inserted
        found["series"] += counts.inserted
        found["changed"] += counts.revised
        found["renamed"] += len(upserted.renamed)
        found["without_series"] += len(set(group) - described)

    asked = ask_sites(agency.groups(station_ids), ask=ask, keep=keep, seconds_left=seconds_left)
    summary = SeriesSummary(
        sites=asked.sites,
        sites_failed=asked.failed,
        sites_not_asked=asked.not_asked,
        sites_without_series=found["without_series"],
        gauges_discovered=found["gauges"],
        series_discovered=found["series"],
        series_changed=found["changed"],
        renamed=found["renamed"],
    )
    return summary, asked

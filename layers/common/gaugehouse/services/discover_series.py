"""Discover series: what each polled site measures, as the agency tells it now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.domain.poll_targets import is_name_of
from gaugehouse.domain.series import Series, StreamGauge
from gaugehouse.services.another_name import another_name
from gaugehouse.services.ask_sites import Asked, ask_sites
from gaugehouse.services.stream_agency import SitesAgency
from gaugehouse.store import rejected_records, series, site_lookups, stream_gauges
from gaugehouse.store.stream_gauges import Renamed

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

    A site whose name differs from the one that we know it by, or that was given with its id, is reported and
    keeps its name: a wrong id would otherwise go unseen. A site without a series is no error; it
    is asked again with the next look at all sites. Where a series is new, the next look back takes its site
    from the beginning: what was answered about it until now could not be stored.
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
            site_lookups.mark(conn, group, parameter_codes=agency.parameter_codes)
            site_lookups.look_back_again(conn, counts.news_of)
            misnamed = {*upserted.renamed, *_misnamed(gauges, site_lookups.names(conn, group))}
            rejected_records.record(
                conn, [another_name(each, source=SITES_SOURCE) for each in sorted(misnamed)]
            )
        found["gauges"] += upserted.inserted
        found["series"] += counts.inserted
        found["changed"] += counts.revised
        found["renamed"] += len({each.station_id for each in misnamed})
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


def _misnamed(gauges: Sequence[StreamGauge], meant: Mapping[str, str]) -> list[Renamed]:
    """Return the gauges that are called otherwise than was said with their ids."""
    return [
        Renamed(gauge.station_id, meant[gauge.station_id], gauge.name)
        for gauge in gauges
        if gauge.station_id in meant and not is_name_of(meant[gauge.station_id], gauge.name)
    ]

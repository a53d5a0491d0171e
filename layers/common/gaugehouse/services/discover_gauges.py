"""Discover gauges: what an agency lists becomes gauges, summaries and, where new, import jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from psycopg import Connection

from gaugehouse.domain.documents import GaugeList, RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.gauges import ARIZONA, MCFCD, GaugeSummary
from gaugehouse.domain.import_jobs import FOPR, ImportRequest
from gaugehouse.store import gauges, import_jobs, rejected_records
from gaugehouse.store.connection import database_time

LIST_SOURCE = "mcfcd_gauge_list"
MOST_AHEAD = timedelta(hours=3)  # clocks differ; typing errors are days and years


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverySummary:
    """What one reading of the list did. `without_rainfall` gauges exist but report nothing now."""

    listed: int
    discovered: int
    summaries_updated: int
    without_rainfall: int
    renamed: int
    rejected: int

    @property
    def rows_affected(self) -> int:
        """Gauges, summaries and rejects that were written."""
        return self.discovered + self.summaries_updated + self.rejected


def discover_gauges(gauge_list: GaugeList, *, conn: Connection) -> DiscoverySummary:
    """Store an agency's gauge list.

    Raises: DocumentInvalid when the list is dated in the future: it would be the newest for ever.

    A gauge not known yet gets its row, its summary and one import job in one transaction; a known one
    gets its summary only. Of several rows with one id the known gauge's own counts, else the first; the
    others are rejected, since a typing error must not overwrite another gauge's rainfall.
    """
    if gauge_list.observed_at > database_time(conn) + MOST_AHEAD:
        raise DocumentInvalid(
            f"ev_rain.txt: its time {gauge_list.observed_at:%Y-%m-%d %H:%M} UTC is still to come"
        )
    with conn.transaction():
        known = gauges.listed_names_of(conn, [entry.station_id for entry in gauge_list.entries])
        entries, impostors = _one_each(gauge_list.entries, known)
        discovered = gauges.insert_listed(conn, entries, network=MCFCD, time_zone=ARIZONA)
        summaries_updated = gauges.upsert_summaries(conn, entries)
        wishes = [
            ImportRequest(kind=FOPR, subject=entry.station_id, gauge_summary=entry)
            for entry in entries
            if entry.station_id in discovered
        ]
        import_jobs.create_missing(conn, wishes, source="discovery")
        rejected = rejected_records.record(conn, [*gauge_list.rejects, *impostors])
    return DiscoverySummary(
        listed=len(gauge_list.entries),
        discovered=len(discovered),
        summaries_updated=summaries_updated,
        without_rainfall=sum(entry.rainfall_past_24h_inches is None for entry in entries),
        renamed=sum(known.get(entry.station_id, entry.gauge_name) != entry.gauge_name for entry in entries),
        rejected=rejected,
    )


def _one_each(
    listed: Sequence[GaugeSummary], known: Mapping[str, str]
) -> tuple[list[GaugeSummary], list[RejectedRecord]]:
    """Keep one entry per id, and reject the others that carry another name."""
    kept: dict[str, GaugeSummary] = {}
    for entry in listed:
        holder = kept.setdefault(entry.station_id, entry)
        if known.get(entry.station_id) == entry.gauge_name != holder.gauge_name:
            kept[entry.station_id] = entry
    impostors = [
        RejectedRecord(
            source=LIST_SOURCE,
            reason="duplicate_station_id",
            raw=f"{entry.gauge_name} | {entry.city_town} | {entry.station_id} | {entry.general_location}",
            detail=f"ev_rain.txt: id {entry.station_id} stands for {kept[entry.station_id].gauge_name!r} "
            f"and again for {entry.gauge_name!r}; ask the agency which id the second has",
        )
        for entry in listed
        if entry.gauge_name != kept[entry.station_id].gauge_name
    ]
    return list(kept.values()), impostors

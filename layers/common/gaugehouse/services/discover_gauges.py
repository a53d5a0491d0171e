"""Discover gauges: what an agency lists becomes gauges, summaries and, where new, import jobs."""

from dataclasses import dataclass
from datetime import timedelta

from psycopg import Connection

from gaugehouse.domain.documents import GaugeList
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.services.listed_gauges import add_unknown, one_row_each
from gaugehouse.store import gauges, rejected_records
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

    A gauge not known yet gets its row, its summary and one import job in one transaction; a known one
    gets its summary only. Of several rows with one id the known gauge's own counts, else the first; the
    others are rejected, since a typing error must not overwrite another gauge's rainfall.

    Raises: DocumentInvalid when the list is dated in the future: it would be the newest for ever.
    """
    if gauge_list.observed_at > database_time(conn) + MOST_AHEAD:
        raise DocumentInvalid(
            f"ev_rain.txt: its time {gauge_list.observed_at:%Y-%m-%d %H:%M} UTC is still to come"
        )
    with conn.transaction():
        known = gauges.listed_names_of(conn, [entry.station_id for entry in gauge_list.entries])
        entries, impostors = one_row_each(
            gauge_list.entries,
            known,
            source=LIST_SOURCE,
            file_name="ev_rain.txt",
            describe=lambda entry: (
                f"{entry.gauge_name} | {entry.city_town} | {entry.station_id} | {entry.general_location}"
            ),
        )
        discovered = add_unknown(conn, entries, told_by="gauge_list")
        gauges.describe_minimal(conn, entries)
        summaries_updated = gauges.upsert_summaries(conn, entries)
        rejected = rejected_records.record(conn, [*gauge_list.rejects, *impostors])
    return DiscoverySummary(
        listed=len(gauge_list.entries),
        discovered=len(discovered),
        summaries_updated=summaries_updated,
        without_rainfall=sum(entry.rainfall_past_24h_inches is None for entry in entries),
        renamed=sum(known.get(entry.station_id, entry.gauge_name) != entry.gauge_name for entry in entries),
        rejected=rejected,
    )

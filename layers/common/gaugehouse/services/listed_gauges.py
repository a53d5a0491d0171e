"""What every list of an agency's gauges needs: one row for each id, and a place for gauges not known yet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from psycopg import Connection

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.gauges import ARIZONA, MCFCD, GaugeSummary
from gaugehouse.domain.import_jobs import FOPR, ImportRequest
from gaugehouse.store import gauges, import_jobs


class Listed(Protocol):
    """A row of a list: whose it is."""

    @property
    def station_id(self) -> str:
        """The station id that the row states."""

    @property
    def gauge_name(self) -> str:
        """The name that the row states."""


Row = TypeVar("Row", bound=Listed)


def one_row_each(
    listed: Sequence[Row],
    known: Mapping[str, str],
    *,
    source: str,
    file_name: str,
    describe: Callable[[Row], str],
) -> tuple[list[Row], list[RejectedRecord]]:
    """Keep one row per id, and reject the others that carry another name.

    Of several rows with one id the known gauge's own counts, else the first: a typing error must not
    overwrite another gauge's rainfall. `known` are names by id, `describe` gives a row's text as it came.
    """
    kept: dict[str, Row] = {}
    for row in listed:
        holder = kept.setdefault(row.station_id, row)
        if known.get(row.station_id) == row.gauge_name != holder.gauge_name:
            kept[row.station_id] = row
    impostors = [
        RejectedRecord(
            source=source,
            reason="duplicate_station_id",
            raw=describe(row),
            detail=f"{file_name}: id {row.station_id} stands for {kept[row.station_id].gauge_name!r} "
            f"and again for {row.gauge_name!r}; ask the agency which id the second has",
        )
        for row in listed
        if row.gauge_name != kept[row.station_id].gauge_name
    ]
    return list(kept.values()), impostors


def add_unknown(conn: Connection, summaries: Sequence[GaugeSummary], *, told_by: str) -> frozenset[str]:
    """Give each of MCFCD's gauges that is not known yet its row and its import job. Return those.

    Runs in the caller's transaction. A known gauge stays as it is. `told_by` is the document that told them.
    """
    discovered = gauges.insert_listed(
        conn, summaries, network=MCFCD, time_zone=ARIZONA, metadata_source=told_by
    )
    wishes = [
        ImportRequest(kind=FOPR, subject=summary.station_id, gauge_summary=summary)
        for summary in summaries
        if summary.station_id in discovered
    ]
    import_jobs.create_missing(conn, wishes, source="discovery")
    return discovered

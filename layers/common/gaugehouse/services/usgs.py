"""The services of the USGS, asked in their turn: every request takes its place in the shared quota."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from psycopg import Connection

from gaugehouse.domain.backfill import BackfillWindow
from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import GaugehouseError, SourceBusy
from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import MOST_AHEAD, Window
from gaugehouse.domain.series import INSTANTANEOUS, Series, StreamGauge
from gaugehouse.store import quotas, rejected_records

USGS_QUOTA = "usgs"
# One request of so many site-hours brings about 130,000 values, 60 MB. Where every gauge measures three
# things every five minutes it is three times as much, and still what one answer may have and memory can hold.
MOST_SITE_HOURS = 12_000

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Which part of the network is polled. `bounding_box` is west, south, east, north in decimal degrees."""

    states: tuple[str, ...] = ()
    bounding_box: tuple[float, float, float, float] | None = None
    whole_network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterdata:
    """The modern API: a `ReadingsAgency` and a `SitesAgency`. `ask_pages` gets all pages of an address."""

    conn: Connection
    ask_pages: Callable[[str], Sequence[Download]]
    base_url: str
    parameter_codes: tuple[str, ...]
    area: Area = Area()
    knows_changes: bool = True

    def groups(self, station_ids: Sequence[str], *, hours: float = 0) -> list[list[str]]:
        """Split sites into groups that one request of so many hours can name, and memory can hold."""
        from gaugehouse.sources.usgs import waterdata

        most = max(1, int(MOST_SITE_HOURS / hours)) if hours else None
        now = datetime.now(UTC)  # any time has the same length in an address
        groups = waterdata.group_sites(
            station_ids, lambda sites: self._readings_url(sites, Window(now, now), now), most=most
        )
        return [list(group) for group in groups]

    def readings(
        self, station_ids: Sequence[str], window: Window, *, modified_since: datetime | None = None
    ) -> Response[datetime]:
        """Return the instantaneous values of a window, of the parameters that are polled."""
        from gaugehouse.sources.usgs import waterdata

        pages = self.ask_pages(self._readings_url(station_ids, window, modified_since))
        return waterdata.parse_continuous(_contents(pages), not_after=window.end + MOST_AHEAD)

    def daily_values(
        self, station_ids: Sequence[str], first: date, last: date, *, modified_since: datetime | None = None
    ) -> Response[date]:
        """Return the agency's own daily statistics of these days, both included."""
        from gaugehouse.sources.usgs import waterdata

        url = self._daily_url(station_ids, first, last, modified_since)
        return waterdata.parse_daily(_contents(self.ask_pages(url)))

    def series(self, station_ids: Sequence[str]) -> list[Series]:
        """Return every series of these sites and of the parameters that are polled."""
        from gaugehouse.sources.usgs import waterdata

        return self._series(
            waterdata.series_url(self.base_url, sites=station_ids, parameter_codes=self.parameter_codes)
        )

    def gauges(self, station_ids: Sequence[str]) -> list[StreamGauge]:
        """Return the descriptions of these sites."""
        from gaugehouse.sources.usgs import waterdata

        pages = self.ask_pages(waterdata.locations_url(self.base_url, sites=station_ids))
        found = waterdata.parse_locations(_contents(pages))
        rejected_records.record(self.conn, found.rejects)
        return list(found.gauges)

    def active_sites(self, *, active_since: datetime) -> list[str] | None:
        """Return the area's sites with an instantaneous reading since then; None where there is no area."""
        from gaugehouse.sources.usgs import waterdata

        filters: list[dict[str, object]] = []
        if self.area.whole_network:
            filters.append({})
        if self.area.states:
            filters.append({"state_names": self.area.states})
        if self.area.bounding_box:
            filters.append({"bounding_box": self.area.bounding_box})
        if not filters:
            return None
        told = [
            one
            for chosen in filters
            for one in self._series(
                waterdata.series_url(self.base_url, parameter_codes=self.parameter_codes, **chosen)  # type: ignore[arg-type]
            )
        ]
        return sorted(
            {
                one.station_id
                for one in told
                if one.statistic == INSTANTANEOUS and one.is_primary and one.ends and one.ends >= active_since
            }
        )

    def past_pages(
        self, window: BackfillWindow, *, modified_since: datetime | None = None
    ) -> Sequence[Download]:
        """Return what the agency answers about a window of the past, as it came."""

        sites = [window.station_id]
        if window.kind is Kind.USGS_CONTINUOUS:
            return self.ask_pages(self._readings_url(sites, window.span, modified_since))
        return self.ask_pages(self._daily_url(sites, window.first_day, window.last_day, modified_since))

    def _readings_url(
        self, station_ids: Sequence[str], window: Window, modified_since: datetime | None
    ) -> str:
        from gaugehouse.sources.usgs import waterdata

        return waterdata.continuous_url(
            self.base_url,
            sites=station_ids,
            parameter_codes=self.parameter_codes,
            start=window.start,
            end=window.end,
            modified_since=modified_since,
        )

    def _daily_url(
        self, station_ids: Sequence[str], first: date, last: date, modified_since: datetime | None
    ) -> str:
        from gaugehouse.sources.usgs import waterdata

        return waterdata.daily_url(
            self.base_url,
            sites=station_ids,
            parameter_codes=self.parameter_codes,
            start=first,
            end=last,
            modified_since=modified_since,
        )

    def _series(self, url: str) -> list[Series]:
        from gaugehouse.sources.usgs import waterdata

        found = waterdata.parse_series(_contents(self.ask_pages(url)))
        rejected_records.record(self.conn, found.rejects)
        return list(found.series)


def in_turn(conn: Connection, ask: Callable[[], Answer]) -> Answer:
    """Ask; where the agency names a wait, keep everybody from asking before it is over."""
    try:
        return ask()
    except GaugehouseError as error:
        # The wait of a request that was not sent is the quota's own.
        if error.retry_after_seconds is not None and type(error) is not SourceBusy:
            quotas.hold(conn, USGS_QUOTA, seconds=error.retry_after_seconds)
        raise


def _contents(pages: Sequence[Download]) -> list[bytes]:
    return [page.content for page in pages]

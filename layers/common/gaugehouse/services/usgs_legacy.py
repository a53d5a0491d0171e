"""The legacy service of the USGS, for as long as it lasts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TypeVar

from psycopg import Connection

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import NoDataAvailable
from gaugehouse.domain.measurements import Measurements, OtherSensors, Response
from gaugehouse.domain.polling import MOST_AHEAD, Window
from gaugehouse.services.another_name import another_name
from gaugehouse.services.find_sites import ACTIVE_WITHIN
from gaugehouse.services.usgs import MOST_SITE_HOURS, in_turn
from gaugehouse.store import known_series, stream_gauges
from gaugehouse.store.connection import database_time

Moment = TypeVar("Moment", datetime, date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nwis:
    """A `ReadingsAgency` until 22 February 2027. It does not say what was modified since.

    `fetch_iv` and `fetch_dv` are those of `sources/usgs/nwis`, given their session and address. `take_turn`
    is called before each request, and waits or raises until one may be sent.
    """

    conn: Connection
    take_turn: Callable[[], None]
    fetch_iv: Callable[..., Download]
    fetch_dv: Callable[..., Download]
    parameter_codes: tuple[str, ...]
    knows_changes: bool = False

    def groups(self, station_ids: Sequence[str], *, hours: float) -> list[list[str]]:
        """Split sites into groups that one request of so many hours can name, and memory can hold."""
        from gaugehouse.sources.usgs import nwis

        most = max(1, min(nwis.MAX_SITES, int(MOST_SITE_HOURS / max(hours, 1))))
        return [list(station_ids[start : start + most]) for start in range(0, len(station_ids), most)]

    def readings(
        self,
        station_ids: Sequence[str],
        window: Window,
        *,
        modified_since: datetime | None = None,  # noqa: ARG002 - it cannot be asked that
    ) -> Response[datetime]:
        """Return the instantaneous values of a window, whenever they were modified."""
        from gaugehouse.sources.usgs import nwis

        return self._asked(
            lambda today: self.fetch_iv(
                station_ids,
                parameter_codes=self.parameter_codes,
                start=window.start,
                end=window.end,
                today=today,
            ),
            lambda answer, asked_at: nwis.parse_iv_response(
                answer.content,
                not_after=window.end + MOST_AHEAD,
                modified=asked_at,
                others=self._others(station_ids, window.start),
            ),
        )

    def daily_values(
        self,
        station_ids: Sequence[str],
        first: date,
        last: date,
        *,
        modified_since: datetime | None = None,  # noqa: ARG002 - it cannot be asked that
    ) -> Response[date]:
        """Return the agency's own daily statistics, whenever they were modified."""
        from gaugehouse.sources.usgs import nwis

        return self._asked(
            lambda today: self.fetch_dv(
                station_ids,
                parameter_codes=self.parameter_codes,
                start=first,
                end=last,
                today=today,
            ),
            lambda answer, asked_at: nwis.parse_dv_response(
                answer.content,
                modified=asked_at,
                others=self._others(station_ids, datetime.combine(first, time(), UTC)),
            ),
        )

    def _asked(
        self, fetch: Callable[[date], Download], parse: Callable[[Download, datetime], Response[Moment]]
    ) -> Response[Moment]:
        """Ask in our turn. That all series are empty is an answer too, and no error."""
        self.take_turn()
        asked_at = database_time(self.conn)
        try:
            response = parse(in_turn(self.conn, lambda: fetch(asked_at.date())), asked_at)
        except NoDataAvailable as nothing:
            response = nothing.response or Response(measurements=Measurements())
        return self._with_names_compared(response)

    def _others(self, station_ids: Sequence[str], first: datetime) -> OtherSensors:
        """Return the sensors that may be in an answer and are not the primary ones."""
        return known_series.other_sensors(self.conn, station_ids, since=first - ACTIVE_WITHIN)

    def _with_names_compared(self, response: Response[Moment]) -> Response[Moment]:
        """Add a reject for each site that the service knows by another name than we do."""
        from gaugehouse.sources.usgs import nwis

        renamed = stream_gauges.renamed(self.conn, response.station_names)
        reported = tuple(another_name(each, source=nwis.SOURCE) for each in renamed)
        return replace(response, rejects=response.rejects + reported)

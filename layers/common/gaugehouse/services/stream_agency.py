"""What a poll needs of an agency of stream gauges."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import Window
from gaugehouse.domain.series import Series, StreamGauge


class ReadingsAgency(Protocol):
    """Tells what was measured. `services/usgs.py` has the services of the USGS.

    Each method is one request with all its pages, sent in its turn. All raise SourceBusy (our quota is used
    up, nothing was asked), SourceUnavailable, and what is wrong with the request or the key. `modified_since`
    leaves out what the agency has not changed since then.
    """

    @property
    def parameter_codes(self) -> tuple[str, ...]:
        """What is asked for of each site."""

    @property
    def knows_changes(self) -> bool:
        """Whether `modified_since` is heeded; otherwise everything of a window comes."""

    def groups(self, station_ids: Sequence[str], *, hours: float) -> list[list[str]]:
        """Split sites into groups that one request of so many hours can name, and memory can hold."""

    def readings(
        self, station_ids: Sequence[str], window: Window, *, modified_since: datetime | None = None
    ) -> Response[datetime]:
        """Return the instantaneous values of a window. One that is ahead of its end by far is rejected."""

    def daily_values(
        self, station_ids: Sequence[str], first: date, last: date, *, modified_since: datetime | None = None
    ) -> Response[date]:
        """Return the agency's own daily statistics of these days."""


class SitesAgency(Protocol):
    """Tells which stream gauges there are, and what each one measures. Raises as `ReadingsAgency` does."""

    @property
    def parameter_codes(self) -> tuple[str, ...]:
        """What is asked for of each site."""

    def groups(self, station_ids: Sequence[str], *, hours: float = 0) -> list[list[str]]:
        """Split sites into groups that one request can name."""

    def series(self, station_ids: Sequence[str]) -> list[Series]:
        """Return every instantaneous and daily series of these sites."""

    def gauges(self, station_ids: Sequence[str]) -> list[StreamGauge]:
        """Return the descriptions of these sites."""

    def active_sites(self, *, active_since: datetime) -> list[str] | None:
        """Return the sites of the settings' area with a reading since then; None where there is no area."""

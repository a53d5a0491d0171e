"""Which gauge an id means: one rule for the command and for the API."""

from psycopg import Connection

from gaugehouse.domain.errors import GaugeAmbiguous, GaugeUnknown
from gaugehouse.store import named_gauges
from gaugehouse.store.named_gauges import NamedGauge


def known_gauge(conn: Connection, station_id: str) -> NamedGauge:
    """Return the gauge that is meant: the one with this id, else the only one that once had it.

    Raises: GaugeUnknown, GaugeAmbiguous.
    """
    named = named_gauges.gauges_named(conn, station_id)
    if not named:
        raise GaugeUnknown(f"no gauge {station_id}")
    if len(named) > 1:
        ids = ", ".join(each.station_id for each in named)
        raise GaugeAmbiguous(f"{station_id} is a former id of {ids}; name the one you mean")
    return named[0]

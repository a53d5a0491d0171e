"""How many requests an hour the agency allows, with a key and without."""

from collections.abc import Collection
from threading import Lock

from gaugehouse_local.simulator.usgs.refusals import Refused, bad_key, over_rate_limit

_HOUR = 3600


class HourlyLimits:
    """Counts the requests of each key in each full hour of the network's clock."""

    def __init__(self, *, keys: Collection[str], with_key: int, without_key: int) -> None:
        self._keys = frozenset(keys)
        self._with_key = with_key
        self._without_key = without_key
        self._hour = 0
        self._asked: dict[str, int] = {}
        self._lock = Lock()

    def count(self, key: str, present: int) -> tuple[tuple[str, str], ...]:
        """Count a request and return the headers that tell what is left. `key` is empty where none was sent.

        Raises Refused where the key is wrong or the hour's requests are used up.
        """
        if key and key not in self._keys:
            raise Refused(bad_key())
        limit = self._with_key if key else self._without_key
        with self._lock:
            if present // _HOUR != self._hour:
                self._hour = present // _HOUR
                self._asked.clear()
            self._asked[key] = asked = self._asked.get(key, 0) + 1
        headers = (("X-RateLimit-Limit", str(limit)), ("X-RateLimit-Remaining", str(max(0, limit - asked))))
        if asked > limit:
            raise Refused(over_rate_limit(*headers))
        return headers

"""Sites that are polled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gaugehouse.domain.errors import OperationRefused

STATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTarget:
    """One site that is polled, and when it was. Times are aware, UTC, and None is never.

    `name` is the one that was given with the id, None without any, and need not be the agency's. `source` is
    whom to ask. `origin` is who decided last about it: `settings`, or the `operator`, whom they never
    overrule.
    `recent_swept_at` and `deep_swept_at` tell when the last look for late and revised readings over hours and
    over days succeeded.
    """

    station_id: str
    name: str | None
    source: str
    origin: str
    active: bool
    added_at: datetime
    discovered_at: datetime | None
    last_polled_at: datetime | None
    last_poll_failed: bool
    last_poll_error: str | None
    recent_swept_at: datetime | None
    deep_swept_at: datetime | None


def check_station_ids(station_ids: Iterable[str]) -> list[str]:
    """Return the ids, each once and in order.

    Raises: OperationRefused when one cannot be a station id.
    """
    distinct = sorted(set(station_ids))
    for station_id in distinct:
        if not STATION_ID.fullmatch(station_id):
            raise OperationRefused(
                f"{station_id[:60]!r} is no station id: letters, digits and : _ . - only, 40 at the most, "
                "as the agency writes it without its prefix (05568500)"
            )
    return distinct


def named_sites(words: Iterable[str]) -> dict[str, str | None]:
    """Read sites as the settings write them: `05568500`, or with our name of it `05568500=Illinois River`."""
    sites: dict[str, str | None] = {}
    for word in words:
        station_id, _, name = word.partition("=")
        sites[station_id.strip()] = name.strip() or None
    return sites


def is_name_of(ours: str, theirs: str) -> bool:
    """Say whether an agency's name of a site can be the one that is meant.

    The agency writes capitals and adds the state: ours are the first words of its name, however written.
    """
    our_words, their_words = (WORD.findall(name.casefold()) for name in (ours, theirs))
    return our_words == their_words[: len(our_words)]

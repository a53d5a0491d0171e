"""How sites that are polled are written: their ids, and our names of them beside the agency's."""

import re
from collections.abc import Iterable

from gaugehouse.domain.errors import OperationRefused

STATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}")
WORD = re.compile(r"\w+")


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

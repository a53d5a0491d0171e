"""Which sensor of a legacy series is which: the service numbers them, and marks none as the primary one."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from itertools import count


def name_sensors(descriptions: Sequence[str], ids: Sequence[str], others: Mapping[str, str]) -> list[str]:
    """Name the sensors of one series by what the service says of each: the primary one has no name.

    Another has the name that we know it by (`others`, by description); else its description, or its id where
    that says nothing or says it twice.
    """
    primary = _primary(descriptions, others)
    times = Counter(descriptions)
    names: dict[str, None] = {}  # a set that keeps its order
    for place, (description, identity) in enumerate(zip(descriptions, ids, strict=True)):
        if place == primary:
            names[""] = None
            continue
        described = description if description and times[description] == 1 else identity
        name = others.get(description) or described
        names[name if name not in names else _another(name, place + 1, names)] = None
    return list(names)


def _primary(descriptions: Sequence[str], others: Mapping[str, str]) -> int | None:
    """Return the place of the primary sensor; None where it cannot be told: rather none than the wrong one.

    It is the only one that is not known to be another; of several such, the only one that needs no words.
    """
    candidates = [place for place, description in enumerate(descriptions) if description not in others]
    if len(candidates) > 1:
        candidates = [place for place in candidates if not descriptions[place]]
    return candidates[0] if len(candidates) == 1 else None


def _another(name: str, number: int, names: Container[str]) -> str:
    return next(free for at in count(number) if (free := f"{name} ({at})") not in names)

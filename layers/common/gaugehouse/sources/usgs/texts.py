"""Texts of the agency, made fit to be stored: bounded, without what PostgreSQL or a person cannot read."""

import re

LONGEST_UNIT = 40
LONGEST_NAME = 200
LONGEST_QUALIFIERS = 200
# PostgreSQL refuses NUL and halves of surrogate pairs; other control characters only hide something.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: object, longest: int) -> str:
    """Return a text without control characters and outer spaces, cut where it is too long; "" for no text."""
    if not isinstance(text, str):
        return ""
    return _UNREADABLE.sub(" ", text[: 4 * longest]).strip()[:longest].rstrip()


def known(text: object, longest: int) -> str | None:
    """Return a cleaned text, or None where there is nothing in it."""
    return clean(text, longest) or None


def words_of(qualifiers: object) -> tuple[str, ...]:
    """Return qualifiers as words, however they come: nothing, one text, or an array."""
    several = qualifiers if isinstance(qualifiers, list | tuple) else (qualifiers,)
    return tuple(word for word in several if isinstance(word, str) and word)


class JoinedQualifiers(dict[tuple[str, ...], str | None]):
    """The agency's words joined by a comma, by the words: there are few combinations of them."""

    def __missing__(self, words: tuple[str, ...]) -> str | None:
        """Join words that were not seen before; None without any."""
        joined = ",".join(filter(None, (clean(word, LONGEST_QUALIFIERS) for word in words)))
        self[words] = joined[:LONGEST_QUALIFIERS] or None
        return self[words]

"""Pages of lists: whether there is a next one, and where it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """A page of a list. `next_cursor` is None on the last one."""

    items: Sequence[Item]
    next_cursor: str | None


def page_of(found: Sequence[Item], limit: int, cursor_of: Callable[[Item], str]) -> Page[Item]:
    """Make a page of what was found, asked for one more than is wanted: it tells that there is more."""
    items = found[:limit]
    return Page(items=items, next_cursor=cursor_of(items[-1]) if len(found) > limit else None)


def link_to_next(router: APIGatewayHttpRouter, page: Page[Item]) -> dict[str, str]:
    """Return the header that names the next page (RFC 8288), for forms that have no other place for it."""
    if page.next_cursor is None:
        return {}
    event = router.current_event
    query = {**event.query_string_parameters, "cursor": page.next_cursor}
    return {"Link": f'<{event.path}?{urlencode(query)}>; rel="next"'}

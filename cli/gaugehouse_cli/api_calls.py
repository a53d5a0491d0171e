"""How the client of the HTTP API asks: one thing, a list page by page, or something to be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Generic, Self, TypeVar
from urllib.parse import quote

import msgspec

from gaugehouse_cli.api_transport import ApiTransport, ApiUnreachable

T = TypeVar("T")
MOST_AT_ONCE = 1000  # items of a page


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """A page of a list. Without `next_cursor` it is the last one."""

    items: list[T]
    next_cursor: str | None = None


class ApiCalls:
    """What the calls of every subject are made of; answers are read as the API's own objects.

    Raises, in each method: ApiRefused with the API's own words, ApiUnreachable.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        self._transport = ApiTransport(url, key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    @property
    def url(self) -> str:
        """The address of the API, with its version."""
        return self._transport.url

    def _one(self, model: type[T], path: str, **parameters: object) -> T:
        """Ask for one thing."""
        return self._read(model, path, self._transport.send("GET", path, parameters=parameters))

    def _all(self, model: type[T], path: str, **parameters: object) -> Iterator[T]:
        """Ask for a list that is one page."""
        page: Items[T] = self._one(Items[model], path, **parameters)  # type: ignore[valid-type]
        yield from page.items

    def _pages(
        self,
        model: type[T],
        path: str,
        *,
        limit: int | None = None,
        at_once: int | None = None,
        **parameters: object,
    ) -> Iterator[T]:
        """Ask for one page after the other, until there is none or there are `limit` items."""
        most = at_once or MOST_AT_ONCE
        return islice(self._every(model, path, min(limit or most, most), parameters), limit)

    def _every(self, model: type[T], path: str, size: int, parameters: dict[str, object]) -> Iterator[T]:
        cursor: str | None = None
        while True:
            page: Items[T] = self._one(Items[model], path, limit=size, cursor=cursor, **parameters)  # type: ignore[valid-type]
            yield from page.items
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def _act(self, model: type[T], method: str, path: str, body: object = None) -> T:
        """Have something done."""
        return self._read(model, path, self._transport.send(method, path, body=body))

    def _read(self, model: type[T], path: str, content: bytes) -> T:
        try:
            return msgspec.json.decode(content, type=model)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise ApiUnreachable(
                f"{self.url}{path} answers otherwise than this release of the command reads ({error}): "
                "use the release that is deployed"
            ) from error


def path_of(*parts: str) -> str:
    """Write a path of these parts, whatever letters are in them."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)

"""Operations that answer in pages."""

from collections.abc import Iterator
from typing import Any

from gaugehouse_cli.deployment import Deployment


def all_pages(
    deployment: Deployment, operation: str, items: str, *, begin: str = "after", **arguments: object
) -> Iterator[Any]:
    """Ask for one page after the other and return their items, until an answer names no next page.

    `items` is what the items are called in the answer, `begin` the argument that says where a page begins.
    """
    answer = deployment.operate(operation, **arguments)
    yield from answer[items]
    while answer["next"] is not None:
        answer = deployment.operate(operation, **arguments, **{begin: answer["next"]})
        yield from answer[items]

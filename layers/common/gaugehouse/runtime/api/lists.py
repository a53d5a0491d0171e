"""Lists of plain items, as JSON or as CSV."""

from collections.abc import Sequence
from functools import reduce
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from gaugehouse.runtime.api.answers import json_answer
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.pages import Page, link_to_next
from gaugehouse.runtime.api.tables import csv_answer

Item = TypeVar("Item")


def answer_list(router: APIGatewayHttpRouter, page: Page[Item], columns: Sequence[str]) -> Response[str]:
    """Answer with a page: as JSON, or as a table of these columns, `last_run.status` being one of an item's.

    Nobody keeps it: what was just retried or paused has to be seen at once.

    Raises: RequestRefused (406).
    """
    if wanted_form(router, JSON, CSV) == JSON:
        return json_answer(page)
    header = [column.replace(".", "_") for column in columns]
    rows = ([_cell(item, column) for column in columns] for item in page.items)
    return csv_answer(header, rows, headers=link_to_next(router, page))


def _cell(item: object, column: str) -> object:
    """Return the value at the end of the way; None where there is nothing on it."""
    return reduce(lambda value, name: value and getattr(value, name), column.split("."), item)

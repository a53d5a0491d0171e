"""A router whose routes are described by their functions, and which knows the methods of its paths."""

import inspect
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

Function = TypeVar("Function", bound=Callable[..., Any])


class DescribedRouter(APIGatewayHttpRouter):
    """In the OpenAPI document, a route's id is the name of its function, and its text the docstring.

    Powertools' own ids have the path in them, so that clients made from the document have unreadable names.
    `methods` has the methods of each rule, `/jobs/<job_name>`.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Powertools does not type it
        self.methods: dict[str, set[str]] = defaultdict(set)

    def route(self, *given: Any, **named: Any) -> Callable[[Function], Function]:
        """See `APIGatewayHttpRouter.route`; what the function says of itself need not be given."""
        asked = inspect.signature(super().route).bind(*given, **named)
        self.methods[asked.arguments["rule"]].add(asked.arguments["method"])

        def register(function: Function) -> Function:
            summary, _, description = (inspect.getdoc(function) or "").partition("\n\n")
            asked.arguments |= {
                "operation_id": function.__name__,
                "summary": summary,
                "description": description or None,
            }
            return super(DescribedRouter, self).route(*asked.args, **asked.kwargs)(function)

        return register

"""What is wrong with a request: each wrong part by its name, and what to send instead."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

MOST_FAULTS, LONGEST_NAME = 10, 60
# What their messages say is for machines: a regular expression, or only that something is missing.
UNSAID = {"string_pattern_mismatch", "missing"}


def told_faults(api: APIGatewayHttpResolver, faults: Sequence[Mapping[str, Any]]) -> str:
    """Name each wrong part of the request and what is wrong with it; the value itself is not repeated.

    Not all of them where a body is made of nothing else: whoever sent it would be sent it back.
    """
    described = _described(api)
    told = [_told(fault, described) for fault in faults[:MOST_FAULTS]]
    more = [f"and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
    return "; ".join([*told, *more])


def _told(fault: Mapping[str, Any], described: Mapping[str, Any]) -> str:
    where = fault["loc"]
    path = ".".join(map(str, where[1:]))
    name = path[:LONGEST_NAME] or where[0]
    known = described.get(path)
    if fault["type"] not in UNSAID or known is None or not known.examples:
        return f"{name}: {fault['msg']}"
    return f"{name}: send one as {known.examples[0]} ({known.description})"


def _described(api: APIGatewayHttpResolver) -> dict[str, Any]:
    """Return what the route says of its parameters and of the fields of its body, by their names."""
    route = api.context["_route"].dependant
    parameters = {each.alias: each.field_info for each in (*route.query_params, *route.path_params)}
    bodies = [getattr(each.type_, "model_fields", {}) for each in route.body_params]
    return {name: field for body in bodies for name, field in body.items()} | parameters

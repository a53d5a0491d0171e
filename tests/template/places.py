"""Places in the template, as the mutations name them."""

from typing import Final

Path = tuple[str | int, ...]
REMOVE: Final = object()


def of(resource: str, *path: str | int) -> Path:
    """A property of a resource."""
    return ("Resources", resource, "Properties", *path)


def event(function: str, name: str, *path: str | int) -> Path:
    """A property of one of a function's events."""
    return of(function, "Events", name, "Properties", *path)


def service(function: str) -> Path:
    """Where a function's metrics get their dimension from."""
    return of(function, "Environment", "Variables", "POWERTOOLS_SERVICE_NAME")

"""The properties of one resource, read as plain values of the wanted type."""

from collections.abc import Mapping
from typing import Any

from gaugehouse_local.errors import TemplateInvalid
from gaugehouse_local.intrinsics import Resolver


class Properties:
    """Reads properties by name; each is resolved when it is asked for, so that the others do not matter."""

    def __init__(self, where: str, values: Mapping[str, Any], resolver: Resolver) -> None:
        """`where` names the resource in errors."""
        self.where = where
        self.resolver = resolver
        self.values = values

    def raw(self, name: str) -> Any:
        """The property as the template has it, unresolved, or None."""
        return self.values.get(name)

    def value(self, name: str) -> Any:
        """The property as it is, resolved, or None. Raises: TemplateInvalid."""
        return self.resolver.resolve(self.values.get(name), f"{self.where}.{name}")

    def text(self, name: str, default: str | None = None) -> str:
        """A property that is text. Raises: TemplateInvalid if it is missing and has no default."""
        value = self.value(name)
        if value is None:
            value = default
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int | float):
            raise TemplateInvalid(f"{self.where}.{name}: text is expected, not {value!r}")
        return str(value)

    def number(self, name: str, default: int) -> int:
        """A property that is a whole number. Raises: TemplateInvalid."""
        value = self.value(name)
        try:
            return default if value is None else int(value)
        except (TypeError, ValueError):
            raise TemplateInvalid(f"{self.where}.{name}: a number is expected, not {value!r}") from None

    def optional_number(self, name: str) -> int | None:
        """A whole number, or None where the property is missing. Raises: TemplateInvalid."""
        return None if self.value(name) is None else self.number(name, 0)

    def group(self, name: str) -> "Properties":
        """A property that is itself a group of properties; an empty one where it is missing."""
        value = self.values.get(name)
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("Fn::"):
            value = self.value(name)
        if value is not None and not isinstance(value, dict):
            raise TemplateInvalid(f"{self.where}.{name}: properties are expected, not {value!r}")
        return Properties(f"{self.where}.{name}", value or {}, self.resolver)

    def names(self) -> list[str]:
        """The names of the properties that are there: `AWS::NoValue` takes one away."""
        return [name for name in self.values if self.value(name) is not None]

"""CloudFormation's intrinsic functions, as far as the local stack needs them."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from gaugehouse_local.errors import TemplateInvalid

NO_VALUE = object()
# `${Name}` or `${Name.Attribute}`; `${!Name}` stands for the text `${Name}`.
SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")


class References(Protocol):
    """Answers what a name in the template refers to. Raises KeyError for what it does not know."""

    def ref(self, name: str) -> object:
        """Value of `Ref`: of a parameter, a pseudo parameter or a resource."""
        ...

    def attribute(self, name: str, attribute: str) -> object:
        """Value of `Fn::GetAtt`."""
        ...


class Resolver:
    """Resolves values of one template. `where` in every call names resource and property for the error."""

    def __init__(
        self, references: References, conditions: Mapping[str, Any], mappings: Mapping[str, Any]
    ) -> None:
        """Take what the functions refer to."""
        self._references = references
        self._conditions = conditions
        self._mappings = mappings
        self._functions: dict[str, Callable[[Any, str], object]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Split": self._split,
            "Fn::Select": self._select,
            "Fn::FindInMap": self._find_in_map,
            "Fn::If": self._if,
            "Fn::Equals": self._equals,
            "Fn::Not": lambda value, where: not self._truth(value[0], where),
            "Fn::And": lambda value, where: all(self._truth(part, where) for part in value),
            "Fn::Or": lambda value, where: any(self._truth(part, where) for part in value),
            "Condition": self.condition,
        }

    def resolve(self, value: Any, where: str) -> Any:
        """Resolve every function in a value, at any depth.

        `AWS::NoValue` removes its entry; by itself it is None.

        Raises: TemplateInvalid.
        """
        resolved = self._resolve(value, where)
        return None if resolved is NO_VALUE else resolved

    def condition(self, name: str, where: str) -> bool:
        """Whether a condition of the template holds. Raises: TemplateInvalid."""
        if name not in self._conditions:
            raise TemplateInvalid(f"{where}: there is no condition {name}")
        return self._truth(self._conditions[name], where)

    def _resolve(self, value: Any, where: str) -> Any:
        if isinstance(value, list):
            items = [self._resolve(item, where) for item in value]
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in self._functions and (name != "Condition" or isinstance(argument, str)):
                return self._call(name, argument, where)
            if str(name).startswith("Fn::"):
                raise TemplateInvalid(f"{where}: the local stack does not know {name}")
        entries = {key: self._resolve(item, f"{where}.{key}") for key, item in value.items()}
        return {key: item for key, item in entries.items() if item is not NO_VALUE}

    def _call(self, name: str, argument: Any, where: str) -> object:
        try:
            return self._functions[name](argument, where)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise TemplateInvalid(f"{where}: cannot resolve {name} of {argument!r}: {error}") from error

    def _ref(self, value: Any, where: str) -> object:  # noqa: ARG002 - every function has the same form
        return NO_VALUE if value == "AWS::NoValue" else self._references.ref(value)

    def _get_att(self, value: Any, where: str) -> object:
        name, attribute = value.split(".", 1) if isinstance(value, str) else value
        return self._references.attribute(name, self._resolve(attribute, where))

    def _sub(self, value: Any, where: str) -> str:
        text, variables = (value, {}) if isinstance(value, str) else value
        values = self._resolve(variables, where)

        def replace(found: re.Match[str]) -> str:
            literal, name = found[1], found[2].strip()
            if literal:
                return f"${{{name}}}"
            if name in values:
                return str(values[name])
            return str(self._get_att(name, where) if "." in name else self._references.ref(name))

        return SUBSTITUTION.sub(replace, text)

    def _join(self, value: Any, where: str) -> str:
        separator, parts = value
        return str(separator).join(str(part) for part in self._resolve(parts, where))

    def _split(self, value: Any, where: str) -> list[str]:
        separator, text = value
        return str(self._resolve(text, where)).split(separator)

    def _select(self, value: Any, where: str) -> object:
        index, items = value
        return self._resolve(items, where)[int(self._resolve(index, where))]

    def _find_in_map(self, value: Any, where: str) -> object:
        table, first, second = self._resolve(value, where)
        return self._mappings[table][first][second]

    def _if(self, value: Any, where: str) -> object:
        name, then, otherwise = value
        return self._resolve(then if self.condition(name, where) else otherwise, where)

    def _equals(self, value: Any, where: str) -> bool:
        first, second = self._resolve(value, where)
        return str(first) == str(second)

    def _truth(self, value: Any, where: str) -> bool:
        result = self._resolve(value, where)
        if not isinstance(result, bool):
            raise TemplateInvalid(f"{where}: {value!r} is no condition")
        return result

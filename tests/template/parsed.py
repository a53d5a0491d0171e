"""template.yaml as Python data, and the questions that the rules ask of it."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

Template = dict[str, Any]
Properties = dict[str, Any]

PROJECT_ROOT = Path(__file__).parents[2]


def of_type(template: Template, resource_type: str) -> dict[str, Properties]:
    """Give the properties of every resource of a type, such as `SQS::Queue`, by its logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == f"AWS::{resource_type}"
    }


def functions(template: Template) -> dict[str, Properties]:
    """Give each function's properties as SAM sees them: the globals, and the function's own over them."""
    shared = template["Globals"]["Function"]
    return {name: _over(shared, own) for name, own in of_type(template, "Serverless::Function").items()}


def events(template: Template, event_type: str) -> Iterator[tuple[str, str, Properties]]:
    """Give function, name and properties of each event whose type begins with `event_type`."""
    for function, properties in functions(template).items():
        for name, event in properties.get("Events", {}).items():
            if event["Type"].startswith(event_type):
                yield function, name, event["Properties"]


def mappings(template: Template) -> Iterator[tuple[str, str, Properties]]:
    """Give function, queue and properties of each source mapping from a queue."""
    for function, _, properties in events(template, "SQS"):
        yield function, target(properties["Queue"]), properties


def environment(function: Properties) -> dict[str, Any]:
    """Give a function's environment variables."""
    variables: dict[str, Any] = function["Environment"]["Variables"]
    return variables


def target(value: Any) -> str:
    """Name what a value refers to: the id in `!Ref`, `!GetAtt X.Arn` or `!Sub ${X.Arn}/*`; else itself."""
    if isinstance(value, dict):
        if "Ref" in value:
            return str(value["Ref"])
        if "Fn::GetAtt" in value:
            return str(value["Fn::GetAtt"][0])
        if "Fn::Sub" in value:
            named = [name for name in re.findall(r"\$\{([^}]+)\}", str(value["Fn::Sub"])) if "::" not in name]
            return named[0].split(".")[0] if named else str(value["Fn::Sub"])
    return str(value)


def listed(value: Any) -> list[Any]:
    """Give a list of what may be written as a list or alone; of a condition, both that it chooses from."""
    values = value if isinstance(value, list) else [value]
    return [branch for item in values for branch in branches(item)]


def branches(value: Any) -> list[Any]:
    """Give what a value can be: itself, or both sides of a condition, without that of no value."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [one for side in value["Fn::If"][1:] for one in branches(side)]
    return [] if value == {"Ref": "AWS::NoValue"} else [value]


def _over(shared: Any, own: Any) -> Any:
    computed = any(isinstance(one, dict) and set(one) & {"Ref", "Fn::If"} for one in (shared, own))
    if isinstance(shared, dict) and isinstance(own, dict) and not computed:
        return {key: _over(shared.get(key), own.get(key, shared.get(key))) for key in shared | own}
    return deepcopy(own)

"""Reads template.yaml, the one description of the system, and says what of it runs on this machine.

Only what runs here is resolved: rights, alarms and policies are AWS's business.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gaugehouse_local.errors import TemplateInvalid
from gaugehouse_local.page_headers import HEADERS_POLICY, page_headers
from gaugehouse_local.physical_names import BUCKET, QUEUE, PhysicalNames
from gaugehouse_local.properties import Properties
from gaugehouse_local.resources import Bucket, Queue, Resources
from gaugehouse_local.template_functions import FUNCTION, FunctionReader


def load_template(path: Path) -> dict[str, Any]:
    """Read a template. Short forms such as `!Ref` become their long forms. Raises: TemplateInvalid."""
    try:
        template = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader, see below
    except (OSError, yaml.YAMLError) as error:
        raise TemplateInvalid(f"cannot read the template {path}: {error}") from error
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise TemplateInvalid(f"{path} has no Resources, so it is no template")
    return template


def describe(template: Mapping[str, Any], *, root: Path, names: PhysicalNames) -> Resources:
    """Resolve what runs here. `root` is the folder that code is named from.

    Raises: TemplateInvalid, naming resource and property.
    """
    resources: Mapping[str, Any] = template["Resources"]

    def of_type(kind: str) -> list[tuple[str, Properties]]:
        return [
            (logical_id, Properties(logical_id, resource.get("Properties", {}), names.resolver))
            for logical_id, resource in resources.items()
            if resource.get("Type") == kind and exists(logical_id, resource, names)
        ]

    reader = FunctionReader(template, root=root, names=names)
    functions = of_type(FUNCTION)
    return Resources(
        functions=tuple(reader.function(logical_id, properties) for logical_id, properties in functions),
        queues=tuple(_queue(logical_id, properties, names) for logical_id, properties in of_type(QUEUE)),
        buckets=tuple(_bucket(logical_id, properties, names) for logical_id, properties in of_type(BUCKET)),
        event_sources=tuple(source for found in functions for source in reader.event_sources(*found)),
        schedules=tuple(schedule for found in functions for schedule in reader.schedules(*found)),
        http_routes=tuple(route for found in functions for route in reader.http_routes(*found)),
        page_headers={
            name: value
            for _, properties in of_type(HEADERS_POLICY)
            for name, value in page_headers(properties).items()
        },
    )


def exists(name: str, described: Mapping[str, Any], names: PhysicalNames) -> bool:
    """Whether the condition of a resource or an output holds, if it has one. Raises: TemplateInvalid."""
    condition = described.get("Condition")
    return condition is None or names.resolver.condition(condition, f"{name}.Condition")


def _queue(logical_id: str, properties: Properties, names: PhysicalNames) -> Queue:
    redrive = properties.group("RedrivePolicy")
    has_redrive = bool(redrive.names())
    return Queue(
        logical_id=logical_id,
        name=names.name(logical_id),
        arn=names.arn(logical_id),
        url=str(names.ref(logical_id)),
        visibility_timeout_seconds=properties.number("VisibilityTimeout", 30),
        retention_seconds=properties.number("MessageRetentionPeriod", 345_600),
        delay_seconds=properties.number("DelaySeconds", 0),
        dead_letter_arn=redrive.text("deadLetterTargetArn") if has_redrive else None,
        max_receive_count=redrive.number("maxReceiveCount", 1) if has_redrive else None,
    )


def _bucket(logical_id: str, properties: Properties, names: PhysicalNames) -> Bucket:
    versioning = properties.group("VersioningConfiguration").text("Status", "Suspended")
    return Bucket(logical_id=logical_id, name=names.name(logical_id), is_versioned=versioning == "Enabled")


class _Loader(yaml.CSafeLoader):
    """Safe YAML, and CloudFormation's tags. In C, since each start of a stack would wait half a second."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)

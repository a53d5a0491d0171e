"""The functions of a template, and the events that start them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gaugehouse.domain.schedule_expression import parse_schedule
from gaugehouse_local.errors import TemplateInvalid
from gaugehouse_local.physical_names import PhysicalNames
from gaugehouse_local.properties import Properties
from gaugehouse_local.resources import EventSource, Function, HttpRoute, Schedule

FUNCTION = "AWS::Serverless::Function"
# How Lambda delivers an event that nobody waits for, where the template says nothing else.
ASYNC_RETRIES, ASYNC_MAX_AGE_SECONDS = 2, 21_600


class FunctionReader:
    """Reads functions with the template's Globals merged in, as SAM does."""

    def __init__(self, template: Mapping[str, Any], *, root: Path, names: PhysicalNames) -> None:
        """`root` is the folder that code is named from."""
        self._globals: Mapping[str, Any] = template.get("Globals", {}).get("Function", {})
        self._resources: Mapping[str, Any] = template["Resources"]
        self._root = root
        self._names = names

    def function(self, logical_id: str, own: Properties) -> Function:
        """Read a function. Raises: TemplateInvalid."""
        properties = self._merged(own)
        logging, delivery = properties.group("LoggingConfig"), properties.group("EventInvokeConfig")
        variables = properties.group("Environment").group("Variables")
        name = self._names.name(logical_id)
        return Function(
            logical_id=logical_id,
            name=name,
            arn=self._names.arn(logical_id),
            code=self._folder(properties.text("CodeUri"), f"{logical_id}.CodeUri"),
            handler=properties.text("Handler"),
            runtime=properties.text("Runtime", "python3.13"),
            timeout_seconds=properties.number("Timeout", 3),
            memory_mb=properties.number("MemorySize", 128),
            pythonpath=tuple(self._layer(layer, logical_id) for layer in properties.raw("Layers") or []),
            environment={variable: variables.text(variable) for variable in variables.names()},
            log_group=logging.text("LogGroup", f"/aws/lambda/{name}"),
            log_format=logging.text("LogFormat", "Text"),
            log_level=logging.text("ApplicationLogLevel", "") or None,
            async_retries=delivery.number("MaximumRetryAttempts", ASYNC_RETRIES),
            async_max_age_seconds=delivery.number("MaximumEventAgeInSeconds", ASYNC_MAX_AGE_SECONDS),
        )

    def event_sources(self, logical_id: str, own: Properties) -> Iterator[EventSource]:
        """Give the queues that wake a function. Raises: TemplateInvalid."""
        for name, properties in self._events(own, "SQS"):
            if properties.value("Enabled") in (False, "false"):
                continue
            yield EventSource(
                logical_id=f"{logical_id}{name}",
                function_id=logical_id,
                queue_arn=properties.text("Queue"),
                batch_size=properties.number("BatchSize", 10),
                batching_window_seconds=properties.number("MaximumBatchingWindowInSeconds", 0),
                maximum_concurrency=properties.group("ScalingConfig").optional_number("MaximumConcurrency"),
                reports_item_failures="ReportBatchItemFailures"
                in (properties.value("FunctionResponseTypes") or []),
            )

    def schedules(self, logical_id: str, own: Properties) -> Iterator[Schedule]:
        """Give the schedules of a function. Raises: TemplateInvalid."""
        for name, properties in self._events(own, "ScheduleV2"):
            if properties.text("State", "ENABLED") != "ENABLED":
                continue
            where = f"{properties.where}.ScheduleExpression"
            if properties.text("ScheduleExpressionTimezone", "UTC") != "UTC":
                raise TemplateInvalid(f"{where}Timezone: the local stack knows only UTC")
            try:
                text = properties.text("ScheduleExpression")
                expression = parse_schedule(text)
            except ValueError as error:
                raise TemplateInvalid(f"{where}: {error}") from error
            event = properties.text("Input", "{}")
            try:
                json.loads(event)
            except ValueError as error:
                raise TemplateInvalid(f"{properties.where}.Input: not JSON: {error}") from error
            yield Schedule(
                logical_id=f"{logical_id}{name}",
                function_id=logical_id,
                expression=expression,
                text=text,
                input=event,
            )

    def http_routes(self, logical_id: str, own: Properties) -> Iterator[HttpRoute]:
        """Give the requests that reach a function. Raises: TemplateInvalid."""
        for _, properties in self._events(own, "HttpApi"):
            yield HttpRoute(
                function_id=logical_id, method=properties.text("Method"), path=properties.text("Path")
            )

    def _merged(self, own: Properties) -> Properties:
        return Properties(own.where, _merge(self._globals, own.values), own.resolver)

    def _events(self, own: Properties, kind: str) -> Iterator[tuple[str, Properties]]:
        for name, event in (own.raw("Events") or {}).items():
            where = f"{own.where}.Events.{name}"
            if event.get("Type") not in ("SQS", "ScheduleV2", "HttpApi"):
                raise TemplateInvalid(
                    f"{where}: the local stack cannot send events of type {event.get('Type')}"
                )
            if event["Type"] == kind:
                yield name, Properties(where, event.get("Properties", {}), own.resolver)

    def _layer(self, reference: Any, logical_id: str) -> Path:
        layer_id = reference.get("Ref") if isinstance(reference, dict) else None
        layer = self._resources.get(layer_id, {}) if layer_id else {}
        if layer_id is None or layer.get("Type") != "AWS::Serverless::LayerVersion":
            raise TemplateInvalid(f"{logical_id}.Layers: {reference!r} is no layer of this template")
        properties = Properties(layer_id, layer["Properties"], self._names.resolver)
        content = self._folder(properties.text("ContentUri"), f"{layer_id}.ContentUri")
        # A built layer holds its packages in `python`, as AWS wants it; a source folder holds them itself.
        return content / "python" if (content / "python").is_dir() else content

    def _folder(self, uri: str, where: str) -> Path:
        folder = (self._root / uri).resolve()
        if not folder.is_dir():
            raise TemplateInvalid(f"{where}: there is no folder {folder}")
        return folder


def _merge(general: Any, own: Any) -> Any:
    """Merge as SAM does: groups are joined, lists added up, and of plain values the function's own wins.

    A value that is still to be computed (`!Ref`, `!If`) is a plain one.
    """
    if (
        isinstance(general, dict)
        and isinstance(own, dict)
        and not (_is_computed(general) or _is_computed(own))
    ):
        return {**general, **{name: _merge(general.get(name), value) for name, value in own.items()}}
    if isinstance(general, list) and isinstance(own, list):
        return [*general, *own]
    return own


def _is_computed(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))

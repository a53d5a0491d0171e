"""The maintenance function, as the API has it act: whatever changes something goes that one way.

AWS actions: lambda:InvokeFunction on the maintenance function.
"""

import json
from typing import Any

from gaugehouse.domain.errors import MaintenanceFailed, MaintenanceUnavailable, OperationRefused
from gaugehouse.runtime.function_answer import FunctionFailed, payload_of


class MaintenanceFunction:
    """Acts as an operator. `client` is boto3's for Lambda."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def operate(self, operation: str, **arguments: object) -> Any:
        """Have an operation done; return its answer, plain data.

        Raises: OperationRefused in the operation's own words, MaintenanceFailed, MaintenanceUnavailable.
        """
        event = {"task": "operate", "operation": operation, "arguments": arguments, "by_operator": True}
        try:
            return payload_of(self._invoke(event, "RequestResponse"))["answer"]
        except FunctionFailed as error:
            if error.error_type == OperationRefused.__name__:
                raise OperationRefused(str(error)) from error
            raise MaintenanceFailed(f"operation {operation}: {error.error_type}") from error

    def begin(self, task: str) -> None:
        """Have a task run soon, and do not wait for it. Raises: MaintenanceUnavailable."""
        self._invoke({"task": task, "by_operator": True}, "Event")

    def _invoke(self, event: dict[str, object], kind: str) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

        try:
            return self._client.invoke(
                FunctionName=self._name, InvocationType=kind, Payload=json.dumps(event).encode()
            )
        except (ReadTimeoutError, ConnectionClosedError) as error:  # it was asked
            raise MaintenanceFailed("its answer did not come") from error
        except (BotoCoreError, ClientError) as error:
            raise MaintenanceUnavailable(f"the maintenance function cannot be reached: {error}") from error

"""What a Lambda function answered that was invoked: its payload, or the error that ended it."""

import json
from collections.abc import Mapping
from typing import Any

from gaugehouse.domain.errors import GaugehouseError


class FunctionFailed(GaugehouseError):
    """The function raised an error. Its type and message are the function's own; its log has the rest."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def payload_of(answer: Mapping[str, Any]) -> Any:
    """Return what the function returned, plain data, out of boto3's answer. Raises: FunctionFailed."""
    payload = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        error = payload if isinstance(payload, dict) else {}
        raise FunctionFailed(
            str(error.get("errorType", answer["FunctionError"])), str(error.get("errorMessage", payload))
        )
    return payload

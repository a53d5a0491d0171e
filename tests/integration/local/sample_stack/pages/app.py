"""Answers an HTTP API, for the tests of the local stack."""

import base64
import json
from typing import Any


def lambda_handler(event: dict[str, Any], context: Any) -> object:
    """Answer as the path says."""
    match event["rawPath"]:
        case "/pages/bytes":
            return {
                "statusCode": 200,
                "headers": {"Content-Type": "application/octet-stream"},
                "isBase64Encoded": True,
                "body": base64.b64encode(b"\x00\xff").decode(),
            }
        case "/pages/unchanged":
            return {"statusCode": 304, "headers": {"ETag": '"1"'}}
        case "/pages/large":
            return {"statusCode": 200, "body": "x" * (6 * 1024 * 1024 + 1)}
        case "/pages/raise":
            raise LookupError("it is not here")
        case "/pages/nothing":
            return None
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}

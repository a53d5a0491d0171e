"""Does what its event says, for the tests of the local stack."""

import os
import sys
import time
from typing import Any

CALLS: list[str] = []


def lambda_handler(event: dict[str, Any], context: Any) -> object:
    """Do one thing. The process remembers how often it was called."""
    CALLS.append(context.aws_request_id)
    print(f"doing {event['do']}")  # noqa: T201 - the test looks for it
    match event["do"]:
        case "echo":
            return event
        case "environment":
            return dict(os.environ)
        case "context":
            return {
                "pid": os.getpid(),
                "calls": len(CALLS),
                "cwd": os.getcwd(),
                "path": sys.path,
                "remaining_ms": context.get_remaining_time_in_millis(),
                "request_id": context.aws_request_id,
                "arn": context.invoked_function_arn,
                "memory": context.memory_limit_in_mb,
                "log_group": context.log_group_name,
            }
        case "import":
            return __import__(event["module"]).__file__
        case "raise":
            raise LookupError("it is not here")
        case "exit":
            os._exit(event["code"])
        case "sleep":
            time.sleep(event["seconds"])
            return "slept"
    return None

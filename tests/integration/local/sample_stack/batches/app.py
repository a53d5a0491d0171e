"""Handles a batch of messages as their bodies say, for the tests of the local stack."""

import json
import os
import signal
import time
from typing import Any

from sample_layer import record  # type: ignore[import-not-found]  # it comes from the layer


def lambda_handler(event: dict[str, Any], context: Any) -> object:
    """Report the messages whose body says `fail`; `raise` and `die` end the whole batch."""
    failures = []
    for message in event["Records"]:
        body = json.loads(message["body"])
        record(json.dumps({"at": time.time(), "did": body["do"], **body, "message": message}))
        match body["do"]:
            case "fail":
                failures.append({"itemIdentifier": message["messageId"]})
            case "raise":
                raise RuntimeError("the whole batch")
            case "die" if message["attributes"]["ApproximateReceiveCount"] == "1":
                os.kill(os.getpid(), signal.SIGKILL)
            case "sleep":
                time.sleep(body["seconds"])
        record(json.dumps({"at": time.time(), "did": f"after {body['do']}", "pid": os.getpid()}))
    return {"batchItemFailures": failures}

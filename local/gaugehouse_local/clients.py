"""Clients of an AWS that runs on this machine. botocore is imported where it is used: it takes 0.3 s."""

import functools
import os
import threading
from typing import Any

from gaugehouse_local.physical_names import REGION

# The operator's own profiles and files must not lead us to a real account, or fail us by being wrong.
ISOLATED_SESSION: dict[str, Any] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}

_SESSION_LOCK = threading.Lock()


def local_client(service: str, endpoint: str, *, read_timeout: float = 30, attempts: int = 2) -> Any:
    """Return a client of that service at that endpoint. `read_timeout` is in seconds."""
    from botocore.config import Config

    with _SESSION_LOCK:
        return _session().create_client(
            service,
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - moto asks for one and checks none
            config=Config(
                proxies={},
                retries={"total_max_attempts": attempts},
                connect_timeout=5,
                read_timeout=read_timeout,
            ),
        )


@functools.cache
def _session() -> Any:
    # One for all stacks of the process: reading botocore's tables takes 0.2 s.
    import botocore.session

    return botocore.session.Session(session_vars=ISOLATED_SESSION)

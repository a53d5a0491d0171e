"""The environment of a worker: what Lambda sets, what the template sets, and what any process needs here.

A worker must not see the operator's credentials, nor settings that a Lambda function would not have.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from gaugehouse_local.physical_names import REGION
from gaugehouse_local.resources import Function

PORTABLE_CLIENT = Path(__file__).parent / "portable"
# What a process needs on this machine: to find programs, certificates, a proxy and temporary space.
INHERITED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
)  # fmt: skip
# Everything of the stack is on this machine, and no proxy of its owner has to do with it.
NO_PROXY = "127.0.0.1,localhost"


def worker_environment(
    function: Function,
    *,
    endpoint: str,
    lambda_endpoint: str,
    packages: tuple[Path, ...] = (),
    portable: bool | None = None,
    bytecode: Path | None = None,
    host: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The environment that a worker of this function starts with.

    `endpoint` is the local AWS, but for Lambda, which is at `lambda_endpoint`. For the rest see
    `functions.Runtime`.
    """
    use_portable = sys.platform != "linux" if portable is None else portable
    paths = [function.code, *function.pythonpath, *packages]
    if use_portable:
        paths.insert(0, PORTABLE_CLIENT)
    return {
        **{name: host[name] for name in INHERITED if name in host},
        "NO_PROXY": NO_PROXY,
        "no_proxy": NO_PROXY,
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(str(path) for path in paths),
        # A run must not write into the code it runs: an artifact is shipped as it was built.
        **({"PYTHONDONTWRITEBYTECODE": "1"} if bytecode is None else {"PYTHONPYCACHEPREFIX": str(bytecode)}),
        "LAMBDA_TASK_ROOT": str(function.code),
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        **({"AWS_LAMBDA_LOG_LEVEL": function.log_level} if function.log_level else {}),
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_LAMBDA": lambda_endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The operator's own profiles must not lead the functions to a real account.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **function.environment,
    }

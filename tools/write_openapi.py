"""Write docs/openapi.json, what the API serves at /api/v1/openapi.json: `make openapi`."""

from pathlib import Path

from gaugehouse.runtime.api.openapi import openapi_json
from gaugehouse.runtime.api.resolver import build_api

DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(openapi_json(build_api()))
    print(f"{DOCUMENT.name} describes what is served")


if __name__ == "__main__":
    main()

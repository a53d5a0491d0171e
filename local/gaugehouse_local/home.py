"""Where the house is: the project beside which this package lies, and the folder of its data."""

import os
from pathlib import Path

PROJECT_ROOT = Path(__file__).parents[2]  # the package is installed in place, beside template.yaml
TEMPLATE = PROJECT_ROOT / "template.yaml"
WEB = PROJECT_ROOT / "web"


def home_folder() -> Path:
    """Where the house keeps its data between runs: GAUGEHOUSE_HOME, else `.gaugehouse` in the project."""
    return Path(os.environ.get("GAUGEHOUSE_HOME") or PROJECT_ROOT / ".gaugehouse").absolute()

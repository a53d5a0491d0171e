"""Where the real agency files lie, beside the project. They are never part of it."""

import os
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("GAUGEHOUSE_REAL_DATA", PROJECT_ROOT.parent / "shared" / "data"))
MCFCD = DATA / "mcfcd"
USGS = DATA / "usgs"

requires_real_files = pytest.mark.skipif(
    not MCFCD.is_dir(), reason=f"the real agency files are not at {DATA} (set GAUGEHOUSE_REAL_DATA)"
)
requires_usgs_files = pytest.mark.skipif(
    not USGS.is_dir(), reason=f"the real USGS files are not at {USGS} (set GAUGEHOUSE_REAL_DATA)"
)

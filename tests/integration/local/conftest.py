"""Fixtures of the local stack's tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gaugehouse_local.stack import LocalStack
from tests.integration.local.sample import sample_stack


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder that every account can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sample stack of this module keeps what it keeps."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def stack(state_dir: Path) -> Iterator[LocalStack]:
    """A running sample stack, with warm workers, for the tests of one module."""
    with sample_stack(state_dir) as running:
        yield running

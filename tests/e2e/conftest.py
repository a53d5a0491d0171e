"""The running house that the operator's tests share."""

from collections.abc import Iterator

import pytest

from tests.e2e.operator import Operator, running_house


@pytest.fixture(scope="package")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """One house for all tests: each leaves it as it found it, or changes what no other looks at."""
    with running_house(tmp_path_factory.mktemp("operator") / "home") as operator:
        yield operator

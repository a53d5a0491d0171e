"""The template, parsed once."""

import pytest

from gaugehouse_local.template import load_template
from tests.template.parsed import PROJECT_ROOT, Template


@pytest.fixture(scope="session")
def template() -> Template:
    """Give the parsed template.yaml. Copy it before changing it."""
    return load_template(PROJECT_ROOT / "template.yaml")

import json

import pytest

from gaugehouse_cli.function_log import readable


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("START RequestId: 1", "START RequestId: 1"),
        ("[1, 2]", "[1, 2]"),
        (json.dumps({"_aws": {}, "ImportInserted": [1.0]}), None),
        (
            json.dumps(
                {"level": "INFO", "message": "import", "timestamp": "t", "inserted": 3, "subject": "1000"}
            ),
            "import inserted=3 subject=1000",
        ),
        (
            json.dumps({"level": "ERROR", "message": "failed", "exception": "Traceback\n  File\nE: boom"}),
            "ERROR failed exception=E: boom",
        ),
    ],
)
def test_a_line_says_what_happened(line: str, told: str | None) -> None:
    assert readable(line) == told

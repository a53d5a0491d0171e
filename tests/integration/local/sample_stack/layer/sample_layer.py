"""What the sample functions share."""

import os
from pathlib import Path


def record(text: str) -> None:
    """Append a line to the file that the test reads."""
    with Path(os.environ["RECORD_FILE"]).open("a") as file:
        file.write(f"{text}\n")

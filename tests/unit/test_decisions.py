"""The records of decisions: each has a number of its own, so that a reference to one is clear."""

from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))


def test_each_decision_has_the_next_number_and_its_heading_says_it() -> None:
    assert [file.name[:4] for file in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]
    for file in DECISIONS:
        assert file.read_text().startswith(f"# {file.name[:4]}. "), file.name

"""Fuzz every parser: `python -m tests.fuzz [--seconds 120] [--seed 0] [target …]`; exit 1 on a finding."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.running import fuzz
from tests.fuzz.targets import TARGETS

FOLDER = Path(".gaugehouse") / "fuzz"


def main() -> int:
    """Run each target for its share of the time, and keep the documents that it does not stand."""
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="for each target")
    parser.add_argument("--seed", type=int, default=0, help="where the numbering of mutations begins")
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(names)}; all if none is named")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(names):
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    findings = 0
    for target in TARGETS:
        if asked.targets and target.name not in asked.targets:
            continue
        counts: Counter[str] = Counter()
        for finding in fuzz(target, _seeds(asked.seed, asked.seconds), counts):
            findings += 1
            FOLDER.mkdir(parents=True, exist_ok=True)
            file = FOLDER / f"{finding.target}-{finding.seed}"
            file.write_bytes(finding.content)
            sys.stdout.write(
                f"{finding.target}, seed {finding.seed}: {finding.problem[:300]}\n  kept as {file}\n"
            )
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        sys.stdout.write(f"{target.name}: {counts.total()} documents ({told})\n")
        sys.stdout.flush()
    return 1 if findings else 0


def _seeds(first: int, seconds: float) -> Iterator[int]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield first
        first += 1


if __name__ == "__main__":
    raise SystemExit(main())

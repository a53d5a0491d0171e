"""Check template.yaml in four ways. They overlap, but none of them finds everything.

Run it with the interpreter of the SAM tools: `.tools/sam/bin/python tools/sam/check_template.py [TEMPLATE]`.
It needs no AWS account and no network, and leaves nothing behind. Exit code 0 means that all passed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REGION = "us-east-1"
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
# It pins other versions of what the SAM CLI uses, so it has an environment of its own.
CHECKOV = HERE.parents[1] / ".tools" / "checkov" / "bin" / "checkov"
ACCEPTED = HERE.parent / "checkov" / "accepted.toml"
NOWHERE = "http://127.0.0.1:9"  # the discard port: a tool that tries the network fails at once
LONGEST_LINE = 300
Refusal = Callable[[], list[str]]  # waits for the transformed template; says why there is none


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a check works: the template, a folder of its own, and an environment that leaks nothing."""

    template: Path
    folder: Path
    environment: dict[str, str]

    @property
    def transformed(self) -> Path:
        """Where the transformed template is, once `transform` is done."""
        return self.folder / "transformed.json"

    def run(self, *command: str | Path) -> tuple[int, str]:
        """Run a command beside the template; return its exit code and what it says."""
        done = subprocess.run(
            command,
            cwd=self.template.parent,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.strip()


def main() -> int:
    """Run the checks side by side, print a line for each and its findings, and return the exit code."""
    template = Path(sys.argv[1] if len(sys.argv) > 1 else "template.yaml").resolve()
    started = time.monotonic()
    with bench_for(template) as bench, ThreadPoolExecutor() as pool:
        transforming = pool.submit(transform, bench)
        findings = list(pool.map(lambda check: check(bench, transforming.result), CHECKS.values()))
    for name, found in zip(CHECKS, findings, strict=True):
        print(f"  {'FAILED' if found else 'ok':<8}{name}")
        for line in found:
            print(f"          {shortened(line)}")
    failed = sum(bool(found) for found in findings)
    print(f"{template.name}: {failed} of {len(CHECKS)} checks failed, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


@contextmanager
def bench_for(template: Path) -> Iterator[Bench]:
    """Give an environment without credentials, network, telemetry or the caller's home folder."""
    with tempfile.TemporaryDirectory(prefix="gaugehouse-sam-") as folder:
        home = Path(folder)
        # SAM asks PyPI once a week for a newer version, unless it believes that it has just done so.
        (home / ".aws-sam").mkdir()
        (home / ".aws-sam" / "metadata.json").write_text(json.dumps({"lastVersionCheck": time.time()}))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        yield Bench(
            template=template,
            folder=home,
            environment=inherited
            | {
                "HOME": folder,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_EC2_METADATA_DISABLED": "true",
                "SAM_CLI_TELEMETRY": "0",
                "HTTP_PROXY": NOWHERE,
                "HTTPS_PROXY": NOWHERE,
            },
        )


def transform(bench: Bench) -> list[str]:
    """Write what SAM makes of the template, for two of the checks; return why it refuses to."""
    code, said = bench.run(sys.executable, HERE / "transform.py", bench.template, bench.transformed)
    return said.splitlines() if code else []


def sam_accepts(bench: Bench, _: Refusal) -> list[str]:
    """Transform as a deployment would: finds what SAM itself refuses, in samconfig.toml too."""
    code, said = bench.run(BIN / "sam", "validate", "--region", REGION, "--template-file", bench.template)
    return said.splitlines() if code else []


def sam_lints(bench: Bench, _: Refusal) -> list[str]:
    """Lint the template as written: finds what the transform hides, such as a property that stands twice."""
    code, said = bench.run(
        BIN / "sam", "validate", "--lint", "--region", REGION, "--template-file", bench.template
    )
    # SAM prints the findings as one Python list, and a sentence of its own below.
    return re.split(r"(?<=\d), (?=\[[EWI]\d{4}:)", said) if code else []


def cfn_lint_accepts_the_transformed(bench: Bench, refusal: Refusal) -> list[str]:
    """Lint what SAM makes of the template: finds what is wrong in events, roles and circles of references."""
    if refused := refusal():
        return refused
    code, said = bench.run(
        BIN / "cfn-lint", "--config-file", HERE / "cfnlintrc.yaml", "--regions", REGION,
        "--format", "json", "--template", bench.transformed,
    )  # fmt: skip
    if not code:
        return []
    try:
        matches = json.loads(said)
    except ValueError:  # it broke down before it could lint
        return said.splitlines()
    return [
        f"{match['Rule']['Id']} {'.'.join(map(str, match['Location']['Path'] or []))}: {match['Message']}"
        for match in matches
    ]


def checkov_finds_nothing_new(bench: Bench, refusal: Refusal) -> list[str]:
    """Look for what is not safe. Findings that we accept stand in a file, each with its reason."""
    if refused := refusal():
        return refused
    _, said = bench.run(
        CHECKOV, "--file", bench.transformed, "--framework", "cloudformation", "--skip-download", "--quiet",
        "--compact", "--output", "json",
    )  # fmt: skip
    try:
        results = json.loads(said[said.index("{") :])["results"]
    except (ValueError, KeyError):  # it broke down before it could check
        return said.splitlines()
    found = {
        (failed["check_id"], failed["resource"].split(".")[-1]): failed["check_name"]
        for failed in results["failed_checks"]
    }
    accepted = {
        (entry["check"], resource)
        for entry in tomllib.loads(ACCEPTED.read_text())["accepted"]
        for resource in entry["resources"]
    }
    new = [f"{check} {name}: {found[check, name]}" for check, name in sorted(set(found) - accepted)]
    gone = [f"{check} {name}: accepted, and no finding" for check, name in sorted(accepted - set(found))]
    return new + gone


def shortened(line: str) -> str:
    """Cut out the middle, where cfn-lint lists every resource there is. The end may tell the place."""
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 60]} … {line[-55:]}"


CHECKS: dict[str, Callable[[Bench, Refusal], list[str]]] = {
    "sam validate": sam_accepts,
    "sam validate --lint": sam_lints,
    "cfn-lint on the transformed template, with the serverless rules": cfn_lint_accepts_the_transformed,
    "checkov on the transformed template": checkov_finds_nothing_new,
}

if __name__ == "__main__":
    sys.exit(main())

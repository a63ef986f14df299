"""`make check`: every static check in one line each, the output of those that fail, and the largest things."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHECK_S_MAX = 600
PLAYBOOK = ("--inventory", "inventories/example/hosts.yml", "site.yml")
SKIPPED, PASSED, FAILED = "skipped", "ok", "FAILED"


@dataclass(frozen=True, slots=True)
class Check:
    """One tool. An `optional` one is skipped where it is not installed."""

    name: str
    command: tuple[str, ...]
    folder: Path = REPOSITORY
    optional: bool = False
    environment: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("format", ("ruff", "format", "--check", "--output-format", "concise", ".")),
    Check("lint", ("ruff", "check", "--output-format", "concise", ".")),
    Check("types", ("mypy",)),
    Check("imports", ("lint-imports",)),
    Check("tidy", ("pytest", "-q", "--tb", "short", "tests/tidy")),
    Check("ansible syntax", ("ansible-playbook", "--syntax-check", *PLAYBOOK), REPOSITORY / "ansible", optional=True),
    Check("ansible lint", ("ansible-lint", "--offline"), REPOSITORY / "ansible", optional=True),
)


def find(program: str) -> str | None:
    """Look for a tool beside this interpreter, then on PATH."""
    return shutil.which(program, path=os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]))


def run(check: Check) -> tuple[str, str]:
    """Run one check and return its result and what it printed."""
    program = find(check.command[0])
    if program is None:
        return (SKIPPED if check.optional else FAILED), f"{check.command[0]} is not installed"
    environment = {**os.environ, **check.environment, "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]])}
    try:
        ended = subprocess.run(
            [program, *check.command[1:]],
            cwd=check.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=CHECK_S_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return FAILED, f"not done within {CHECK_S_MAX} s"
    return (PASSED if ended.returncode == 0 else FAILED), ended.stdout


def main() -> int:
    """Run all checks; 0 when none failed, else 1."""
    results = []
    for check in CHECKS:
        started_s = time.monotonic()
        result, output = run(check)
        results.append(result)
        reason = f"  ({output})" if result == SKIPPED else ""
        say(f"check {check.name:<15}{result:<8}{time.monotonic() - started_s:5.1f} s{reason}")
        if result == FAILED:
            say(output.rstrip())
    subprocess.run([sys.executable, Path(__file__).with_name("sizes.py")], check=True, timeout=CHECK_S_MAX)
    return int(FAILED in results)


def say(line: str) -> None:
    """Print a line at once, so that it stands before what later tools print."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

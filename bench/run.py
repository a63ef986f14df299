"""`make bench`: runs the benchmarks of this folder one after the other; names as arguments choose some."""

import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"run", "__init__"}


def benchmarks() -> dict[str, Path]:
    """Return the benchmarks of this folder by name; modules that start with `_` are their parts."""
    return {
        path.stem: path
        for path in sorted(BENCH.glob("*.py"))
        if path.stem not in NOT_BENCHMARKS and not path.stem.startswith("_")
    }


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; 0 when each ended well, 1 when one failed, 2 when a name is wrong."""
    known = benchmarks()
    wrong = [name for name in chosen if name not in known]
    if wrong:
        sys.stderr.write(f"no benchmark is called {', '.join(wrong)}; there are: {', '.join(known) or 'none yet'}\n")
        return 2
    environment = {**os.environ, "PYTHONPATH": str(BENCH.parent)}
    failed = []
    for name in chosen or list(known):
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, known[name]], env=environment, check=False).returncode:
            failed.append(name)
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

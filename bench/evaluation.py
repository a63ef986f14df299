"""The documents of a year: `python bench/evaluation.py [--rows N]`.

The example of the documentation, and a year with the longest tree (200 lines) and N (500) contracts with their items,
payments, acceptances, trainings and surveys: read, evaluated, and written as report, page and forms by the command, in
a process of its own, imports included. The report of a year must take 20 s at most.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ruamel.yaml import YAML

from tests.support.sources import REPOSITORY

LIMIT_S = 20.0
EXAMPLE = REPOSITORY / "docs" / "examples" / "evaluation.yaml"
LINES = 200
CALL = "from central.cli import app; app()"


def long_year(rows: int) -> dict[str, object]:
    """The example with the longest tree and so many rows of each record."""
    year = YAML(typ="safe").load(EXAMPLE)
    contract, survey = year["records"]["contracts"][1], year["records"]["surveys"][1]
    year["records"] |= {
        "contracts": [
            contract | {"id": f"c{at}", "items": [{"id": f"i{at}", "name": f"项{at}", "quantity": 1}]}
            for at in range(rows)
        ],
        "payments": [year["records"]["payments"][1] | {"id": f"p{at}", "contract": f"c{at}"} for at in range(rows)],
        "acceptances": [year["records"]["acceptances"][0] | {"id": f"a{at}", "item": f"i{at}"} for at in range(rows)],
        "trainings": [year["records"]["trainings"][0] | {"id": f"t{at}"} for at in range(rows // 5)],
        "surveys": [survey | {"id": f"s{at}"} for at in range(rows // 50)],
    }
    line = year["index_tree"][0]
    year["index_tree"] = [
        line | {"id": f"l{at}", "path": [f"甲{at // 50}", f"乙{at // 10}", f"丙{at}"], "points": 0.5, "given": 0.4}
        for at in range(LINES)
    ]
    return year


def measured(name: str, facts: Path, folder: Path) -> float:
    """Write the documents of a file and print what it took; seconds by the clock."""
    files = {option: folder / f"{name}{ending}" for option, ending in (("out", ".docx"), ("html", ".html"))}
    options = [word for option, path in files.items() for word in (f"--{option}", str(path))]
    options += ["--forms", str(folder / f"{name}.xlsx"), "--json"]
    begun_s = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", CALL, "evaluate", "--year", "2026", "--facts", str(facts), *options],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=True,
        capture_output=True,
    )
    took_s = time.perf_counter() - begun_s
    told = {"year": name, "lines": len(json.loads(ended.stdout)["indicators"]), "took_s": round(took_s, 2)}
    size = {"docx_bytes": files["out"].stat().st_size, "limit_s": LIMIT_S, "load": os.getloadavg()[0]}
    print(json.dumps({**told, **size}), flush=True)
    return took_s


def main() -> int:
    """Print one JSON line a year; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        facts = folder / "facts.yaml"
        with facts.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(long_year(options.rows), file)
        took = [measured("example", EXAMPLE, folder), measured("longest", facts, folder)]
    return int(max(took) > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())

"""Cold start of central on an empty disk: `python bench/cold_start.py [--runs N]`.

From the start of the process until `health` answers 200, migrations included; must be at most 3 s. The broker may still
be starting then: boxes keep their reports.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import urllib3

from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import processes_in

LIMIT_S = 3.0
GIVE_UP_S = 60.0
POLL_S = 0.02


def start_s(folder: Path) -> float:
    """Seconds from process start to the first 200."""
    port = free_port()
    config = folder / "central.yaml"
    config.write_text(f"listen: {{port: {port}}}\nbroker: {{port: {free_port()}}}\n")
    http = urllib3.PoolManager(timeout=1.0, retries=False)
    with processes_in(folder / "processes") as start_process:
        begun = time.monotonic()
        central = start_process(sys.executable, "-m", "provisioning.main", "central", "run", "--config", config)
        while time.monotonic() - begun < GIVE_UP_S and central.running():
            try:
                if http.request("GET", f"http://{LOOPBACK}:{port}/api/v1/health").status == 200:
                    return time.monotonic() - begun
            except urllib3.exceptions.HTTPError:
                time.sleep(POLL_S)
        raise SystemExit(central.report())


def main() -> int:
    """Print the median and all runs; 1 when the median is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = []
    for _ in range(parser.parse_args().runs):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(start_s(Path(folder)))
    median_s = statistics.median(runs)
    result = {
        "cold_start_s": round(median_s, 2),
        "runs_s": [round(run, 2) for run in runs],
        "limit_s": LIMIT_S,
        "ratio": round(median_s / LIMIT_S, 2),
    }
    print(json.dumps(result))
    return int(median_s > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())

"""Delivery under fire: `python bench/delivery.py [--events N] [--kills N] [--seed N]`.

Runs three times: Mosquitto, the embedded amqtt, and a control on Mosquitto whose boxes delete at the broker's PUBACK.
The first two must lose nothing; the control must lose something, else the run proves nothing.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.support.delivery import Plan, deliver


def main() -> int:
    """Print one JSON line a run; 1 when a run does not show what it must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2100)
    parser.add_argument("--kills", type=int, default=21)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    base = Plan(events=options.events, kills=options.kills, seed=options.seed)
    runs = {
        "mosquitto": base,
        "amqtt": replace(base, broker="amqtt"),
        "control, deletes at PUBACK": replace(base, delete_at="puback", per_s=60.0),
    }
    good = True
    for name, plan in runs.items():
        with tempfile.TemporaryDirectory() as folder:
            outcome = deliver(plan, Path(folder), lambda text: print(f"  {text}", file=sys.stderr, flush=True))
        print(json.dumps({"delivery": name, **outcome.as_dict()}), flush=True)
        good &= outcome.lost > 0 if plan.delete_at == "puback" else outcome.lost == outcome.duplicates == 0
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

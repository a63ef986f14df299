"""The real agent with scripted scenes instead of cameras, as a process that delivery tests may kill.

`python -m tests.support.scripted_agent --config edge.yaml --events 2000 --per-s 50 --seed 1 [--pictures]`
`--refused-resends 1` makes it give up sooner what central refuses.
"""

import argparse
import sys
from pathlib import Path

from edge_agent.app import run_agent
from edge_agent.core.outbox_policy import REFUSED_RESENDS_MAX, Patience
from edge_agent.link.evidence import EVIDENCE_FOLDER
from edge_agent.settings import load_config
from tests.support.scripted_cameras import ScriptedCameras


def main() -> int:
    """Run until told to stop; the exit code of the agent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--per-s", type=float, default=50.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--refused-resends", type=int, default=REFUSED_RESENDS_MAX)
    wanted = parser.parse_args()
    loaded = load_config(wanted.config)
    folder = loaded.resolve(loaded.config.data_dir) / EVIDENCE_FOLDER
    cameras = ScriptedCameras(
        loaded.config.box,
        count=wanted.events,
        per_s=wanted.per_s,
        seed=wanted.seed,
        camera=loaded.config.cameras[0].id,
        evidence_folder=folder if wanted.pictures else None,
    )
    return run_agent(wanted.config, cameras, Patience(resends=wanted.refused_resends))


if __name__ == "__main__":
    sys.exit(main())

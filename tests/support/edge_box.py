"""A box in a temporary folder: configuration, connection, and the real agent as a process."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.processes import Process, Processes
from tests.support.scripted_central import write_connection
from tests.support.shared import REPOSITORY

RUN = (
    "import sys; from pathlib import Path; from edge_agent.app import run_agent; sys.exit(run_agent(Path(sys.argv[1])))"
)
SCRIPT_CAMERA = '{id: script, url: "rtsp://127.0.0.1/none"}'


class EdgeBox:
    """`start` runs the agent with real cameras, `start_script` with scripted scenes."""

    def __init__(self, folder: Path, start_process: Processes, broker_port: int, central_url: str = "") -> None:
        """Make `folder` with a connection to the broker and the evidence server."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config_path = folder / "edge.yaml"
        self.data_dir = folder / "data"
        self._start_process = start_process
        self._starts = 0
        write_connection(folder, broker_port, central_url or "http://127.0.0.1:9")
        self.configure([SCRIPT_CAMERA])

    def configure(self, cameras: Sequence[str], more: str = "") -> None:
        """Write the configuration with these cameras (YAML flow mappings)."""
        lines = "".join(f"  - {camera}\n" for camera in cameras)
        self.config_path.write_text(f"site: s1\nbox: b1\n{more}\ncameras:\n{lines}")

    def start(self) -> Process:
        """Run the agent."""
        return self._run("-c", RUN, self.config_path)

    def start_script(self, events: int, per_s: float, seed: int = 1, *more: str) -> Process:
        """Run the agent with scripted scenes."""
        words = ["--config", str(self.config_path), "--events", str(events), "--per-s", str(per_s), "--seed", str(seed)]
        return self._run("-m", "tests.support.scripted_agent", *words, *more)

    def _run(self, *words: str | Path) -> Process:
        self._starts += 1
        return self._start_process(sys.executable, *words, name=f"agent-{self._starts}", cwd=REPOSITORY)

"""Writes what is in front of a simulated camera, one JSON line a second, for whoever checks a detector against it."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from provisioning.simulator.video.camera import Truth
from provisioning.simulator.video.script import Script

EVERY_S = 1.0
BYTES_MAX = 200_000_000
"""About three days; then the log ends with a line that says so."""


class TruthLog:
    """The first line is the scene with its episodes; then one line for each whole scene second."""

    def __init__(self, path: Path, camera: str, script: Script, start_at: datetime) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._camera, self._start_at = camera, start_at
        self._written, self._last_second = 0, -1
        episodes = [asdict(episode) for episode in script.episodes]
        self._write({"scene": script.name, "length_s": script.length_s, "episodes": episodes, "camera": camera,
                     "start_at": start_at.isoformat()})  # fmt: skip

    def is_due(self, t_s: float) -> bool:
        """Tell whether this scene second has no line yet."""
        return int(t_s / EVERY_S) > self._last_second and self._written < BYTES_MAX

    def note(self, truth: Truth, now: datetime) -> None:
        """Write the state of one moment; `now` is its wall time."""
        self._last_second = int(truth.t_s / EVERY_S)
        line = asdict(truth) | {"at": now.isoformat(), "camera": self._camera}
        line["objects"] = [one | {"box": [round(edge, 4) for edge in one["box"]]} for one in line["objects"]]
        self._write(line)
        if self._written >= BYTES_MAX:
            self._write({"camera": self._camera, "ended": f"larger than {BYTES_MAX} bytes"})

    def _write(self, line: dict[str, object]) -> None:
        self._written += self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

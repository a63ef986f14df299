"""Watches one camera's picture: when to look, what was found, and the learned view over restarts."""

from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from edge_agent.core.looking import Picture
from edge_agent.core.picture_health import LOOK_S, Finding, Flow, PictureHealth, judge, reconnected
from edge_agent.video.frame import Frame
from edge_agent.video.health_measures import measured, watched
from edge_agent.video.view_memory import ViewMemory
from protocol.configuration import CameraConfig

KEEP_S = 600.0
"""The learned view is written at most this often."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Pictures that have come on this connection, and how many a second the stream says it has."""

    count: int
    declared_fps: float | None


class PictureWatch:
    """Feed it `look` with frames in the order of their arrival."""

    def __init__(self, camera: CameraConfig, folder: Path) -> None:
        self._name, self._memory = camera.id, ViewMemory(folder, camera)
        self._watched = watched(camera)
        self._health = PictureHealth(self._memory.recall())
        self._kept_looks = self._health.reference.looks
        self._look_s = float("-inf")
        self._keep_s = float("-inf")
        self._last: tuple[float, int] | None = None
        self._light: float | None = None
        self.finding: Finding | None = None
        """What the newest look found."""
        self.keep_failures = 0
        """How often the learned view could not be written since the start."""

    @property
    def is_off_preset(self) -> bool:
        """Whether a dome camera shows something else than its zones were drawn for."""
        return self._health.preset.is_away

    @property
    def picture(self) -> Picture:
        """What the newest look says of the picture; of its preset nothing before a dome's view is learned."""
        knows_preset = self._watched.is_dome and self._health.reference.is_learned
        fault = self.finding.reason if self.finding is not None else None
        return Picture(fault, self._light, not self.is_off_preset if knows_preset else None)

    def reconnected(self) -> None:
        """A new connection begins."""
        self._health, self._last, self.finding = reconnected(self._health), None, None

    def look(self, frame: Frame, arrivals: Arrivals, mono_s: float) -> bool:
        """Look if it is time to; whether there was a look."""
        if mono_s < self._look_s + LOOK_S:
            return False
        self._look_s = mono_s
        look = replace(measured(frame), flow=self._flow(arrivals, mono_s))
        self._light = look.mean
        self._health, self.finding = judge(self._health, look, self._watched, mono_s)
        if mono_s >= self._keep_s + KEEP_S:
            self._keep_s = mono_s
            self.keep()
        return True

    def keep(self) -> None:
        """Write the learned view, if there is more of it than was written."""
        reference = self._health.reference
        if not reference.is_learned or reference.looks == self._kept_looks:
            return
        try:
            self._memory.keep(reference)
            self._kept_looks = reference.looks
        except OSError as error:
            self.keep_failures += 1
            _log.warning("view_not_kept", camera=self._name, failures=self.keep_failures, reason=error.strerror)

    def _flow(self, arrivals: Arrivals, mono_s: float) -> Flow | None:
        before, self._last = self._last, (mono_s, arrivals.count)
        if before is None:
            return None
        return Flow((arrivals.count - before[1]) / (mono_s - before[0]), arrivals.declared_fps)

"""How many frames of a camera came and were analysed: in all, and in the running second."""

from edge_agent.supervisor.detector_turn import DetectorTurn
from edge_agent.supervisor.reports import Figures

FIGURES_S = 1.0


class FrameCounts:
    """Counts of one camera. `decoded` and `left_out` are of its process's whole life."""

    def __init__(self) -> None:
        self.decoded = 0
        self.left_out = 0
        self.begin(0.0)

    @property
    def came(self) -> int:
        """All frames that the camera sent."""
        return self.decoded + self.left_out

    def begin(self, mono_s: float) -> None:
        """A second begins."""
        self._began_s, self._came_before = mono_s, self.came
        self._analysed = 0
        self._latency_ms: float | None = None

    def analysed(self, latency_ms: float) -> None:
        """One more frame was analysed, so long after it had come."""
        self._analysed += 1
        self._latency_ms = latency_ms

    def due(self, mono_s: float) -> bool:
        """Whether the second is over."""
        return mono_s - self._began_s >= FIGURES_S

    def figures(self, mono_s: float, size: tuple[int, int], turn: DetectorTurn, evidence_failures: int) -> Figures:
        """What the second gave (`due` says when), of pictures of `size` (width, height); the next one begins."""
        passed_s = mono_s - self._began_s
        width, height = size
        figures = Figures(
            fps=(self.came - self._came_before) / passed_s,
            analysed_fps=self._analysed / passed_s,
            latency_ms=self._latency_ms,
            shed_frames=turn.shed_frames,
            late_looks=turn.late_looks,
            width=width,
            height=height,
            evidence_failures=evidence_failures,
        )
        self.begin(mono_s)
        return figures

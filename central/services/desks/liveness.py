"""When each box was last heard, by central's monotonic clock. Shared by reception and alerting; thread-safe."""

from threading import Lock


class Liveness:
    """`mono_s` values must come from one monotonic clock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._heard: dict[str, float] = {}
        self._started_s: float | None = None

    def heard(self, box: str, mono_s: float) -> None:
        """Note that `box` was alive at `mono_s`."""
        with self._lock:
            self._heard[box] = max(mono_s, self._heard.get(box, mono_s))

    def was_heard(self, box: str) -> bool:
        """Whether `box` was alive since central's start."""
        with self._lock:
            return box in self._heard

    def silent_s(self, box: str, mono_s: float) -> float:
        """Seconds since `box` was heard, or since the first question for a box not heard since central's start."""
        with self._lock:
            if self._started_s is None:
                self._started_s = mono_s
            return mono_s - self._heard.get(box, self._started_s)

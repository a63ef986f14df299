"""When each box was last heard, by central's monotonic clock. Shared by reception and alerting; thread-safe."""

from threading import Lock


class Liveness:
    """`mono_s` values must come from one monotonic clock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._heard: dict[str, float] = {}
        self._connection = 0
        self._connected_s: float | None = None
        self._asked_s: float | None = None

    def connected(self, connection: int, mono_s: float) -> None:
        """Note which connection to the broker this is; with a new one all boxes need time to come back."""
        with self._lock:
            if connection != self._connection:
                self._connection, self._connected_s = connection, mono_s

    def heard(self, box: str, mono_s: float) -> None:
        """Note that `box` was alive at `mono_s`."""
        with self._lock:
            self._heard[box] = max(mono_s, self._heard.get(box, mono_s))

    def was_heard(self, box: str) -> bool:
        """Whether `box` was alive since central's start, and since the newest connection to the broker."""
        with self._lock:
            return self._heard_s(box) is not None

    def silent_s(self, box: str, mono_s: float) -> float:
        """Seconds since `box` was heard; for one that was not, since central listens or was first asked."""
        with self._lock:
            if self._asked_s is None:
                self._asked_s = mono_s
            heard_s = self._heard_s(box)
            return mono_s - (max(self._asked_s, self._connected_s or self._asked_s) if heard_s is None else heard_s)

    def _heard_s(self, box: str) -> float | None:
        heard_s = self._heard.get(box)
        if heard_s is None or (self._connected_s is not None and heard_s < self._connected_s):
            return None
        return heard_s

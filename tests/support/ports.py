"""Free loopback ports."""

import socket
import threading

LOOPBACK = "127.0.0.1"
TRIES_MAX = 50

_given: set[int] = set()
_lock = threading.Lock()


def free_port() -> int:
    """Return a loopback TCP port that nobody listens on and that this run has not handed out before."""
    with _lock:
        for _ in range(TRIES_MAX):
            with socket.socket() as probe:
                probe.bind((LOOPBACK, 0))
                port = int(probe.getsockname()[1])
            if port not in _given:
                _given.add(port)
                return port
    raise AssertionError(f"no fresh loopback port in {TRIES_MAX} tries")


def accepts(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether something accepts TCP connections on the port right now."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False

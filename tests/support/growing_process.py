"""Stand-ins for a camera's process: one grows as large as it is told and waits for its end, one never listens."""

import signal
from multiprocessing.connection import Connection

from edge_agent.supervisor.reports import FirstFrame


def grow(pipe: Connection, size_bytes: int) -> None:
    """Touch `size_bytes` more of memory, say so with a first frame, and stay until the other end is closed."""
    held = bytearray(b"x" * size_bytes)
    pipe.send(FirstFrame(len(held), 1))
    while True:
        try:
            pipe.recv()
        except EOFError:
            return


def stay_deaf(_pipe: Connection) -> None:
    """Read nothing, like a process that hangs in its library, until somebody kills it."""
    signal.pause()

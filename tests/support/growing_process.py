"""A stand-in for a camera's process that grows as large as it is told, and then waits for its end."""

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

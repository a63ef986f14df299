"""Looks names up within a bounded time: the system's own lookup waits for as long as its name servers make it."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

LOOKUP_S = 5.0
LOOKUPS_MAX = 8
"""So many may hang at a time; each keeps a thread until the system gives it up."""

Resolve = Callable[[str, int], list[str]]


class LookupHangs(OSError):
    """No name server has answered in time."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's lookup. Raises `socket.gaierror`."""
    return [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class NameLookup:
    """Thread-safe; `resolve` may take as long as it likes."""

    def __init__(self, resolve: Resolve = resolved, within_s: float = LOOKUP_S, hanging_max: int = LOOKUPS_MAX) -> None:
        self._resolve = resolve
        self._within_s = within_s
        self._places = threading.BoundedSemaphore(hanging_max)

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a name. Raises `LookupHangs`, and whatever `OSError` the lookup does."""
        if not self._places.acquire(blocking=False):
            raise LookupHangs("too many names are being looked up")
        found: SimpleQueue[list[str] | OSError] = SimpleQueue()
        threading.Thread(target=self._look, args=(host, port, found), name="name lookup", daemon=True).start()
        with suppress(Empty):
            answer = found.get(timeout=self._within_s)
            if isinstance(answer, OSError):
                raise answer
            return answer
        raise LookupHangs(f"no answer within {self._within_s:g} s")

    def _look(self, host: str, port: int, found: "SimpleQueue[list[str] | OSError]") -> None:
        try:
            found.put(self._resolve(host, port))
        except UnicodeError:  # a label that no name can have
            found.put(socket.gaierror(socket.EAI_NONAME, "no such name"))
        except OSError as error:
            found.put(error)
        finally:
            self._places.release()

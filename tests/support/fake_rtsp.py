"""An RTSP server of plain sockets that misbehaves on demand: one status, silence, an early close, or rubbish."""

import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.support.ports import LOOPBACK

REQUEST_BYTES_MAX = 16_384
ACCEPT_S = 0.2

Answer = Callable[[str], bytes | None]
"""From one request to the bytes to send; None closes the connection, empty bytes keep it open and say nothing."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a fake server does: `greeting` right after accepting (None: close at once), `answer` on each request."""

    answer: Answer
    greeting: bytes | None = b""


def status(code: int, reason: str = "Made Up", headers: str = "") -> Behaviour:
    """Answer OPTIONS properly and everything else with this status; `headers` are whole lines ending in CRLF."""

    def answer(request: str) -> bytes:
        if request.startswith("OPTIONS"):
            return reply(request, 200, "OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")
        return reply(request, code, reason, headers)

    return Behaviour(answer)


def wrong_password(scheme: str = "Digest") -> Behaviour:
    """Refuse every password: 401 with a challenge (`Digest` or `Basic`)."""
    nonce = ', nonce="0123456789abcdef"' if scheme == "Digest" else ""
    return status(401, "Unauthorized", f'WWW-Authenticate: {scheme} realm="camera"{nonce}\r\n')


def silence() -> Behaviour:
    """Accept and never say a word."""
    return Behaviour(lambda _request: b"")


def closing() -> Behaviour:
    """Accept and close at once."""
    return Behaviour(lambda _request: None, greeting=None)


def rubbish() -> Behaviour:
    """Answer with bytes that are no RTSP."""
    return Behaviour(lambda _request: b"\x00\xff not rtsp at all\r\n\r\n" * 8)


class FakeRtspServer:
    """Listens on a free loopback port from construction to `close`; counts what it was asked."""

    def __init__(self, behaviour: Behaviour) -> None:
        """Start listening."""
        self.behaviour = behaviour
        self.connections = 0
        self.requests: list[str] = []
        self._closed = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((LOOPBACK, 0))
        self._listener.settimeout(ACCEPT_S)
        self.port = int(self._listener.getsockname()[1])
        self._spawn(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def url(self, path: str = "/stream", *, user: str | None = None, password: str = "") -> str:
        """Return the camera's address, with credentials where a `user` is given."""
        return rtsp_url(self.port, path, user, password)

    def close(self) -> None:
        """Stop listening and cut every connection."""
        self._closed.set()
        for connection in self._open:
            _cut(connection)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _spawn(self, target: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _address = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            self._open.append(connection)
            if self._closed.is_set():
                _cut(connection)
            self._spawn(self._talk, connection)

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(None)
            try:
                self._answer_all(connection)
            except OSError:
                return

    def _answer_all(self, connection: socket.socket) -> None:
        if self.behaviour.greeting is None:
            return
        connection.sendall(self.behaviour.greeting)
        while request := _read_request(connection):
            self.requests.append(request)
            answer = self.behaviour.answer(request)
            if answer is None:
                return
            connection.sendall(answer)


def rtsp_url(port: int, path: str, user: str | None, password: str) -> str:
    """Build a loopback RTSP address; user and password are given percent-encoded."""
    credentials = "" if user is None else f"{user}:{password}@"
    return f"rtsp://{credentials}{LOOPBACK}:{port}{path}"


def _read_request(connection: socket.socket) -> str:
    """Read up to the empty line; empty when the peer has closed."""
    received = b""
    while b"\r\n\r\n" not in received and len(received) < REQUEST_BYTES_MAX:
        chunk = connection.recv(REQUEST_BYTES_MAX)
        if not chunk:
            return ""
        received += chunk
    return received.decode(errors="replace")


def reply(request: str, code: int, reason: str, headers: str) -> bytes:
    """Return an answer to `request`; `headers` are whole lines ending in CRLF."""
    found = re.search(r"^CSeq: *(\d+)", request, re.MULTILINE | re.IGNORECASE)
    sequence = found[1] if found else "0"
    return f"RTSP/1.0 {code} {reason}\r\nCSeq: {sequence}\r\n{headers}\r\n".encode()


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return

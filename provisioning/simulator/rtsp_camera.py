"""The simulated camera's network side: H.264 over RTSP/TCP by the `rtsp` package, on loopback, with a path and a login.

The package's `Source` encodes and packs; this module adds what a camera has and `Source` lacks: it answers only for its
own path, asks for digest credentials, listens on one address, bounds what a stuck client may hold in memory, and takes
each frame when it is due instead of keeping a list of all frames.
"""

import asyncio
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
from PIL import Image
from rtsp.source import Source, _RTSPServer, _Session

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.login import REALM, Login

CLIENTS_MAX = 16
CLIENT_BACKLOG_BYTES_MAX = 4 * 1024 * 1024
"""A client that reads slower than this is dropped."""
REQUEST_BYTES_MAX = 16_384
STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Door:
    """Where the stream is and who is let in (None: everybody)."""

    path: str
    login: Login | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """Width and height (even) and frames a second."""

    size: tuple[int, int]
    fps: float


@dataclass(frozen=True, slots=True)
class _Guard:
    path: str
    login: Login | None
    nonce: str


class _CameraSession(_Session):  # type: ignore[misc] # the package has no types
    """One client: refuses what a camera refuses before the package sees the request."""

    async def _dispatch(self, method: str, uri: str, headers: Mapping[str, str], peer: object) -> None:
        sequence = headers.get("cseq", "0")
        refusal = _refusal(self._server.guard, method, uri, headers)
        if refusal is not None:
            status, extra = refusal
            self._reply(sequence, status, extra)
        elif method in {"GET_PARAMETER", "SET_PARAMETER"}:
            self._reply(sequence, "200 OK", {"Session": self._id})
        else:
            await super()._dispatch(method, uri, headers, peer)

    def send_rtp(self, packet: bytes) -> None:
        """Queue a packet; a client that has stopped reading is cut off."""
        transport = self._writer.transport
        if transport.get_write_buffer_size() > CLIENT_BACKLOG_BYTES_MAX:
            self._playing = False
            self._loop.call_soon_threadsafe(transport.abort)
            return
        super().send_rtp(packet)


def _refusal(guard: _Guard, method: str, uri: str, headers: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return status and headers of a refusal, None when the request is fine."""
    if method == "OPTIONS":
        return None
    asked = urlsplit(uri).path.rstrip("/")
    if asked != guard.path and not asked.startswith(f"{guard.path}/"):
        return "404 Not Found", {}
    if guard.login is not None and not guard.login.allows(method, headers.get("authorization", ""), guard.nonce):
        return "401 Unauthorized", {"WWW-Authenticate": f'Digest realm="{REALM}", nonce="{guard.nonce}"'}
    if method == "SETUP" and "RTP/AVP/TCP" not in headers.get("transport", ""):
        return "461 Unsupported Transport", {}
    return None


class _CameraServer(_RTSPServer):  # type: ignore[misc] # the package has no types
    """Listens on a socket that is already bound, for a bounded number of clients."""

    def __init__(self, listener: socket.socket, guard: _Guard, sdp: Callable[[], str]) -> None:
        super().__init__(*listener.getsockname()[:2], sdp)
        self._listener = listener
        self.guard = guard

    async def start(self) -> None:
        """Start to accept."""
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._on_connect, sock=self._listener, limit=REQUEST_BYTES_MAX)

    async def _on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        session = _CameraSession(reader, writer, self, asyncio.get_running_loop())
        with self._lock:
            if len(self._sessions) >= CLIENTS_MAX:
                writer.close()
                return
            self._sessions.append(session)
        self._tasks.add(task)
        try:
            await session.run()
        except asyncio.CancelledError:  # only `stop` cancels: this client's session is over
            return
        finally:
            self._tasks.discard(task)


class LivePicture(Image.Image):
    """A picture that is never finished: whoever reads its pixels gets the frame that is due now."""

    def __init__(self, size: tuple[int, int], due: Callable[[], Picture]) -> None:
        super().__init__()
        self._mode, self._size, self._due = "RGB", size, due
        self._held: Picture = np.zeros((1, 1, 3), np.uint8)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """Pixels for numpy: [height, width, 3] RGB."""
        self._held = np.ascontiguousarray(cv2.cvtColor(self._due(), cv2.COLOR_BGR2RGB))
        return dict(self._held.__array_interface__)


class RtspCamera(Source):  # type: ignore[misc] # the package has no types
    """Serves the frames that `due` returns (BGR, of `form.size`) from its creation until `close`.

    `due` is called once a frame, in the encoder's thread. Raises OSError when the address cannot be bound.
    """

    def __init__(self, address: tuple[str, int], door: Door, form: Form, due: Callable[[], Picture]) -> None:
        self._listener = socket.create_server(address)
        self._guard = _Guard(f"/{door.path.strip('/')}", door.login, secrets.token_hex(16))
        self._loop_thread: Thread | None = None
        host, port = self._listener.getsockname()[:2]
        super().__init__(f"rtsp://{host}:{port}{self._guard.path}", fps=form.fps)
        self.put(LivePicture(form.size, due))

    def _start(self) -> None:
        self._bg_run = True
        self._loop = asyncio.new_event_loop()
        self._rtsp = _CameraServer(self._listener, self._guard, self._sdp)
        self._encode_thread = Thread(target=self._encode_loop, name="encoder", daemon=True)
        self._loop_thread = Thread(target=self._serve, name="rtsp", daemon=True)
        self._loop_thread.start()
        self._encode_thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._rtsp.start())
        self._ready.set()
        self._loop.run_forever()

    def is_serving(self) -> bool:
        """Tell whether frames are still being encoded."""
        return bool(self._encode_thread.is_alive())

    def close(self) -> None:
        """Stop encoding, hang up on all clients and free the port."""
        super().close()
        if self._loop_thread is not None:
            self._loop_thread.join(STOP_S)
            if not self._loop.is_running():
                self._loop.close()
        self._listener.close()

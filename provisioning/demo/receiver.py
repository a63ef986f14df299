"""A loopback HTTP server that takes central's notices, as a messenger of the city would."""

import json
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from provisioning.demo.plan import LOOPBACK

NOTICE_BYTES_MAX = 1_000_000
NOTICES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Notice:
    """A received notice; `at_s` is `time.perf_counter`."""

    at_s: float
    title: str
    text: str


class NoticeReceiver:
    """Serves from construction to `close`."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self._notices: list[Notice] = []
        self._lock = Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), NOTICE_BYTES_MAX)
                receiver.take(self.rfile.read(length))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing on the terminal."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, name="notices", daemon=True)
        self._thread.start()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What came, oldest first."""
        with self._lock:
            return tuple(self._notices)

    def take(self, body: bytes) -> None:
        """Keep a notice; what is no JSON object is not one."""
        at_s = time.perf_counter()
        try:
            content = json.loads(body)
        except ValueError:
            return
        if isinstance(content, dict):
            notice = Notice(at_s, str(content.get("title", "")), str(content.get("message", "")))
            with self._lock:
                self._notices = [*self._notices, notice][-NOTICES_MAX:]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

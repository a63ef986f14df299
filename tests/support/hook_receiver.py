"""A partner's web server on this machine; each path answers in its own way."""

import ssl
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.support.ports import LOOPBACK


class HookReceiver:
    """`/take` takes; `/status/N` answers N; `/drip` never comes to an end; `/flood` answers without end."""

    def __init__(self) -> None:
        receiver = self
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self._is_over = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.paths.append(self.path)
                with suppress(OSError):
                    receiver.answer(self, body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request."""
        match handler.path.split("/")[1:]:
            case ["status", status]:
                handler.send_response(int(status))
                handler.send_header("Location", f"http://{LOOPBACK}:{self.port}/take")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
            case ["drip"]:
                while not self._is_over.wait(0.05):
                    handler.wfile.write(b"H")
            case ["flood"]:
                handler.send_response(200)
                handler.end_headers()
                until_s = time.monotonic() + 20
                while not self._is_over.is_set() and time.monotonic() < until_s:
                    handler.wfile.write(b"x" * 65_536)
            case ["rubbish"]:
                handler.wfile.write(b"this is no HTTP\r\n\r\n")
            case _:
                self.taken.append((dict(handler.headers), body))
                handler.send_response(204)
                handler.end_headers()

    def speak_tls(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def url(self, path: str) -> str:
        """An address of it."""
        return f"http://{LOOPBACK}:{self.port}/{path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

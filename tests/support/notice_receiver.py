"""A little web server that notices are posted to; it can be told to refuse the first ones."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.ports import LOOPBACK


class NoticeReceiver:
    """`url` is an Apprise address of it; `notices` are the bodies that it accepted, `tries` counts all posts."""

    def __init__(self, refuse: int = 0) -> None:
        """Answer 503 to the first `refuse` posts."""
        receiver = self
        self.notices: list[dict[str, Any]] = []
        self.tries = 0
        self.refuse = refuse

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.tries += 1
                refused = receiver.tries <= receiver.refuse
                if not refused:
                    receiver.notices.append(json.loads(body))
                self.send_response(503 if refused else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where Apprise posts to, with a password in it."""
        return f"json://office:s3cret-word@{LOOPBACK}:{self.port}/"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

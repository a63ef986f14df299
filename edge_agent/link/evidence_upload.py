"""The thread that brings evidence to central by HTTP, on a connection of its own and never faster than its share."""

import hashlib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from threading import Event, Thread

import structlog
import urllib3

from edge_agent.core.outbox_policy import reconnect_wait_s
from edge_agent.link.evidence import EvidenceShelf, EvidenceState, Picture
from edge_agent.link.store import StoreFull
from protocol.configuration import AgentConfig
from protocol.joining import EVIDENCE_PATH, Connection
from protocol.messages import MediaType, bytes_max_of

IDLE_S = 5.0
CHUNK_BYTES = 8_192
CONNECT_S = 5.0
READ_S = 20.0
REFUSED_FOR_EVER = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}
)

_log = structlog.get_logger(__name__)


class EvidenceUpload:
    """`start`, then `stop`; wakes when the shelf says that a picture is pending.

    `uploaded` is called with the sha256 of each picture that central has.
    """

    def __init__(
        self,
        connection: Connection,
        shelf: EvidenceShelf,
        config: AgentConfig,
        draw: Callable[[], float],
        uploaded: Callable[[str], None],
    ) -> None:
        self._url = connection.central_url.rstrip("/") + EVIDENCE_PATH
        credentials = f"{connection.box}:{connection.secret.get_secret_value()}"
        self._headers = urllib3.make_headers(basic_auth=credentials)
        self._shelf = shelf
        self._limits = config.outbox
        self._bytes_per_s = config.uplink.kbit_s * 125 * config.uplink.evidence_share
        self._draw = draw
        self._uploaded = uploaded
        self._failures = 0
        self._sent_bytes = 0
        self._stopping = Event()
        self._pool = urllib3.PoolManager(
            1, timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S), retries=False, maxsize=1
        )
        self._thread = Thread(target=self._run, name="evidence", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within_s: float = 1.0) -> None:
        """End; what is not uploaded waits for the next start."""
        self._stopping.set()
        self._shelf.pending.set()
        if self._thread.is_alive():
            self._thread.join(within_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._shelf.pending.clear()
            pause_s = self._step()
            if pause_s > 0:
                self._rest(pause_s)

    def _rest(self, pause_s: float) -> None:
        """After a failure nothing shortens the pause but the end; an idle thread wakes for new pictures."""
        if self._failures:
            self._stopping.wait(pause_s)
        else:
            self._shelf.pending.wait(pause_s)

    def _step(self) -> float:
        """One picture, if any; the pause before the next step."""
        try:
            self._make_room()
            picture = self._shelf.next_pending()
            if picture is None:
                return IDLE_S
            return self._upload(picture)
        except (urllib3.exceptions.HTTPError, OSError, StoreFull) as error:
            return self._failed(type(error).__name__)

    def _make_room(self) -> None:
        evicted = self._shelf.keep_within(self._limits.evidence_bytes_max, self._limits.disk_free_bytes_min)
        if evicted.lost:
            _log.warning("evidence_lost", pictures=evicted.lost, reason="no room, and central did not have them")
        given_up = self._shelf.give_up()
        if given_up:
            _log.warning(
                "evidence_given_up", pieces=given_up, reason="more waits than `evidence_bytes_per_day` carries"
            )

    def _upload(self, picture: Picture) -> float:
        if not _is_whole(picture):
            _log.error("evidence_damaged", sha256=picture.sha256)
            self._shelf.mark(picture.sha256, EvidenceState.REFUSED)
            return 0.0
        url = self._url.format(sha256=picture.sha256)
        known = self._pool.request("HEAD", url, headers=self._headers)
        status = known.status if known.status == HTTPStatus.OK else self._put(url, picture)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            self._failures = 0
            self._shelf.mark(picture.sha256, EvidenceState.STORED)
            self._uploaded(picture.sha256)
            return 0.0
        if status in REFUSED_FOR_EVER:
            _log.error("evidence_refused", sha256=picture.sha256, status=status)
            self._shelf.mark(picture.sha256, EvidenceState.REFUSED)
            return 0.0
        return self._failed(f"HTTP {status}")

    def _put(self, url: str, picture: Picture) -> int:
        headers = {
            **self._headers,
            "Content-Type": _media_type(picture),
            "Content-Length": str(picture.path.stat().st_size),
        }
        self._sent_bytes = 0
        try:
            return self._pool.request("PUT", url, headers=headers, body=self._paced(picture)).status
        finally:
            self._shelf.spend(self._sent_bytes)

    def _paced(self, picture: Picture) -> Iterator[bytes]:
        """The file in chunks, each followed by the pause that keeps the share of the line."""
        with picture.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                self._sent_bytes += len(chunk)
                yield chunk
                if self._bytes_per_s and self._stopping.wait(len(chunk) / self._bytes_per_s):
                    raise OSError("the agent stops")

    def _failed(self, reason: str) -> float:
        self._failures += 1
        _log.warning("evidence_not_uploaded", reason=reason, failures=self._failures)
        return reconnect_wait_s(self._failures, self._draw())


def _media_type(picture: Picture) -> MediaType:
    return MediaType.MP4 if picture.path.suffix == ".mp4" else MediaType.JPEG


def _is_whole(picture: Picture) -> bool:
    """Whether the file is there and still has its own hash."""
    try:
        if picture.path.stat().st_size > bytes_max_of(_media_type(picture)):
            return False
        return hashlib.sha256(picture.path.read_bytes()).hexdigest() == picture.sha256
    except FileNotFoundError:
        return False

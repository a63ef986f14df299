"""A central made of a paho client and a small HTTP server: acknowledges, refuses, commands as a test tells it."""

import base64
import hashlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import paho.mqtt.client as mqtt

from protocol import topics
from protocol.codec import decode, encode
from protocol.messages import (
    BirthMessage,
    CameraMessage,
    CentralMessage,
    CentralState,
    Command,
    CommandMessage,
    CommandName,
    Envelope,
    GapMessage,
    HeartbeatMessage,
    ResultMessage,
    SceneMessage,
    SeqRange,
    Watermark,
    WatermarkMessage,
    dataschema_of,
    source,
)
from tests.support.ports import LOOPBACK
from tests.support.until import until

SITE = "s1"
BOX = "b1"
SECRET = "made-up-box-secret-0123456789"
WIRE_LOG_MAX = 200_000


def write_connection(folder: Path, broker_port: int, central_url: str = "http://127.0.0.1:9") -> Path:
    """Write the connection file that `provision join` would leave."""
    path = folder / "connection.yaml"
    path.write_text(
        f"site: {SITE}\nbox: {BOX}\ncentral_url: {central_url}\nmqtt_host: {LOOPBACK}\n"
        f"mqtt_port: {broker_port}\nsecret: {SECRET}\n"
    )
    path.chmod(0o600)
    return path


@dataclass
class Received:
    """What central has seen, by kind."""

    events: dict[tuple[str, int], Envelope] = field(default_factory=dict)
    deliveries: int = 0
    births: list[BirthMessage] = field(default_factory=list)
    heartbeats: list[HeartbeatMessage] = field(default_factory=list)
    results: list[ResultMessage] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)


class ScriptedCentral:
    """Subscribes to everything; acknowledges while `acknowledging`; never commits a seq of `refused`."""

    def __init__(self, port: int, *, online: bool = True) -> None:
        """Connect, subscribe, and say `online` on central's retained state topic."""
        self.received = Received()
        self.acknowledging = True
        self.refused: set[int] = set()
        self._gaps: list[tuple[int, int]] = []
        self._lock = threading.RLock()
        self._subscribed = threading.Event()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="central")
        self._client.on_connect = lambda client, *_: client.subscribe(topics.up_all(), 1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._message
        self._client.reconnect_delay_set(1, 1)
        self._client.connect(LOOPBACK, port)
        self._client.loop_start()
        assert self._subscribed.wait(10), "the scripted central could not subscribe"
        self.say_online(online=online)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def say_online(self, *, online: bool) -> None:
        """Publish central's state, retained."""
        message = CentralMessage(**_head(CentralMessage), data=CentralState(online=online, instance="test"))
        self._client.publish(topics.central_state(SITE), encode(message), 1, retain=True).wait_for_publish(5)

    def command(self, command_id: str, camera: str, within_s: float = 20.0, **more: object) -> None:
        """Ask for a snapshot, or for what `more` says."""
        asked = {"name": CommandName.SNAPSHOT, **more, "command": command_id, "camera": camera}
        data = Command.model_validate({**asked, "deadline": datetime.now(UTC) + timedelta(seconds=within_s)})
        self._client.publish(topics.command(SITE, BOX, command_id), encode(_message(CommandMessage, data)), 1)

    def command_text(self, command_id: str, payload: bytes) -> None:
        """Send any bytes as a command."""
        self._client.publish(topics.command(SITE, BOX, command_id), payload, 1)

    def acknowledge(self, wanted: tuple[str, ...] = ()) -> None:
        """Send the watermark of every epoch seen."""
        with self._lock:
            for epoch in {epoch for epoch, _ in self.received.events}:
                watermark = self._watermark(epoch).model_copy(update={"evidence_wanted": wanted})
                self._client.publish(
                    topics.down(SITE, BOX, topics.Down.ACK), encode(_message(WatermarkMessage, watermark)), 1
                )

    def seqs(self) -> list[int]:
        """Committed numbers, in order."""
        with self._lock:
            return sorted(seq for _, seq in self.received.events)

    def scenes(self) -> list[SceneMessage]:
        """Committed scene reports by seq."""
        return [message for message in self._ordered() if isinstance(message, SceneMessage)]

    def transitions(self, camera: str | None = None) -> list[CameraMessage]:
        """Committed camera reports by seq."""
        found = [message for message in self._ordered() if isinstance(message, CameraMessage)]
        return [message for message in found if camera in {None, message.data.camera}]

    def gaps(self) -> list[GapMessage]:
        """Committed gap records by seq."""
        return [message for message in self._ordered() if isinstance(message, GapMessage)]

    def wait_for_state(
        self, camera: str, state: str, reason: str | None = None, within_s: float = 20.0
    ) -> CameraMessage:
        """Wait for the newest report of a camera to be this state."""

        def seen() -> CameraMessage | None:
            reports = self.transitions(camera)
            last = reports[-1] if reports else None
            wanted = last is not None and last.data.state == state and reason in {None, last.data.reason}
            return last if wanted else None

        told = lambda: f"{camera} {state} {reason}; told: {[(m.data.state, m.data.reason) for m in self.transitions()]}"  # noqa: E731
        return until(seen, within_s=within_s, what=told)

    def _ordered(self) -> list[Envelope]:
        with self._lock:
            return [self.received.events[key] for key in sorted(self.received.events, key=lambda key: key[1])]

    def _message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        with self._lock:
            self._take(message)

    def _take(self, message: mqtt.MQTTMessage) -> None:
        received = self.received
        if len(received.raw) < WIRE_LOG_MAX:
            received.raw.append(message.topic.encode() + b" " + message.payload)
        decoded = decode(message.payload)
        match topics.parse_up(message.topic).kind, decoded:
            case topics.Up.EVENT, _:
                received.deliveries += 1
                self._commit(decoded)
            case topics.Up.BIRTH, BirthMessage():
                received.births.append(decoded)
            case topics.Up.HEARTBEAT, HeartbeatMessage():
                received.heartbeats.append(decoded)
            case topics.Up.RESULT, ResultMessage():
                received.results.append(decoded)
            case topics.Up.STATE, _:
                received.states.append(str(decoded.data.state))
            case _:
                raise AssertionError(f"unexpected {message.topic}")

    def _commit(self, message: Envelope) -> None:
        assert message.epoch is not None
        assert message.seq is not None
        if message.seq in self.refused:
            if self.acknowledging:
                self.acknowledge()
            return
        self.received.events[message.epoch, message.seq] = message
        if isinstance(message, GapMessage):
            self._gaps.append((message.data.first, message.data.last))
        if self.acknowledging:
            self.acknowledge()

    def _watermark(self, epoch: str) -> Watermark:
        present = {seq for of, seq in self.received.events if of == epoch}
        for first, last in self._gaps:
            present.update(range(first, last + 1))
        upto = 0
        while upto + 1 in present:
            upto += 1
        missing = [seq for seq in range(upto + 1, max(present, default=0)) if seq not in present][:64]
        return Watermark(epoch=epoch, upto=upto, missing=tuple(SeqRange(first=seq, last=seq) for seq in missing))


class EvidenceServer:
    """Takes evidence as central does; `stored` and `types` by sha256. Answers `status` instead while that is set."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.status: int | None = None
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                outer.requests.append(f"HEAD {self.path}")
                self._answer(200 if self.path.rsplit("/", 1)[-1] in outer.stored else 404)

            def do_PUT(self) -> None:
                outer.requests.append(f"PUT {self.path}")
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sha256 = self.path.rsplit("/", 1)[-1]
                expected = "Basic " + base64.b64encode(f"{BOX}:{SECRET}".encode()).decode()
                if self.headers["Authorization"] != expected:
                    return self._answer(401)
                if hashlib.sha256(body).hexdigest() != sha256:
                    return self._answer(422)
                if outer.status is None:
                    outer.types[sha256] = self.headers["Content-Type"]
                    outer.stored[sha256] = body
                return self._answer(201)

            def _answer(self, status: int) -> None:
                self.send_response(outer.status or status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _head(message_class: type[Envelope]) -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "id": f"test-{now.timestamp()}",
        "source": source(SITE, "central"),
        "time": now,
        "dataschema": dataschema_of(message_class),
    }


def _message(message_class: type[Envelope], data: object) -> Envelope:
    return message_class(**_head(message_class), data=data)

"""An MQTT client that notes what happens to it."""

import threading
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as mqtt

from tests.support.ports import LOOPBACK
from tests.support.until import until

ANSWER_S = 10.0


class Talker:
    """One connection: `inbox` holds what came, `answer` is the broker's word on CONNECT."""

    def __init__(  # noqa: PLR0913 - an MQTT client may be told all of this
        self,
        port: int,
        user: str | None = None,
        password: str | None = None,
        *,
        client_id: str = "",
        clean: bool = True,
        keepalive_s: int = 20,
        manual: bool = False,
        will: tuple[str, bytes] | None = None,
    ) -> None:
        """Connect and wait for the broker's answer."""
        self.inbox: list[mqtt.MQTTMessage] = []
        self.answer: str | None = None
        self.disconnected = threading.Event()
        self.granted: list[bool] = []
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id or user or "nobody",
            clean_session=clean,
            manual_ack=manual,
            reconnect_on_failure=False,
        )
        if user is not None:
            self.client.username_pw_set(user, password)
        if will is not None:
            self.client.will_set(will[0], will[1], qos=1, retain=False)
        self.client.on_connect = self._connected
        self.client.on_message = lambda _client, _data, message: self.inbox.append(message)
        self.client.on_disconnect = lambda *_: self.disconnected.set()
        self.client.on_subscribe = self._subscribed
        self.client.connect(LOOPBACK, port, keepalive_s)
        self.client.loop_start()
        until(lambda: self.answer or self.disconnected.is_set(), within_s=ANSWER_S, what="an answer to CONNECT")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def welcome(self) -> bool:
        """Whether the broker let it in."""
        return self.answer == "Success"

    @property
    def payloads(self) -> list[bytes]:
        """What came, in order."""
        return [message.payload for message in self.inbox]

    def subscribe(self, topic: str, qos: int = 1) -> bool:
        """Subscribe; whether the broker granted it."""
        before = len(self.granted)
        self.client.subscribe(topic, qos)
        until(lambda: len(self.granted) > before, within_s=ANSWER_S, what="SUBACK")
        return self.granted[-1]

    def say(self, topic: str, payload: bytes, qos: int = 1, *, retain: bool = False) -> None:
        """Publish; with QoS 1 wait for PUBACK."""
        self.client.publish(topic, payload, qos, retain).wait_for_publish(ANSWER_S)

    def wait_for(self, payload: bytes, within_s: float = ANSWER_S) -> mqtt.MQTTMessage:
        """The first message with this payload, as soon as it has come."""
        return until(
            lambda: next((message for message in list(self.inbox) if message.payload == payload), None),
            within_s=within_s,
            what=lambda: f"{payload[:40]!r} among {len(self.inbox)} messages",
        )

    def close(self) -> None:
        """Say goodbye."""
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self) -> None:
        """End the connection without a goodbye."""
        sock = self.client.socket()
        self.client.loop_stop()
        if sock is not None:
            sock.close()

    def _connected(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:  # noqa: ANN401 - paho's signature
        self.answer = str(reason)

    def _subscribed(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:  # noqa: ANN401
        self.granted.append(all(not reason.is_failure for reason in reasons))

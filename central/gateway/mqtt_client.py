"""Central's one connection to the broker: MQTT 3.1.1, manual acknowledgement, callbacks that only enqueue."""

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import SecretStr

from central.core.values import Delivery
from central.gateway.inbox import Inbox, Incoming
from protocol import topics

CLIENT_ID = "gw.central-1"
"""Stable, so that the broker keeps what comes while we are away; the dot keeps it apart from every box id."""

KEEPALIVE_S = 20
RECONNECT_S_MIN = 1
RECONNECT_S_MAX = 5
WINDOW_MAX = 200
UNSENT_MAX = 10_000
FAREWELL_S = 2.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the broker is and who we are there."""

    host: str
    port: int
    user: str
    password: SecretStr
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says for us when we vanish; retained."""

    topic: str
    payload: bytes


class MqttClient:
    """Thread-safe. `connection` counts connections; a message's acknowledgement is sent on its own connection only."""

    def __init__(self, endpoint: Endpoint, inbox: Inbox, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._inbox = inbox
        self._now = now
        self._lock = threading.Lock()
        self._up = threading.Event()
        self._complained = False
        self.connection = 0
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, CLIENT_ID, clean_session=False, protocol=mqtt.MQTTv311, manual_ack=True
        )
        self._client.max_inflight_messages_set(WINDOW_MAX)
        self._client.max_queued_messages_set(UNSENT_MAX)
        self._client.reconnect_delay_set(RECONNECT_S_MIN, RECONNECT_S_MAX)
        self._client.username_pw_set(endpoint.user, endpoint.password.get_secret_value())
        if endpoint.tls:
            self._client.tls_set()
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_connect_fail = self._unreachable
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._received

    @property
    def connected(self) -> bool:
        """Whether the broker knows us now."""
        return self._up.is_set()

    def start(self, will: Will | None) -> None:
        """Connect, and reconnect for ever, in a thread of paho's; returns at once."""
        if will is not None:
            self._client.will_set(will.topic, will.payload, qos=1, retain=True)
        self._client.connect_async(self._endpoint.host, self._endpoint.port, KEEPALIVE_S)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, qos: int = 1, *, retain: bool = False) -> bool:
        """Hand a message to the broker; False when there is no connection, and nothing is kept then."""
        if not self.connected:
            return False
        return self._client.publish(topic, payload, qos, retain).rc == mqtt.MQTT_ERR_SUCCESS

    def acknowledge(self, incoming: Incoming) -> None:
        """Tell the broker that this message is safe; nothing happens when its connection has ended."""
        if incoming.qos == 0:
            return
        with self._lock:
            if incoming.connection == self.connection and self.connected:
                self._client.ack(incoming.mid, incoming.qos)

    def drop_connection(self) -> None:
        """End the connection without a goodbye; the reconnect brings everything unacknowledged again."""
        sock = cast("socket.socket | None", self._client.socket())
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def stop(self, farewells: Sequence[Will]) -> None:
        """Say goodbye and end the thread."""
        if self.connected:
            said = [self._client.publish(last.topic, last.payload, qos=1, retain=True) for last in farewells]
            for word in said:
                with suppress(ValueError, RuntimeError):
                    word.wait_for_publish(FAREWELL_S / len(said))
        self._inbox.close()
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:  # noqa: ANN401 - paho's signature
        if reason.is_failure:
            log.warning("the broker refuses central; check broker_user and its password", reason=str(reason))
            return
        with self._lock:
            self.connection += 1
        self._up.set()
        self._complained = False
        client.subscribe(topics.up_all(), 1)
        log.info("connected to the broker", host=self._endpoint.host, port=self._endpoint.port)

    def _disconnected(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:  # noqa: ANN401
        with self._lock:
            was_up = self.connected
            self._up.clear()
        if was_up and reason.is_failure:
            log.warning("connection to the broker lost; reconnecting", reason=str(reason))

    def _unreachable(self, _client: mqtt.Client, _data: Any) -> None:  # noqa: ANN401
        if not self._complained:
            self._complained = True
            log.info("the broker does not answer yet; trying on", host=self._endpoint.host, port=self._endpoint.port)

    def _subscribed(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:  # noqa: ANN401
        if any(reason.is_failure for reason in reasons):
            log.error(
                "the broker does not let central read what boxes send; give its user read access", topic=topics.up_all()
            )

    def _received(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:  # noqa: ANN401
        delivery = Delivery(message.topic, bytes(message.payload), self._now(), message.retain)
        self._inbox.put(Incoming(delivery, message.mid, message.qos, self.connection))

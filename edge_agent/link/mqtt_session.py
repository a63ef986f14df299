"""One MQTT connection, from CONNECT to its end. A new one is made for each attempt: nothing is remembered by it."""

from collections.abc import Callable
from dataclasses import dataclass

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.core.outbox_policy import WINDOW_MAX
from protocol import topics
from protocol.joining import Connection
from protocol.messages import MESSAGE_BYTES_MAX

KEEPALIVE_S = 20
CONNECT_S = 5.0
QUEUED_MAX = 2 * WINDOW_MAX
QOS = 1
REFUSED_FROM = 0x80


@dataclass(frozen=True, slots=True)
class Joined:
    """The broker let us in and granted both subscriptions."""


@dataclass(frozen=True, slots=True)
class Parted:
    """The connection ended or was never made; `reason` in words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message for this box. `retained`: the broker had kept it."""

    topic: str
    payload: bytes
    retained: bool


SessionEvent = Joined | Parted | Arrived


class MqttSession:
    """Callbacks only hand events to `inbox`; everything else happens in the thread that calls."""

    def __init__(self, connection: Connection, will: bytes, inbox: Callable[[SessionEvent], None]) -> None:
        self._connection = connection
        self._inbox = inbox
        self._awaited: dict[int, str] = {}
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=connection.box,
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(connection.box, connection.secret.get_secret_value())
        self._client.will_set(topics.up(connection.site, connection.box, topics.Up.STATE), will, QOS, retain=True)
        self._client.max_inflight_messages_set(QUEUED_MAX)
        self._client.max_queued_messages_set(QUEUED_MAX)
        self._client.connect_timeout = CONNECT_S
        if connection.mqtt_tls:
            self._client.tls_set()
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._unreachable
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._message
        self._client.on_disconnect = self._disconnected

    def open(self) -> None:
        """Begin; `Joined` or `Parted` follows. Raises `OSError` when the broker cannot be reached."""
        self._client.connect(self._connection.mqtt_host, self._connection.mqtt_port, KEEPALIVE_S)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, qos: int = QOS, retain: bool = False) -> MQTTMessageInfo:
        """Hand a message to the network thread; delivery is nobody's promise."""
        return self._client.publish(topic, payload, qos, retain=retain)

    def close(self) -> None:
        """Leave politely where still connected, and end the network thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._inbox(Parted(f"the broker refused the login: {reason}"))
            return
        site, box = self._connection.site, self._connection.box
        for wanted in (topics.down_all(site, box), topics.central_state(site)):
            _, mid = client.subscribe(wanted, QOS)
            if mid is not None:
                self._awaited[mid] = wanted

    def _unreachable(self, _client: Client, _data: object) -> None:
        self._inbox(Parted("the broker cannot be reached"))

    def _subscribed(
        self, _client: Client, _data: object, mid: int, granted: list[ReasonCode], _properties: Properties | None
    ) -> None:
        wanted = self._awaited.pop(mid, "")
        if any(code.value >= REFUSED_FROM for code in granted):
            self._inbox(Parted(f"the broker refused the subscription {wanted}"))
        elif not self._awaited:
            self._inbox(Joined())

    def _message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if len(message.payload) <= MESSAGE_BYTES_MAX:
            self._inbox(Arrived(message.topic, bytes(message.payload), message.retain))

    def _disconnected(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._inbox(Parted(f"the connection ended: {reason}"))

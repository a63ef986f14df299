"""What central says to boxes: watermarks, its own state, commands."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from central.core.clock import Clock
from central.core.fleet.devices import CommandRecord
from central.core.values import RandomBytes, WatermarkDue
from central.gateway.mqtt_client import MqttClient, Will
from protocol import topics
from protocol.codec import encode
from protocol.identifiers import CENTRAL_BOX_ID, uuid7
from protocol.messages import (
    CentralMessage,
    CentralState,
    CommandMessage,
    WatermarkMessage,
    dataschema_of,
    source,
)
from protocol.topics import Down

WATERMARK_EVERY_S = 0.1
"""A box gets one watermark in so long; later ones replace what waits."""

INSTANCE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Origin:
    """Who speaks: this process, by a name of its own."""

    clock: Clock
    random: RandomBytes
    instance: str

    def attributes(self, site: str) -> dict[str, object]:
        """Envelope attributes that all our messages have."""
        now = self.clock.now()
        return {
            "id": uuid7(now, self.random(10)),
            "source": source(site, CENTRAL_BOX_ID),
            "time": now,
            "mono": str(int(self.clock.mono_s() * 1000)),
        }


class Publisher:
    """Builds messages and hands them to the connection; all return whether the connection took them."""

    def __init__(self, client: MqttClient, origin: Origin) -> None:
        self._client = client
        self._origin = origin

    def state(self, site: str, *, online: bool) -> bool:
        """Tell a site's boxes that we are there (or leave); retained."""
        spoken = self.state_words(site, online=online)
        return self._client.publish(spoken.topic, spoken.payload, retain=True)

    def state_words(self, site: str, *, online: bool) -> Will:
        """The same, for a will."""
        data = CentralState(online=online, instance=self._origin.instance)
        message = CentralMessage.model_validate(
            {**self._origin.attributes(site), "dataschema": dataschema_of(CentralMessage), "data": data}
        )
        return Will(topics.central_state(site), encode(message))

    def watermark(self, due: WatermarkDue) -> bool:
        """Tell a box what is committed."""
        message = WatermarkMessage.model_validate(
            {**self._origin.attributes(due.site), "dataschema": dataschema_of(WatermarkMessage), "data": due.watermark}
        )
        return self._client.publish(topics.down(due.site, due.box, Down.ACK), encode(message))

    def command(self, record: CommandRecord) -> bool:
        """Give a box a command."""
        message = CommandMessage.model_validate(
            {
                **self._origin.attributes(record.site),
                "dataschema": dataschema_of(CommandMessage),
                "data": record.command,
            }
        )
        return self._client.publish(topics.command(record.site, record.box, record.command.command), encode(message))


class WatermarkSender:
    """Coalesces: a stream gets its newest watermark, at most every `WATERMARK_EVERY_S`. Thread-safe."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._lock = threading.Lock()
        self._pending: dict[tuple[str, str], WatermarkDue] = {}
        self._sent_at_s: dict[tuple[str, str], float] = {}

    @property
    def waiting(self) -> bool:
        """Whether `flush` should be called again soon."""
        return bool(self._pending)

    def offer(self, dues: Sequence[WatermarkDue]) -> None:
        """Note watermarks to be sent."""
        with self._lock:
            self._pending.update({(due.box, due.watermark.epoch): due for due in dues})

    def flush(self, mono_s: float) -> None:
        """Send those whose turn it is; without a connection they wait."""
        with self._lock:
            recent = {key: at_s for key, at_s in self._sent_at_s.items() if mono_s - at_s < WATERMARK_EVERY_S}
            for key in [key for key in self._pending if key not in recent]:
                if not self._publisher.watermark(self._pending[key]):
                    break
                del self._pending[key]
                recent[key] = mono_s
            self._sent_at_s = recent

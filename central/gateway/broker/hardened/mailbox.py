"""What waits for one client of amqtt: bounded, in order, with a window of unacknowledged messages."""

import asyncio
from collections import deque
from dataclasses import dataclass, replace

from central.gateway.broker.limits import INFLIGHT_MAX, QUEUED_BYTES_MAX, QUEUED_MESSAGES_MAX

PACKET_ID_MAX = 65_535


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one client; `again` marks a redelivery."""

    topic: str
    data: bytes
    qos: int
    retain: bool = False
    again: bool = False


class Mailbox:
    """Lives as long as the client's session, connected or not; used from one event loop only."""

    def __init__(self, messages_max: int = QUEUED_MESSAGES_MAX, bytes_max: int = QUEUED_BYTES_MAX) -> None:
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._waiting: deque[Letter] = deque()
        self._waiting_bytes = 0
        self._inflight: dict[int, Letter] = {}
        self._packet_id = 0
        self._changed = asyncio.Event()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._inflight)

    def offer(self, letter: Letter) -> bool:
        """Queue a message; False (and counted) when it does not fit."""
        size = self._waiting_bytes + len(letter.data)
        if len(self._waiting) >= self._messages_max or size > self._bytes_max:
            self.dropped += 1
            return False
        self._waiting.append(letter)
        self._waiting_bytes = size
        self._changed.set()
        return True

    async def take(self) -> tuple[Letter, int | None]:
        """The next message and its packet id (None for QoS 0), as soon as there is one and the window lets it go."""
        while not self._waiting or (self._waiting[0].qos and len(self._inflight) >= INFLIGHT_MAX):
            self._changed.clear()
            await self._changed.wait()
        letter = self._waiting.popleft()
        self._waiting_bytes -= len(letter.data)
        if not letter.qos:
            return letter, None
        packet_id = self._free_packet_id()
        self._inflight[packet_id] = letter
        return letter, packet_id

    def acknowledge(self, packet_id: int) -> None:
        """The client has taken this message; an unknown id is ignored."""
        if self._inflight.pop(packet_id, None) is not None:
            self._changed.set()

    def rewind(self) -> None:
        """The connection has ended: what was not acknowledged waits again, first and in order."""
        unacknowledged = [replace(letter, again=True) for letter in self._inflight.values()]
        self._inflight.clear()
        self._waiting.extendleft(reversed(unacknowledged))
        self._waiting_bytes += sum(len(letter.data) for letter in unacknowledged)
        self._changed.set()

    def _free_packet_id(self) -> int:
        while True:
            self._packet_id = self._packet_id % PACKET_ID_MAX + 1
            if self._packet_id not in self._inflight:
                return self._packet_id

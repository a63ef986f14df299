"""Sockets as amqtt wants them, with what it leaves out: sizes, times, and an end that does not wait for the peer."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter

from central.gateway.broker.limits import CONNECT_S, PACKET_BYTES_MAX, UNREAD_MAX

FAREWELL_S = 1.0
GATE_S = 0.005


class PacketRefused(Exception):
    """The peer announced more than a packet may have, or a length that cannot be."""


class GuardedReader(StreamReaderAdapter):  # type: ignore[misc] # amqtt is untyped
    """Refuses oversize packets, gives up on one that stays unfinished, and stops reading while `unread()` is high."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._stream = reader
        self.unread: Callable[[], int] = int
        self.unfinished_s = CONNECT_S
        """Longest wait for the rest of a packet; the wait for its first byte is the keepalive's business."""

    async def read(self, n: int = -1) -> bytes:
        """Exactly `n` bytes."""
        if not 0 <= n <= PACKET_BYTES_MAX:
            raise PacketRefused
        while self.unread() >= UNREAD_MAX:  # noqa: ASYNC110 - the queues are amqtt's and tell nobody
            await asyncio.sleep(GATE_S)
        if n <= 1:
            return await self._stream.readexactly(n)
        async with asyncio.timeout(self.unfinished_s):
            return await self._stream.readexactly(n)


class GuardedWriter(StreamWriterAdapter):  # type: ignore[misc] # amqtt is untyped
    """Closes within `FAREWELL_S`, also when the peer takes nothing any more."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer)
        self._stream = writer

    async def close(self) -> None:
        """Send what is left, then close; cut what does not end."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await super().close()
        self.cut()

    def cut(self) -> None:
        """End the connection now."""
        self.is_closed = True
        self._stream.transport.abort()

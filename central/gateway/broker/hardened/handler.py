"""One client's connection to amqtt: keepalive enforced, deliveries through its mailbox, no QoS 2."""

import asyncio
import logging
from contextlib import suppress

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.errors import MQTTError, ProtocolHandlerError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.puback import PubackPacket
from amqtt.mqtt.publish import PublishPacket
from amqtt.session import IncomingApplicationMessage, OutgoingApplicationMessage, Session
from typing_extensions import override

from central.gateway.broker.hardened.mailbox import Mailbox
from central.gateway.broker.hardened.streams import GuardedReader, GuardedWriter

log = logging.getLogger(__name__)


class GuardedHandler(BrokerProtocolHandler):  # type: ignore[misc] # amqtt is untyped
    """`mailbox` is set before `start`; `progress_at` is the loop's time at which the client last took something."""

    mailbox: Mailbox
    progress_at: float = 0.0
    _sender: asyncio.Task[None] | None = None

    def attach(self, session: Session, reader: ReaderAdapter, writer: WriterAdapter) -> None:
        """Bind to a session and its streams."""
        super().attach(session, reader, writer)
        self.keepalive_timeout = None  # a broker owes no packet; a timer per packet sent would only cost
        if isinstance(reader, GuardedReader):
            reader.unread = self._unread
            reader.unfinished_s = session.keep_alive or reader.unfinished_s

    async def start(self) -> None:
        """Read what the client says, and send what waits for it."""
        await super().start()
        self.progress_at = self._loop.time()
        self._sender = asyncio.create_task(self._send())

    async def stop(self) -> None:
        """End the connection; what was not acknowledged waits for the next one."""
        if self._sender is not None:
            self._sender.cancel()
            with suppress(asyncio.CancelledError):
                await self._sender
            self._sender = None
            self.mailbox.rewind()
        await super().stop()

    async def cut(self) -> None:
        """End the connection now, without waiting for the client; its will is sent."""
        await self.handle_connection_closed()
        if isinstance(self.writer, GuardedWriter):
            self.writer.cut()

    def handle_read_timeout(self) -> None:
        """Cut a client that is silent for longer than its keepalive allows."""
        log.warning("client %s is silent: connection closed", self.session.client_id if self.session else "?")
        self._cutting = asyncio.create_task(self.cut())

    async def handle_puback(self, puback: PubackPacket) -> None:
        """Let the window move on."""
        if puback.variable_header is not None:
            self.mailbox.acknowledge(puback.variable_header.packet_id)
            self.progress_at = self._loop.time()

    async def refuse(self) -> None:
        """Answer CONNECT with "not authorized" and close."""
        if self.writer is not None:
            await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(self.writer)
            await self.writer.close()

    @override
    async def _handle_qos2_message_flow(
        self, app_message: IncomingApplicationMessage | OutgoingApplicationMessage
    ) -> None:
        """Cut who speaks QoS 2: nothing of ours does, and its state would be unbounded."""
        await self.cut()

    async def _send(self) -> None:
        with suppress(OSError, MQTTError, ProtocolHandlerError):
            while True:
                letter, packet_id = await self.mailbox.take()
                packet = PublishPacket.build(
                    letter.topic, letter.data, packet_id, letter.again, letter.qos, letter.retain
                )
                await self._send_packet(packet)
                self.progress_at = self._loop.time()
        await self.cut()

    def _unread(self) -> int:
        if self.session is None:
            return 0
        unread: int = self.session.delivered_message_queue.qsize() + self._pending_subscriptions.qsize()
        return unread

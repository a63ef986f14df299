"""amqtt as the embedded broker, hardened.

What amqtt 0.12.1 leaves open and this closes: silent clients are never noticed; a slow one fills the memory; sessions
are touched before their owner is authenticated; wills and retained messages pass by the permissions; a resumed session
is given everybody's retained messages; redeliveries carry the retain flag.
"""

import asyncio
import logging
import math
from contextlib import suppress
from typing import Any

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.broker import Broker, Server
from amqtt.contexts import BrokerConfig, ListenerConfig
from amqtt.errors import AMQTTError, MQTTError, NoDataError
from amqtt.session import Session
from typing_extensions import override

from central.gateway.broker.hardened.access import FileAccess, matches
from central.gateway.broker.hardened.handler import GuardedHandler
from central.gateway.broker.hardened.mailbox import Letter, Mailbox
from central.gateway.broker.hardened.streams import GuardedReader, GuardedWriter
from central.gateway.broker.limits import (
    CONNECT_S,
    CONNECTIONS_MAX,
    KEEPALIVE_GRACE,
    RETAINED_MAX,
    SESSION_EXPIRY_S,
    STALLED_S,
)

LISTENER = "default"
QOS_MAX = 1
REFUSED = 0x80
TAKE_OVER_S = 5.0
TAKE_OVER_POLL_S = 0.01

log = logging.getLogger(__name__)


class GuardedBroker(Broker):  # type: ignore[misc] # amqtt is untyped
    """amqtt for boxes and central: a user's name is its client id, and files say who may do what."""

    def __init__(self, access: FileAccess, host: str, port: int) -> None:
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        listeners = {LISTENER: ListenerConfig(bind=bind, max_connections=CONNECTIONS_MAX)}
        super().__init__(BrokerConfig(listeners=listeners, plugins={}, session_expiry_interval=SESSION_EXPIRY_S))
        self._access = access
        self._mailboxes: dict[str, Mailbox] = {}
        self._joining = asyncio.Lock()

    async def cut_strangers(self) -> None:
        """Read the files again and end the connections of users whose password is not the one they came with."""
        self._access.refresh()
        for session, handler in list(self._sessions.values()):
            stranger = not self._access.admits(session.username, session.password)
            if stranger and isinstance(handler, GuardedHandler) and session.transitions.state == "connected":
                session.will_flag = False
                await handler.cut()

    @override
    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """Serve one connection; whatever its bytes provoke ends with it."""
        guarded = GuardedWriter(writer)
        try:
            await self._client_connected(listener_name, GuardedReader(reader), guarded)
        except Exception as error:  # noqa: BLE001 - a border: foreign bytes must not reach the event loop's handler
            log.warning("connection ended by %s", type(error).__name__)
        finally:
            guarded.cut()

    @override
    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        """Grant at most QoS 1, and only what the user may read; 0x80 refuses."""
        topic_filter, qos = subscription
        if not self._access.may_subscribe(session.client_id or "", topic_filter):
            return REFUSED
        granted: int = await super().add_subscription((topic_filter, min(qos, QOS_MAX)), session)
        return granted

    @override
    async def retain_message(
        self,
        source_session: Session | None,
        topic_name: str | None,
        data: bytes | bytearray | None,
        qos: int | None = None,
    ) -> None:
        """Keep the last message of a topic, of at most `RETAINED_MAX` topics."""
        if topic_name in self._retained_messages or len(self._retained_messages) < RETAINED_MAX:
            await super().retain_message(source_session, topic_name, data, qos)

    @override
    async def _initialize_client_session(
        self, reader: ReaderAdapter, writer: WriterAdapter, remote_address: str, remote_port: int
    ) -> tuple[GuardedHandler, Session]:
        try:
            async with asyncio.timeout(CONNECT_S):
                handler, session = await GuardedHandler.init_from_connect(reader, writer, self.plugins_manager)
        except TimeoutError:
            raise AMQTTError("no CONNECT in time") from None
        except (AMQTTError, MQTTError, NoDataError):
            await writer.close()
            raise AMQTTError("not a CONNECT that this broker takes") from None
        if not isinstance(handler, GuardedHandler):
            raise AMQTTError("amqtt made another handler")
        if not self._access.admits(session.username, session.password):
            handler.writer = writer
            await handler.refuse()
            raise AMQTTError("not authorized")
        session.client_id = session.username
        session.keep_alive = math.ceil(session.keep_alive * KEEPALIVE_GRACE)
        session.will_flag = session.will_flag and self._access.may_write(
            session.client_id or "", session.will_topic or ""
        )
        return handler, session

    @override
    async def _handle_client_session(
        self,
        reader: ReaderAdapter,
        writer: WriterAdapter,
        client_session: Session,
        handler: GuardedHandler,
        server: Server,
        listener_name: str,
    ) -> None:
        async with self._joining:
            session = await self._adopt(client_session)
            user = session.client_id or ""
            handler.attach(session, reader, writer)
            handler.mailbox = self._mailboxes.setdefault(user, Mailbox())
            session.transitions.connect()
            self._sessions[user] = (session, handler)
        try:
            await handler.mqtt_connack_authorize(authorize=True)
            await handler.start()
            await self._client_message_loop(session, handler)
        finally:
            if session.transitions.state == "connected":
                await self._handle_disconnect(session, handler, _ended())

    async def _adopt(self, arriving: Session) -> Session:
        """The session to go on with: the user's older connection is ended, its session kept if both want that."""
        user = arriving.client_id or ""
        known, older = self._sessions.get(user, (None, None))
        if known is not None and known.transitions.state == "connected" and isinstance(older, GuardedHandler):
            await older.cut()
            await _disconnected(known)
        if known is None or known.clean_session or arriving.clean_session:
            await self._delete_session(user)
            self._mailboxes.pop(user, None)
            arriving.parent = 0
            return arriving
        for name in ("will_flag", "will_message", "will_topic", "will_qos", "will_retain", "keep_alive", "password"):
            setattr(known, name, getattr(arriving, name))
        known.parent = 1
        return known

    @override
    async def _cleanup_session(self, client_id: str) -> None:
        await super()._cleanup_session(client_id)
        self._mailboxes.pop(client_id, None)

    @override
    async def _handle_message_delivery(
        self,
        client_session: Session,
        handler: GuardedHandler,
        wait_deliver: asyncio.Future[Any],
    ) -> bool:
        message = wait_deliver.result()
        if message is None:
            return True
        if not message.topic or any(sign in message.topic for sign in "#+\0") or message.topic.startswith("$"):
            return False
        if self._access.may_write(client_session.client_id or "", message.topic):
            data = bytes(message.data)
            self._fan_out(message.topic, data, message.qos or 0)
            if message.retain:
                await self.retain_message(client_session, message.topic, data, message.qos)
        return True

    @override
    async def _broadcast_message(
        self,
        session: Session | None,
        topic: str | None,
        data: bytes | bytearray | None,
        force_qos: int | None = None,
    ) -> None:
        self._fan_out(topic or "", bytes(data or b""), force_qos or 0)

    @override
    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        topic_filter, qos = subscription
        for topic, kept in self._retained_messages.items():
            if matches(topic_filter, topic):
                self._post(session, Letter(topic, bytes(kept.data), min(qos, kept.qos or 0, QOS_MAX), retain=True))

    def _fan_out(self, topic: str, data: bytes, qos: int) -> None:
        for topic_filter, subscriptions in self._subscriptions.items():
            if matches(topic_filter, topic):
                for session, granted in subscriptions:
                    self._post(session, Letter(topic, data, min(qos, granted)))

    def _post(self, session: Session, letter: Letter) -> None:
        user = session.client_id or ""
        connected = session.transitions.state == "connected"
        mailbox = self._mailboxes.get(user)
        if mailbox is None or not self._access.may_read(user, letter.topic):
            return
        if (connected or (letter.qos and not session.clean_session)) and not mailbox.offer(letter) and connected:
            self._cut_if_stalled(user)

    def _cut_if_stalled(self, user: str) -> None:
        _, handler = self._sessions[user]
        if isinstance(handler, GuardedHandler) and self._loop.time() - handler.progress_at > STALLED_S:
            log.warning("client %s takes nothing and its queue is full: connection closed", user)
            handler.handle_read_timeout()


def _ended() -> asyncio.Future[None]:
    """What `_handle_disconnect` takes for an end without DISCONNECT."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


async def _disconnected(session: Session) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(TAKE_OVER_S):
            while session.transitions.state == "connected":  # noqa: ASYNC110 - amqtt tells nobody
                await asyncio.sleep(TAKE_OVER_POLL_S)

"""The thread that talks to central: connects, introduces the box, sends reports, hears watermarks and commands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from pydantic import ValidationError

from edge_agent.core import central_waits
from edge_agent.core import outbox_policy as policy
from edge_agent.core.commands import Obey
from edge_agent.link.commands import CommandDesk
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.evidence import EvidenceShelf
from edge_agent.link.inbox import Answered, Inbox, Woken
from edge_agent.link.mqtt_session import Arrived, Joined, MqttSession, Parted
from edge_agent.link.outbox import Outbox, Row
from edge_agent.link.sender import Sender
from edge_agent.link.store import StoreFull
from protocol import topics
from protocol.codec import decode, encode
from protocol.errors import ProtocolError
from protocol.joining import Connection
from protocol.messages import (
    HEARTBEAT_S,
    Birth,
    BoxState,
    CentralMessage,
    CentralWait,
    CommandMessage,
    CommandResult,
    CommandStatus,
    Envelope,
    Heartbeat,
    WatermarkMessage,
)

TICK_S = 1.0
PACE_TICK_S = 0.1
JOIN_S = 10.0
FLUSH_S = 3.0
FAREWELL_S = 1.0
NOT_UNDERSTOOD = "this box cannot read the command; its release may be older than central's"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BoxWords:
    """What the box says of itself when asked: made anew each time."""

    birth: Callable[[], Birth]
    heartbeat: Callable[[], Heartbeat]
    obey: Callable[[Obey], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the link waits: `draw` in 0..1 spreads its pauses, `patience` is for reports that central misses."""

    draw: Callable[[], float]
    patience: policy.Patience = policy.PATIENCE


class Uplink:
    """`start`, then `wake` after each report and `answer` for results; `stop` flushes for `FLUSH_S`."""

    def __init__(
        self,
        connection: Connection,
        outbox: Outbox,
        evidence: EvidenceShelf,
        envelopes: Envelopes,
        waiting: Waiting,
    ) -> None:
        self._connection = connection
        self._outbox = outbox
        self._evidence = evidence
        self._envelopes = envelopes
        self._clock = envelopes.clock
        self._draw, self._patience = waiting.draw, waiting.patience
        self._desk: CommandDesk | None = None
        self._words: BoxWords | None = None
        self._inbox = Inbox()
        self._stopping = Event()
        self._woken = Event()
        self._thread = Thread(target=self._run, name="uplink", daemon=True)
        self._heartbeat_s = 0.0
        self._contest_told_s = -policy.CONTESTED_TOLD_S
        self._presence = policy.CentralPresence()
        self._waits = central_waits.Waits()

    def start(self, desk: CommandDesk, words: BoxWords) -> None:
        """Begin to connect; commands go to `desk`."""
        self._desk, self._words = desk, words
        self._thread.start()

    def wake(self) -> None:
        """A report was written. Never blocks."""
        if not self._woken.is_set():
            self._woken.set()
            self._inbox.put(Woken())

    def answer(self, result: CommandResult) -> None:
        """Publish a result where connected. Never blocks."""
        self._inbox.put(Answered(result))

    def stop(self) -> None:
        """Send what can be sent within `FLUSH_S`, say goodbye, end the thread."""
        self._stopping.set()
        self._inbox.put(Woken())
        if self._thread.is_alive():
            self._thread.join(FLUSH_S + FAREWELL_S + 1)

    def _run(self) -> None:
        attempts = policy.Attempts()
        while not self._stopping.is_set():
            session = self._connect()
            if session is None:
                attempts = policy.after_refusal(attempts)
                self._stopping.wait(policy.reconnect_wait_s(attempts.failures, self._draw()))
                continue
            since_s = self._clock.mono_s()
            try:
                self._serve(session)
            finally:
                session.close()
                self._waits = central_waits.parted(self._waits, self._clock.mono_s())
            attempts = policy.after_session(attempts, self._clock.mono_s() - since_s)
            if not self._stopping.is_set():
                self._tell_contest(attempts)
                self._stopping.wait(policy.reconnect_wait_s(attempts.failures, self._draw()))

    def _tell_contest(self, attempts: policy.Attempts) -> None:
        """Say now and then that sessions end as soon as they begin: only a person can settle it."""
        mono_s = self._clock.mono_s()
        if policy.is_contested(attempts) and mono_s >= self._contest_told_s + policy.CONTESTED_TOLD_S:
            self._contest_told_s = mono_s
            box = self._connection.box
            question = f"the broker keeps closing this connection: is another agent running with box id {box}?"
            _log.error("connection_contested", sessions=attempts.brief, advice=question)

    def _connect(self) -> MqttSession | None:
        """A session that is let in and subscribed, or None (said in the log)."""
        self._inbox.clear()
        self._woken.clear()
        will = encode(self._envelopes.state(BoxState.LOST))
        session = MqttSession(self._connection, will, self._inbox.put)
        try:
            session.open()
            outcome = self._await_outcome()
        except (OSError, UnicodeError) as error:
            outcome = Parted(f"{type(error).__name__}: {error}")
        if isinstance(outcome, Joined):
            _log.info("connected", host=self._connection.mqtt_host, port=self._connection.mqtt_port)
            return session
        _log.warning("not_connected", reason=outcome.reason)
        session.close()
        return None

    def _await_outcome(self) -> Joined | Parted:
        until_s = self._clock.mono_s() + JOIN_S
        while (left_s := until_s - self._clock.mono_s()) > 0 and not self._stopping.is_set():
            item = self._inbox.get(left_s)
            if isinstance(item, Joined | Parted):
                return item
        return Parted("the broker did not answer in time")

    def _serve(self, session: MqttSession) -> None:
        """Everything between a connect and its end."""
        self._introduce(session)
        event_topic = self._topic(topics.Up.EVENT)

        def publish(row: Row) -> None:
            session.publish(event_topic, row.payload)

        sender = Sender(self._outbox, publish, self._presence, self._clock.mono_s(), self._patience)
        flush_until_s: float | None = None
        while True:
            if not self._hear(session, sender):
                return
            self._presence = sender.presence
            mono_s = self._clock.mono_s()
            self._tend(session, sender, mono_s)
            if self._stopping.is_set():
                flush_until_s = flush_until_s or mono_s + FLUSH_S
                if mono_s >= flush_until_s or self._outbox.bytes == 0:
                    self._farewell(session)
                    return

    def _introduce(self, session: MqttSession) -> None:
        words = self._words
        if words is None:
            return
        session.publish(self._topic(topics.Up.BIRTH), encode(self._envelopes.birth(words.birth())))
        state = encode(self._envelopes.state(BoxState.ONLINE))
        session.publish(self._topic(topics.Up.STATE), state, retain=True)
        self._heartbeat_s = self._clock.mono_s() - HEARTBEAT_S

    def _hear(self, session: MqttSession, sender: Sender) -> bool:
        """Wait for the next item and act on it; False when the connection has ended."""
        hurry = sender.waiting_for_pace or self._stopping.is_set()
        match self._inbox.get(PACE_TICK_S if hurry else TICK_S):
            case Parted(reason=reason):
                _log.warning("disconnected", reason=reason)
                return False
            case Arrived() as item:
                self._understand(item, sender)
            case Answered(result=result):
                topic = topics.result(self._connection.site, self._connection.box, result.command)
                session.publish(topic, encode(self._envelopes.result(result)))
            case Woken():
                self._woken.clear()
            case Joined() | None:
                pass
        return True

    def _tend(self, session: MqttSession, sender: Sender, mono_s: float) -> None:
        """What is due now."""
        try:
            sender.step(mono_s, self._draw())
        except StoreFull:
            _log.warning("sender_waits", reason="disk full")
        if self._desk is not None:
            self._desk.sweep()
        if self._words is not None and mono_s - self._heartbeat_s >= HEARTBEAT_S:
            self._heartbeat_s = mono_s
            beat = self._words.heartbeat().model_copy(update=self._told_waits(mono_s))
            session.publish(self._topic(topics.Up.HEARTBEAT), encode(self._envelopes.heartbeat(beat)), qos=0)

    def _told_waits(self, mono_s: float) -> dict[str, object]:
        """For a heartbeat: when this box had no watermark, in times of its clock as it stands now."""
        now = self._clock.now()

        def moment(then_s: float) -> datetime:
            return now - timedelta(seconds=mono_s - then_s)

        waits = tuple(
            CentralWait(
                number=one.number, since=moment(one.since_s), until=moment(one.until_s), connected=one.connected
            )
            for one in central_waits.told(self._waits, mono_s)
        )
        return {"waits": waits, "waited_s": round(self._waits.total_s, 1)}

    def _understand(self, item: Arrived, sender: Sender) -> None:
        try:
            message = decode(item.payload)
            self._act(message, item, sender)
        except ProtocolError as error:
            _log.warning("message_not_understood", topic=item.topic, reason=str(error))
            self._refuse(item)
        except StoreFull:
            _log.warning("message_not_obeyed", topic=item.topic, reason="disk full")

    def _act(self, message: Envelope, item: Arrived, sender: Sender) -> None:
        mono_s = self._clock.mono_s()
        if item.topic == topics.central_state(self._connection.site):
            if isinstance(message, CentralMessage):
                self._note_central(message, item, sender, mono_s)
            return
        kind, _ = topics.parse_down(self._connection.site, self._connection.box, item.topic)
        match kind, message:
            case topics.Down.ACK, WatermarkMessage(data=watermark):
                self._waits = central_waits.heard(self._waits, mono_s)
                sender.commit(watermark, mono_s)
                if watermark.epoch == self._outbox.epoch:
                    self._evidence.want_again(watermark.evidence_wanted)
            case topics.Down.COMMAND, CommandMessage(data=command) if not item.retained and self._desk and self._words:
                obey = self._desk.take(command)
                if obey is not None:
                    self._words.obey(obey)
            case _:
                _log.info("message_ignored", topic=item.topic, type=type(message).__name__)

    def _refuse(self, item: Arrived) -> None:
        """Tell central at once that a command cannot be read, so that it need not wait for the deadline."""
        prefix = topics.command(self._connection.site, self._connection.box, "")
        if item.retained or not item.topic.startswith(prefix):
            return
        try:
            command = item.topic.removeprefix(prefix)
            self.answer(CommandResult(command=command, status=CommandStatus.FAILED, detail=NOT_UNDERSTOOD))
        except ValidationError:
            _log.warning("command_without_id", topic=item.topic)

    def _note_central(self, message: CentralMessage, item: Arrived, sender: Sender, mono_s: float) -> None:
        retained_at = message.time if item.retained else None
        presence = policy.central_stated(
            sender.presence,
            online=message.data.online,
            retained_at=retained_at,
            now=self._clock.now(),
            mono_s=mono_s,
        )
        sender.central_there(presence)

    def _farewell(self, session: MqttSession) -> None:
        state = encode(self._envelopes.state(BoxState.STOPPING))
        sent = session.publish(self._topic(topics.Up.STATE), state, retain=True)
        try:
            sent.wait_for_publish(FAREWELL_S)
        except (ValueError, RuntimeError):
            _log.info("farewell_not_sent")

    def _topic(self, kind: topics.Up) -> str:
        return topics.up(self._connection.site, self._connection.box, kind)

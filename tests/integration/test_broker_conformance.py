"""The embedded broker behaves the same whichever program it is: Mosquitto or the hardened amqtt."""

import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from central.core.access import BrokerCredential
from central.gateway.broker.credentials import hash_password
from central.gateway.broker.keeper import CredentialFiles
from central.gateway.broker.limits import INFLIGHT_MAX, PACKET_BYTES_MAX, QUEUED_BYTES_MAX
from central.gateway.broker.lock import holder
from protocol import topics
from protocol.topics import Down, Up
from tests.support.mqtt_talker import Talker
from tests.support.need import need_program
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Process, Processes
from tests.support.until import until

GRIDWARDEN = (sys.executable, "-m", "provisioning.main", "central")
START_S = 20.0
SWEEP_S = 7.0
SILENT_CLIENT = """
import sys
import paho.mqtt.client as mqtt
port, user, password, keepalive, topic, subscribe = sys.argv[1:]
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, user)
client.username_pw_set(user, password)
client.will_set(topic, b"gone", qos=1)
client.on_connect = lambda *_: client.subscribe(subscribe, 1)
client.on_subscribe = lambda *_: print("READY", flush=True)
client.connect("127.0.0.1", int(port), int(keepalive))
client.loop_forever()
"""


class EmbeddedBroker:
    """`gridwarden central broker` with boxes that may be let in and out while it runs."""

    def __init__(self, folder: Path, kind: str, start_process: Processes) -> None:
        self.port = free_port()
        self.folder = folder / "data" / "broker"
        self.config = folder / "central.yaml"
        self.config.write_text(f"broker: {{port: {self.port}, kind: {kind}}}\n")
        self._start_process = start_process
        self._credentials: dict[str, BrokerCredential] = {}
        self.process = self.start()
        self.files = CredentialFiles(self.folder, secrets.token_bytes(32))

    def start(self) -> Process:
        self.process = self._start_process(*GRIDWARDEN, "broker", "--config", self.config, name="broker")
        until(lambda: accepts(self.port), within_s=START_S, what=self._report)
        return self.process

    def _report(self) -> str:
        return self.process.report()

    def let_in(self, box: str, site: str = "s1") -> str:
        secret = secrets.token_urlsafe(32)
        self._credentials[box] = BrokerCredential(box, site, hash_password(secret, secrets.token_bytes(12)))
        assert self.files.update(tuple(self._credentials.values()))
        return secret

    def let_out(self, box: str) -> None:
        del self._credentials[box]
        assert self.files.update(tuple(self._credentials.values()))

    def central(self, **how: object) -> Talker:
        return Talker(self.port, "central", self.files.secret, **how)  # type: ignore[arg-type]

    def box(self, box: str, secret: str, **how: object) -> Talker:
        """Connect a box, which may take a moment after `let_in`."""
        talkers: list[Talker] = []

        def welcome() -> bool:
            talkers.append(Talker(self.port, box, secret, **how))  # type: ignore[arg-type]
            if not talkers[-1].welcome:
                talkers[-1].close()
            return talkers[-1].welcome

        until(welcome, within_s=2.0, what="a box that was let in being welcome")
        return talkers[-1]


@pytest.fixture(params=["mosquitto", "amqtt"])
def broker(request: pytest.FixtureRequest, tmp_path: Path, start_process: Processes) -> EmbeddedBroker:
    if request.param == "mosquitto":
        need_program("mosquitto")
    return EmbeddedBroker(tmp_path, request.param, start_process)


@pytest.fixture
def central(broker: EmbeddedBroker) -> Iterator[Talker]:
    with broker.central() as talker:
        talker.subscribe(topics.up_all())
        yield talker


def event(box: str, site: str = "s1") -> str:
    return topics.up(site, box, Up.EVENT)


def ack(box: str, site: str = "s1") -> str:
    return topics.down(site, box, Down.ACK)


def nothing_came(listener: Talker, sentinel_by: Talker, sentinel_topic: str) -> None:
    """Show that no message waits for `listener`, by sending a permitted one after it."""
    sentinel_by.say(sentinel_topic, b"sentinel")
    listener.wait_for(b"sentinel")
    assert listener.payloads == [b"sentinel"]


def memory_bytes(broker: EmbeddedBroker) -> int:
    held = holder(broker.folder)
    assert held is not None
    assert not held.is_ours
    return int(psutil.Process(held.pid).memory_info().rss)


def test_only_known_users_with_their_password_come_in(broker: EmbeddedBroker) -> None:
    secret = broker.let_in("b1")
    broker.box("b1", secret).close()
    for user, password in [("b1", "wrong"), ("b2", secret), ("b1", ""), ("central", secret), (None, None)]:
        with Talker(broker.port, user, password) as stranger:
            assert not stranger.welcome, user
    with broker.central() as central:
        assert central.welcome


def test_a_box_let_in_while_others_talk_comes_in_and_a_revoked_one_does_not(
    broker: EmbeddedBroker, central: Talker
) -> None:
    first = broker.box("b1", broker.let_in("b1"))
    second_secret = broker.let_in("b2")
    second = broker.box("b2", second_secret)
    for box, talker in (("b1", first), ("b2", second)):
        talker.say(event(box), box.encode())
        central.wait_for(box.encode())
    broker.let_out("b2")
    assert second.disconnected.wait(10)
    assert not Talker(broker.port, "b2", second_secret).welcome
    first.say(event("b1"), b"still here")
    central.wait_for(b"still here")
    for talker in (first, second):
        talker.close()


def test_a_box_writes_only_what_is_its_own(broker: EmbeddedBroker, central: Talker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box, broker.box("b2", broker.let_in("b2")) as other:
        other.subscribe(ack("b2"))
        foreign = [event("b2"), event("b1", "s2"), ack("b1"), ack("b2"), topics.central_state("s1"), "x/y", "gw/v1"]
        for topic in foreign:
            box.say(topic, b"not mine")
            box.say(topic, b"not mine", qos=0, retain=True)
        nothing_came(central, box, event("b1"))
        nothing_came(other, central, ack("b2"))


def test_a_box_hears_only_what_is_meant_for_it(broker: EmbeddedBroker, central: Talker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box, broker.box("b2", broker.let_in("b2")) as other:
        for topic_filter in (
            "#",
            topics.up_all(),
            topics.down_any(),
            event("b2"),
            topics.down_all("s1", "b2"),
            "$SYS/#",
        ):
            box.subscribe(topic_filter)
        box.subscribe(topics.down_all("s1", "b1"))
        box.subscribe(topics.central_state("s1"))
        other.say(event("b2"), b"secret of b2", retain=True)
        central.say(ack("b2"), b"for b2", retain=True)
        central.say(topics.central_state("s2"), b"for another site", retain=True)
        central.say(topics.central_state("s1"), b"online", retain=True)
        box.wait_for(b"online")
        central.say(ack("b1"), b"for b1")
        box.wait_for(b"for b1")
        assert set(box.payloads) == {b"online", b"for b1"}


def test_no_client_id_opens_the_session_of_another_user(broker: EmbeddedBroker) -> None:
    secret = broker.let_in("b1")
    with broker.central(clean=False, client_id="gw.central-1") as central:
        central.subscribe(topics.up_all())
        for client_id in ("central", "gw.central-1"):
            with broker.box("b1", secret, client_id=client_id, clean=False) as box:
                box.say(event("b1"), client_id.encode())
                central.wait_for(client_id.encode())
                assert box.payloads == []
        assert not central.disconnected.is_set()


def test_a_strangers_attempt_leaves_the_owner_alone(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b1", secret, clean=False) as box:
        Talker(broker.port, "b1", "guessed", clean=True).close()
        Talker(broker.port, "b1", "guessed", clean=False).close()
        box.say(event("b1"), b"still mine")
        central.wait_for(b"still mine")
        assert not box.disconnected.is_set()


def test_the_will_of_a_silent_client_is_told(broker: EmbeddedBroker, central: Talker, start_process: Processes) -> None:
    keepalive_s = 2
    silent = _silent_client(broker, start_process, "b1", keepalive_s, topics.up("s1", "b1", Up.STATE))
    silent.freeze()
    central.wait_for(b"gone", within_s=1.5 * keepalive_s + SWEEP_S)


def test_a_will_says_only_what_its_owner_may_say(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b2", broker.let_in("b2")) as witness:
        for topic in (event("b2"), topics.up("s1", "b1", Up.STATE)):
            broker.box("b1", secret, will=(topic, topic.encode())).vanish()
        central.wait_for(topics.up("s1", "b1", Up.STATE).encode())
        witness.say(event("b2"), b"sentinel")
        central.wait_for(b"sentinel")
        assert event("b2").encode() not in central.payloads


def test_a_goodbye_keeps_the_will_untold(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    broker.box("b1", secret, will=(event("b1"), b"gone")).close()
    with broker.box("b1", secret) as again:
        nothing_came(central, again, event("b1"))


def test_messages_wait_for_a_persistent_session_and_come_without_the_retain_flag(broker: EmbeddedBroker) -> None:
    with broker.central(clean=False) as central:
        central.subscribe(topics.up_all())
    with broker.box("b1", broker.let_in("b1")) as box:
        for number in range(50):
            box.say(event("b1"), b"%d" % number)
    with broker.central(clean=False) as central:
        central.wait_for(b"49")
        assert central.payloads == [b"%d" % number for number in range(50)]
        assert not any(message.retain for message in central.inbox)


def test_unacknowledged_messages_come_again_and_the_window_is_kept(broker: EmbeddedBroker) -> None:
    central = broker.central(clean=False, manual=True)
    central.subscribe(topics.up_all())
    with broker.box("b1", broker.let_in("b1")) as box:
        for number in range(INFLIGHT_MAX + 50):
            box.client.publish(event("b1"), b"%d" % number, 1)
        box.say(event("b1"), b"last")
    until(lambda: len(central.inbox) >= INFLIGHT_MAX, what="a full window")
    assert len(central.inbox) == INFLIGHT_MAX
    for message in central.inbox[:10]:
        central.client.ack(message.mid, 1)
    central.wait_for(b"%d" % (INFLIGHT_MAX + 9))
    central.vanish()
    with broker.central(clean=False) as again:
        again.wait_for(b"last")
        assert again.payloads[0] == b"10"
        assert len(again.inbox) == INFLIGHT_MAX + 50 + 1 - 10
        assert again.inbox[0].dup


def test_state_is_retained_for_who_comes_later(broker: EmbeddedBroker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box:
        box.say(topics.up("s1", "b1", Up.STATE), b"online", retain=True)
        with broker.central() as central:
            central.subscribe(topics.up_all())
            assert central.wait_for(b"online").retain
        box.say(topics.up("s1", "b1", Up.STATE), b"", retain=True)
        with broker.central() as central:
            central.subscribe(topics.up_all())
            nothing_came(central, box, event("b1"))


def test_quality_of_service_is_the_lower_of_both(broker: EmbeddedBroker, central: Talker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box:
        box.say(topics.up("s1", "b1", Up.HEARTBEAT), b"beat", qos=0)
        box.say(event("b1"), b"event", qos=1)
    assert central.wait_for(b"beat").qos == 0
    assert central.wait_for(b"event").qos == 1


def test_a_newer_connection_of_the_same_box_ends_the_older(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    for clean in (True, False):
        older = broker.box("b1", secret, clean=clean)
        newer = broker.box("b1", secret, clean=clean)
        assert older.disconnected.wait(5)
        newer.say(event("b1"), b"%d" % clean)
        central.wait_for(b"%d" % clean)
        newer.close()
        older.close()


def test_a_frozen_reader_costs_bounded_memory_and_harms_nobody(
    broker: EmbeddedBroker, central: Talker, start_process: Processes
) -> None:
    frozen = _silent_client(broker, start_process, "b1", 600, event("b1"))
    with broker.box("b2", broker.let_in("b2")) as healthy:
        healthy.subscribe(topics.down_all("s1", "b2"))
        frozen.freeze()
        before = memory_bytes(broker)
        payload = os.urandom(50_000)
        for number in range(3 * QUEUED_BYTES_MAX // len(payload)):
            sent = central.client.publish(ack("b1"), payload, 1)
            if number % 100 == 0:
                sent.wait_for_publish(10)
        central.say(ack("b2"), b"as ever")
        healthy.wait_for(b"as ever")
        assert memory_bytes(broker) - before < 1.6 * (QUEUED_BYTES_MAX + INFLIGHT_MAX * len(payload))


def test_oversize_payloads_are_refused(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b1", secret) as box:
        box.client.publish(event("b1"), b"x" * (PACKET_BYTES_MAX + 1), 1)
        assert box.disconnected.wait(10)
    with broker.box("b1", secret) as box:
        box.say(event("b1"), b"y" * 262_144)
        assert len(central.wait_for(b"y" * 262_144).payload) == 262_144
        assert len(central.inbox) == 1


CONNECT = bytes.fromhex("101600044d515454040200140005636c6f776e00036d6f6f00")


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00" * 1000,
        b"\xff" * 1000,
        CONNECT[:7],
        CONNECT,
        b"\x10\xff\xff\xff\x7f" + b"\x00" * 100,
        b"\x30\x05\x00\xff\x00",
        b"\x10\x00",
    ],
)
def test_rubbish_ends_only_its_own_connection(broker: EmbeddedBroker, central: Talker, rubbish: bytes) -> None:
    with socket.create_connection((LOOPBACK, broker.port), timeout=5) as raw:
        raw.sendall(rubbish)
        with broker.box("b1", broker.let_in("b1")) as box:
            box.say(event("b1"), b"sound")
            central.wait_for(b"sound")
    assert broker.process.running()


def test_rubbish_after_a_welcome_ends_only_its_own_connection(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    for rubbish in (
        b"\xf0\xff\xff\xff\xff\xff",
        b"\x32\xff\xff\xff\x7f",
        b"\x32\x05\x00\xff\x00abcdef",
        os.urandom(5000),
    ):
        box = broker.box("b1", secret)
        sock = box.client.socket()
        assert sock is not None
        sock.send(rubbish)
        box.vanish()
    with broker.box("b1", secret) as box:
        box.say(event("b1"), b"sound")
        central.wait_for(b"sound")
    assert broker.process.running()


def test_there_is_one_broker_for_a_folder_and_a_taken_port_is_told(
    broker: EmbeddedBroker, start_process: Processes, tmp_path: Path
) -> None:
    second = start_process(*GRIDWARDEN, "broker", "--config", broker.config)
    assert second.wait() == 2
    assert "runs already" in second.err
    other = tmp_path / "other.yaml"
    other.write_text(f"data_dir: elsewhere\nbroker: {{port: {broker.port}}}\n")
    third = start_process(*GRIDWARDEN, "broker", "--config", other)
    assert third.wait() == 3
    assert f"cannot listen on 127.0.0.1:{broker.port}: Address already in use" in third.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, None)])
def test_a_signal_ends_it_quietly(broker: EmbeddedBroker, number: signal.Signals, code: int | None) -> None:
    with broker.central():
        broker.process.signal(number)
        ended = broker.process.wait()
    assert ended in ({code} if code is not None else {0, 130})
    assert "Traceback" not in broker.process.err
    assert holder(broker.folder) is None


def test_it_comes_back_after_a_kill_with_the_same_users(broker: EmbeddedBroker) -> None:
    secret = broker.let_in("b1")
    broker.box("b1", secret).close()
    broker.process.kill()
    broker.start()
    broker.box("b1", secret).close()


def test_no_secret_is_printed(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b1", secret) as box:
        box.say(event("b1"), b"payload-of-an-event")
        central.wait_for(b"payload-of-an-event")
    Talker(broker.port, "b1", "guessed-password").close()
    printed = broker.process.out + broker.process.err
    for private in (secret, broker.files.secret, "guessed-password", "payload-of-an-event"):
        assert private not in printed


def _silent_client(
    broker: EmbeddedBroker, start_process: Processes, box: str, keepalive_s: int, will_topic: str
) -> Process:
    secret = broker.let_in(box)
    broker.box(box, secret).close()
    words: list[str] = [str(broker.port), box, secret, str(keepalive_s), will_topic, topics.down_all("s1", box)]
    client = start_process(sys.executable, "-c", SILENT_CLIENT, *words)
    client.wait_for("READY")
    return client

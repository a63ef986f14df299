"""Frozen readers, oversize payloads, rubbish, signals and kills harm nobody else."""

import os
import signal
import socket
from pathlib import Path

import psutil
import pytest

from central.gateway.broker.limits import INFLIGHT_MAX, PACKET_BYTES_MAX, QUEUED_BYTES_MAX
from central.gateway.broker.lock import holder
from protocol import topics
from tests.support.embedded_broker import GRIDWARDEN, EmbeddedBroker, ack, event, silent_client
from tests.support.mqtt_talker import Talker
from tests.support.ports import LOOPBACK
from tests.support.processes import ENGLISH, Processes


def memory_bytes(broker: EmbeddedBroker) -> int:
    held = holder(broker.folder)
    assert held is not None
    assert not held.is_ours
    return int(psutil.Process(held.pid).memory_info().rss)


def test_a_frozen_reader_costs_bounded_memory_and_harms_nobody(
    broker: EmbeddedBroker, central: Talker, start_process: Processes
) -> None:
    frozen = silent_client(broker, start_process, "b1", 600, event("b1"))
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
    second = start_process(*GRIDWARDEN, "broker", "--config", broker.config, env=ENGLISH)
    assert second.wait() == 2
    assert "runs already" in second.err
    other = tmp_path / "other.yaml"
    other.write_text(f"data_dir: elsewhere\nbroker: {{port: {broker.port}}}\n")
    third = start_process(*GRIDWARDEN, "broker", "--config", other, env=ENGLISH)
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

"""From a box's PUBLISH to central's tables and back, over a real broker."""

import json
import os
import secrets
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import SHUT_RDWR

import pytest
from pydantic import SecretStr

from central.app import build_services, machine_clock
from central.core.values import Actor, ActorKind, Delivery, ReceptionReport, Role
from central.gateway.broker.limits import INFLIGHT_MAX
from central.gateway.inbox import Inbox
from central.gateway.mqtt_client import Endpoint, MqttClient
from central.gateway.publisher import Origin, Publisher, WatermarkSender
from central.gateway.subscriber import Subscriber
from central.services.reception import Reception
from central.settings import CentralSettings, load_settings
from central.stores.open_stores import open_stores
from central.stores.ports import StoreUnavailable
from protocol import topics
from protocol.codec import decode, encode
from protocol.messages import (
    Birth,
    BirthMessage,
    BoxState,
    BoxStateReport,
    CameraDescription,
    CameraMessage,
    CameraReason,
    CameraState,
    CameraTransition,
    CentralMessage,
    StateMessage,
    Watermark,
    WatermarkMessage,
)
from protocol.topics import Down, Up
from tests.support.central import GRIDWARDEN, Central
from tests.support.mosquitto import StartMosquitto
from tests.support.mqtt_talker import Talker
from tests.support.need import find_program
from tests.support.notice_receiver import NoticeReceiver
from tests.support.ports import LOOPBACK
from tests.support.processes import Processes
from tests.support.samples import EPOCH, SHA, envelope, scene_message
from tests.support.until import until

KINDS = ["mosquitto", "amqtt"] if find_program("mosquitto") else ["amqtt"]
EVENT = topics.up("s1", "b1", Up.EVENT)


def event(seq: int) -> bytes:
    return encode(scene_message(seq, started_at=datetime.now(UTC) - timedelta(seconds=seq)))


def birth() -> bytes:
    data = Birth(
        version="1",
        config_sha256=SHA,
        next_seq=1,
        disk_free_bytes=1,
        cameras=(CameraDescription(camera="cam-1", name="大门", place="人民路12号"),),
    )
    attributes = envelope(BirthMessage, time=datetime.now(UTC), id="birth-1")
    return encode(BirthMessage(**attributes, data=data))  # type: ignore[arg-type]


def offline(seq: int) -> bytes:
    now = datetime.now(UTC)
    data = CameraTransition(
        camera="cam-1",
        state=CameraState.OFFLINE,
        reason=CameraReason.REFUSED,
        since=now,
        previous=CameraState.ONLINE,
    )
    attributes = envelope(CameraMessage, time=now, id=f"camera-{seq}", epoch=EPOCH, seq=seq)
    return encode(CameraMessage(**attributes, data=data))  # type: ignore[arg-type]


def watermarks(box: Talker) -> list[Watermark]:
    messages = [decode(message.payload) for message in list(box.inbox) if message.topic.endswith("/ack")]
    return [message.data for message in messages if isinstance(message, WatermarkMessage)]


def await_watermark(box: Talker, upto: int) -> Watermark:
    return until(
        lambda: next((mark for mark in watermarks(box) if mark.upto == upto), None),
        within_s=15,
        what=lambda: f"watermark {upto} among {watermarks(box)[-3:]}",
    )


@pytest.fixture(params=KINDS)
def central(request: pytest.FixtureRequest, tmp_path: Path, start_process: Processes) -> Iterator[Central]:
    place = Central(tmp_path, start_process, request.param)
    place.start()
    place.await_broker()
    yield place
    assert "a defect" not in place.process.err, place.process.report()


@pytest.fixture
def box(central: Central) -> Iterator[Talker]:
    with central.talker("b1", central.join("b1")) as talker:
        talker.subscribe(topics.down_all("s1", "b1"))
        talker.subscribe(topics.central_state("s1"))
        yield talker


def test_events_become_rows_and_the_watermark_comes_back(central: Central, box: Talker) -> None:
    for seq in range(1, 301):
        box.client.publish(EVENT, event(seq), 1)
    await_watermark(box, 300)
    assert central.rows("SELECT COUNT(*), MIN(seq), MAX(seq) FROM events") == [(300, 1, 300)]
    assert len(watermarks(box)) < 100
    box.say(EVENT, event(302))
    ahead = until(lambda: next((mark for mark in watermarks(box) if mark.missing), None), what="a missing range")
    assert [(one.first, one.last) for one in ahead.missing] == [(301, 301)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_committed_is_not_acknowledged_and_comes_again(
    tmp_path: Path, start_process: Processes, kind: str
) -> None:
    place = Central(tmp_path, start_process, kind)
    broker = start_process(*GRIDWARDEN, "broker", "--config", place.config, name="broker")
    place.start()
    assert place.await_broker() == broker.pid
    with place.talker("b1", place.join("b1")) as box:
        box.subscribe(topics.down_all("s1", "b1"))
        with closing(sqlite3.connect(place.database, isolation_level=None)) as blocker:
            blocker.execute("BEGIN IMMEDIATE")
            for seq in range(1, 21):
                box.say(EVENT, event(seq))
            until(lambda: "takes nothing" in place.process.err, within_s=20, what=place.process.report)
            place.process.kill()
            blocker.execute("ROLLBACK")
        assert place.rows("SELECT COUNT(*) FROM events") == [(0,)]
        place.start()
        await_watermark(box, 20)
        assert place.rows("SELECT COUNT(*) FROM events") == [(20,)]


def test_poison_is_kept_and_blocks_nothing(central: Central, box: Talker) -> None:
    good = scene_message(1, started_at=datetime.now(UTC))
    foreign = good.model_copy(update={"source": "gw/s1/b2", "seq": 2})
    raw = json.loads(encode(good))
    poison = {
        "malformed": b'{"epoch": "%s", "seq": 3, "type": "gw.event.scene"}' % EPOCH.encode(),
        "foreign_source": encode(foreign),
        "unsupported_version": json.dumps(raw | {"seq": 4, "dataschema": "urn:gridwarden:scene:9.0"}).encode(),
        "future_dated": json.dumps(raw | {"seq": 5, "id": "later", "time": "2999-01-01T00:00:00Z"}).encode(),
    }
    box.say(EVENT, b"\x00\xff")
    for payload in poison.values():
        box.say(EVENT, payload)
    box.say(topics.ROOT + "/s1/b1/up/nothing", b"{}")
    box.say(EVENT, encode(good))
    await_watermark(box, 5)
    reasons = {reason for (reason,) in central.rows("SELECT reason FROM dead_letters")}
    assert reasons == {*poison, "unknown_topic"}
    assert central.rows("SELECT seq FROM events") == [(1,)]


def test_no_box_speaks_for_another(central: Central, box: Talker) -> None:
    central.join("b2")
    box.say(topics.up("s1", "b2", Up.EVENT), event(1))
    box.say(EVENT, event(1))
    await_watermark(box, 1)
    assert central.rows("SELECT DISTINCT box FROM events") == [("b1",)]
    assert central.rows("SELECT COUNT(*) FROM dead_letters") == [(0,)]


def test_central_comes_back_when_the_broker_does(central: Central) -> None:
    secret = central.join("b1")
    os.kill(central.await_broker(), signal.SIGKILL)
    until(lambda: (central.health() or {}).get("broker") != "ok", what="central noticing")
    central.await_broker()
    with central.talker("b1", secret) as box:
        box.subscribe(topics.down_all("s1", "b1"))
        box.say(EVENT, event(1))
        await_watermark(box, 1)


def test_boxes_learn_whether_central_is_there(central: Central, box: Talker) -> None:
    def said() -> list[bool]:
        messages = [decode(message.payload) for message in list(box.inbox) if message.topic.endswith("central/state")]
        return [message.data.online for message in messages if isinstance(message, CentralMessage)]

    until(lambda: said() == [True], what=lambda: f"central online, not {said()}")
    central.process.signal(signal.SIGTERM)
    assert central.process.wait(30) == 0
    until(lambda: said()[-1:] == [False], what=lambda: f"central offline, not {said()}")


def test_a_planned_restart_raises_no_alert_and_a_lost_box_does(central: Central) -> None:
    def alerts() -> list[tuple[str, ...]]:
        return central.rows("SELECT kind, reason, state FROM alerts")

    def heard() -> bool:
        return central.rows("SELECT state FROM boxes WHERE id = 'b1'") == [("online",)]

    secret = central.join("b1")
    lost = StateMessage(**envelope(StateMessage), data=BoxStateReport(state=BoxState.LOST))  # type: ignore[arg-type]
    will = (topics.up("s1", "b1", Up.STATE), encode(lost))
    with central.talker("b1", secret, will=will) as before:
        before.say(topics.up("s1", "b1", Up.BIRTH), birth())
        until(heard, what="a box that is online")
        central.process.signal(signal.SIGTERM)
        assert central.process.wait(30) == 0
    central.start()
    central.await_broker()
    with central.talker("b1", secret, will=will) as after:
        after.subscribe(topics.down_all("s1", "b1"))
        after.say(topics.up("s1", "b1", Up.BIRTH), birth())
        after.say(EVENT, event(1))
        await_watermark(after, 1)
        assert alerts() == []
        socket = after.client.socket()
        assert socket is not None
        socket.shutdown(SHUT_RDWR)
        until(lambda: alerts() == [("box_offline", "lost", "open")], what=lambda: f"an alert, not {alerts()}")


def test_a_dark_camera_is_told_although_the_channel_fails_at_first(tmp_path: Path, start_process: Processes) -> None:
    with NoticeReceiver(refuse=4) as receiver:
        place = Central(tmp_path, start_process, more=f"notify_url: {receiver.url}\n")
        place.start()
        place.await_broker()
        with place.talker("b1", place.join("b1")) as box:
            state = StateMessage(**envelope(StateMessage, id="s1"), data=BoxStateReport(state=BoxState.ONLINE))  # type: ignore[arg-type]
            box.say(topics.up("s1", "b1", Up.STATE), encode(state), retain=True)
            box.say(topics.up("s1", "b1", Up.BIRTH), birth())
            box.say(EVENT, offline(1))
            until(lambda: receiver.notices, within_s=40, what=place.process.report)
        notice = receiver.notices[0]
        assert "人民路12号" in notice["title"] + notice["message"]
        assert receiver.tries == 5
        until(lambda: place.rows("SELECT state FROM notices") == [("delivered",)], what="the notice noted as delivered")
        assert len(receiver.notices) == 1
        printed = place.process.err + place.process.out
    assert "s3cret-word" not in printed
    assert b"s3cret-word" not in place.database.read_bytes()


def test_a_full_disk_stops_the_flow_and_loses_nothing(tmp_path: Path, start_mosquitto: StartMosquitto) -> None:
    mosquitto = start_mosquitto(
        f"allow_anonymous true\nmax_queued_messages 100000\nmax_inflight_messages {INFLIGHT_MAX}\n"
    )
    (tmp_path / "central.yaml").write_text("{}\n")
    settings = load_settings(tmp_path / "central.yaml")
    total = 1500
    with Talker(mosquitto.port, "b1") as box:
        box.subscribe(topics.down("s1", "b1", Down.ACK))
        stored = _run_ingest(settings, mosquitto.port, 400, lambda: _publish(box, total))
        assert 0 < stored < total
        assert _run_ingest(settings, mosquitto.port, None, lambda: await_watermark(box, total)) == total


def _publish(box: Talker, total: int) -> None:
    for seq in range(1, total + 1):
        box.client.publish(EVENT, event(seq), 1)


def _run_ingest(settings: CentralSettings, port: int, pages_max: int | None, story: Callable[[], object]) -> int:
    """Run the real ingest in this process over a database of at most `pages_max` pages; events stored at the end.

    With a limit it runs until the database takes nothing more, else until the story has come to its end.
    """
    clock = machine_clock()
    stores = open_stores(database_url=settings.database, evidence_dir=settings.evidence_dir, sqlite_pages_max=pages_max)
    services = build_services(settings, stores, lambda: True)
    operator = Actor(ActorKind.PERSON, "tester", Role.TECHNICIAN)
    services.fleet.add_box("s1", "b1", operator, clock.now(), secrets.token_bytes)
    inbox = Inbox()
    client = MqttClient(Endpoint(LOOPBACK, port, "central", SecretStr("")), inbox, clock.now)
    watermarks = WatermarkSender(Publisher(client, Origin(clock, secrets.token_bytes, "test")))
    reception = Balking(services.reception)
    subscriber = Subscriber(reception, client, inbox, watermarks, clock, draw=lambda: 0.5)  # type: ignore[arg-type]
    thread = threading.Thread(target=subscriber.run)
    client.start(None)
    thread.start()
    try:
        until(lambda: client.connected, what="central connected")
        story()
        if pages_max is not None:
            until(lambda: reception.refusals >= 2, within_s=60, what="a full disk")
    finally:
        subscriber.stop()
        client.stop(())
        thread.join(20)
        stores.close()
    assert not thread.is_alive()
    with closing(sqlite3.connect(settings.data_dir / "central.db")) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM events").fetchone()[0])


class Balking:
    """The real reception, counting how often the database took nothing."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self.refusals = 0

    def connected(self, connection: int, mono_s: float) -> None:
        self._reception.connected(connection, mono_s)

    def receive(self, deliveries: Sequence[Delivery], now: datetime, mono_s: float) -> ReceptionReport:
        try:
            return self._reception.receive(deliveries, now, mono_s)
        except StoreUnavailable:
            self.refusals += 1
            raise

"""Central's ingest against a bare consumer: `python bench/ingest.py [--events N] [--rounds N]`.

Both read the same events from the same Mosquitto (central's own configuration) in the same run, while another process
publishes them for four boxes as fast as it can. The bare one is paho with manual acknowledgement and does nothing else.
Central validates, decides and writes event, case and history in one transaction and acknowledges after its commit; one
event in ten opens a case, the others merge. Best of the rounds for both, by the clock and by the CPU of this process,
which a busy machine disturbs less.
Central must reach 0.15 of the bare consumer, and 1,000 events/s.
"""

import argparse
import itertools
import json
import os
import random
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import SecretStr

from central.app import machine_clock, open_console
from central.core.values import ReceptionReport
from central.gateway.broker.keeper import CredentialFiles
from central.gateway.inbox import Inbox, Incoming
from central.gateway.mqtt_client import CLIENT_ID, Endpoint, MqttClient
from central.gateway.publisher import Origin, Publisher, WatermarkSender
from central.gateway.subscriber import Subscriber
from central.settings import CentralSettings, load_settings
from protocol import topics
from protocol.codec import encode
from protocol.identifiers import episode_id, scene_event_id
from protocol.joining import JoinRequest
from protocol.messages import SceneMessage
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Process, Processes, processes_in
from tests.support.samples import scene_message
from tests.support.until import until

RATIO_MIN = 0.15
RATE_MIN = 1000.0
BOXES = 4
CAMERAS = 10
WAIT_S = 300.0
BOXES_VARIABLE = "BENCH_BOXES"
"""Environment of the publishing process: box to secret, as JSON."""


def events(box: str, count: int, start: datetime, draw: random.Random) -> Iterator[SceneMessage]:
    """One in ten at a new spot, the others at one that was seen before."""
    spots: list[tuple[str, str]] = []
    epoch = secrets.token_hex(8)
    for seq in range(1, count + 1):
        if seq % 10 == 1:
            spots.append((f"cam-{len(spots) % CAMERAS + 1}", f"z{len(spots) // CAMERAS + 1}"))
        camera, zone = spots[-1] if seq % 10 == 1 else draw.choice(spots)
        started_at = start + timedelta(milliseconds=seq * 10)
        sample = scene_message(seq, epoch=epoch, camera=camera, started_at=started_at)
        episode = episode_id(box, camera, zone, "stay", started_at)
        data = sample.data.model_copy(update={"zone": zone, "episode": episode})
        named = {"id": scene_event_id(episode, 0), "source": f"gw/s1/{box}", "time": started_at, "subject": camera}
        yield sample.model_copy(update={**named, "data": data})


class Place:
    """A broker with boxes that may talk, and central's services over an empty database."""

    def __init__(self, folder: Path, start_process: Processes) -> None:
        self.settings = _settings(folder)
        self.port = self.settings.broker.port
        words = ("-m", "provisioning.main", "central", "broker", "--config", folder / "central.yaml")
        start_process(sys.executable, *words, name="broker")
        until(lambda: accepts(self.port), what="the broker")
        self._start_process = start_process
        self._runs = itertools.count()
        self.files = CredentialFiles(self.settings.broker_dir, secrets.token_bytes(32))

    def join(self, names: list[str]) -> dict[str, str]:
        """Secrets of new boxes, by their names."""
        found = {}
        with open_console(self.settings) as console:
            for name in names:
                code = console.services.fleet.add_box("s1", name, console.operator, console.clock.now(), console.random)
                grant = console.services.fleet.join(
                    JoinRequest(code=code), LOOPBACK, console.clock.now(), console.random
                )
                found[name] = grant.connection.secret.get_secret_value()
            self.files.update(console.services.access.credentials())
        return found

    def publish(self, secrets_by_box: dict[str, str], each: int, seed: int) -> Process:
        """Start a process that publishes at once all events it has prepared."""
        boxes = json.dumps(secrets_by_box)
        words = (sys.executable, __file__, "--publish", str(self.port), str(each), str(seed))
        publisher = self._start_process(
            *words, env={BOXES_VARIABLE: boxes}, name=f"publisher-{seed}-{next(self._runs)}"
        )
        publisher.wait_for("GO", WAIT_S)
        return publisher

    def client(self, ready: threading.Event, on_message: Callable[..., None]) -> mqtt.Client:
        """A bare client in central's place."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, CLIENT_ID, clean_session=False, manual_ack=True)
        client.username_pw_set("central", self.files.secret)
        client.on_message = on_message
        client.on_connect = lambda *_: client.subscribe(topics.up_all(), 1)
        client.on_subscribe = lambda *_: ready.set()
        client.connect(LOOPBACK, self.port)
        client.loop_start()
        return client

    def bare_rate(self, total: int, begin: Callable[[], object]) -> tuple[float, float]:
        """Events a second that a bare consumer takes, and microseconds of CPU for one."""
        ready, done = threading.Event(), threading.Event()
        cpu_s = time.process_time()
        times: list[float] = []

        def on_message(client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
            client.ack(message.mid, message.qos)
            times.append(time.perf_counter())
            if len(times) == total:
                done.set()

        client = self.client(ready, on_message)
        assert ready.wait(10)
        begin()
        assert done.wait(WAIT_S), len(times)
        client.disconnect()
        client.loop_stop()
        return (total - 1) / (times[-1] - times[0]), 1e6 * (time.process_time() - cpu_s) / total

    def central_rate(self, total: int, begin: Callable[[], object]) -> tuple[float, float, ReceptionReport]:
        """Events a second that central commits and acknowledges, microseconds of CPU for one, what became of them."""
        with open_console(self.settings) as console:
            inbox = CountingInbox()
            endpoint = Endpoint(LOOPBACK, self.port, "central", SecretStr(self.files.secret))
            client = MqttClient(endpoint, inbox, console.clock.now)
            watermarks = WatermarkSender(Publisher(client, Origin(console.clock, console.random, "bench")))
            reception = CountingReception(console.services.reception)
            subscriber = Subscriber(
                reception,  # type: ignore[arg-type]
                client,
                inbox,
                watermarks,
                console.clock,
                draw=random.random,
            )
            client.start(None)
            until(lambda: client.connected, within_s=WAIT_S, what="a connection")
            cpu_s = time.process_time()
            begin()
            while reception.committed < total:
                subscriber.step()
            seconds = time.perf_counter() - (inbox.first_at or 0.0)
            cpu_us = 1e6 * (time.process_time() - cpu_s) / total
            client.stop(())
            return total / seconds, cpu_us, reception.total()


class CountingInbox(Inbox):
    """Notes when the first message came."""

    first_at: float | None = None

    def put(self, incoming: Incoming) -> None:
        """Note and keep."""
        if self.first_at is None:
            self.first_at = time.perf_counter()
        super().put(incoming)


class CountingReception:
    """The real reception, and sums of its reports."""

    def __init__(self, reception: object) -> None:
        self._receive: Callable[..., ReceptionReport] = reception.receive  # type: ignore[attr-defined]
        self._reports: list[ReceptionReport] = []
        self.committed = 0

    def receive(self, deliveries: list[object], now: datetime, mono_s: float) -> ReceptionReport:
        """Pass on and count."""
        report = self._receive(deliveries, now, mono_s)
        self._reports.append(report)
        self.committed += report.committed
        return report

    def total(self) -> ReceptionReport:
        """All reports as one."""
        return ReceptionReport(
            sum(report.committed for report in self._reports),
            sum(report.duplicates for report in self._reports),
            sum(report.dead for report in self._reports),
        )


def _settings(folder: Path) -> CentralSettings:
    config = folder / "central.yaml"
    config.write_text(f"data_dir: data\nbroker: {{port: {free_port()}, kind: mosquitto}}\n")
    return load_settings(config)


def publish(port: int, each: int, seed: int) -> None:
    """Body of the publishing process: prepare, say GO, publish everything."""
    now = machine_clock().now()
    clients = []
    for number, (box, secret) in enumerate(json.loads(os.environ[BOXES_VARIABLE]).items()):
        payloads = [encode(message) for message in events(box, each, now, random.Random(seed * 100 + number))]  # noqa: S311
        client = mqtt.Client(CallbackAPIVersion.VERSION2, box)
        client.username_pw_set(box, secret)
        client.max_inflight_messages_set(100)
        client.connect(LOOPBACK, port)
        client.loop_start()
        clients.append((client, topics.up("s1", box, topics.Up.EVENT), payloads))
    print("GO", flush=True)
    sent = [client.publish(topic, payload, 1) for client, topic, payloads in clients for payload in payloads]
    for message in sent:
        message.wait_for_publish(WAIT_S)
    for client, _, _ in clients:
        client.disconnect()
        client.loop_stop()


def main() -> int:
    """Print one JSON line; 1 when central is too slow or stored something else than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--publish", type=int, nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.publish:
        publish(*options.publish)
        return 0
    each = options.events // BOXES
    total = each * BOXES
    bare, ours, bare_cpu_us, ours_cpu_us = [], [], [], []
    with tempfile.TemporaryDirectory() as folder, processes_in(Path(folder) / "processes") as start_process:
        place = Place(Path(folder), start_process)
        boxes = place.join([f"b{number + 1}" for number in range(BOXES)])
        for number in range(options.rounds):
            rate, cpu_us = place.bare_rate(total, partial(place.publish, boxes, each, number))
            bare.append(rate)
            bare_cpu_us.append(cpu_us)
            rate, cpu_us, report = place.central_rate(total, partial(place.publish, boxes, each, number))
            ours.append(rate)
            ours_cpu_us.append(cpu_us)
            if (report.committed, report.dead) != (total, 0):
                print(f"not each event was stored once: {report}", file=sys.stderr)
                return 1
    ratio = max(ours) / max(bare)
    result = {
        "events": total,
        "bare_per_s": round(max(bare)),
        "central_per_s": round(max(ours)),
        "ratio": round(ratio, 3),
        "ratio_min": RATIO_MIN,
        "all_bare_per_s": [round(rate) for rate in bare],
        "all_central_per_s": [round(rate) for rate in ours],
        "bare_cpu_us": round(min(bare_cpu_us)),
        "central_cpu_us": round(min(ours_cpu_us)),
        "load": os.getloadavg()[0],
    }
    print(json.dumps(result))
    return int(ratio < RATIO_MIN or max(ours) < RATE_MIN)


if __name__ == "__main__":
    sys.exit(main())

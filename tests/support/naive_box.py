"""The usual design, as a control: an outbox on disk whose rows are deleted at the broker's PUBACK.

Everything else is as in the product: the same file, the same events, the same broker and credentials.
`python -m tests.support.naive_box --config edge.yaml --events 2000 --per-s 50 --seed 1`
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.core.clock import Clock
from edge_agent.link.connection import read_connection
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.outbox import Outbox
from edge_agent.link.recorder import Recorder
from edge_agent.link.store import EdgeStore
from edge_agent.settings import load_config
from protocol import topics
from protocol.topics import Up
from tests.support.scripted_cameras import ScriptedCameras

IN_FLIGHT_MAX = 20


class NaiveSender:
    """Publishes the oldest rows at QoS 1 and deletes each one when the broker has acknowledged it.

    Only `step` touches anything: paho's callbacks put into a queue, since a lock taken in them dead-locks `publish`.
    """

    def __init__(self, client: mqtt.Client, store: EdgeStore, outbox: Outbox, topic: str) -> None:
        self._client, self._store, self._outbox, self._topic = client, store, outbox, topic
        self._flight: dict[int, int] = {}
        self._told: SimpleQueue[int | None] = SimpleQueue()
        client.on_publish = lambda _client, _data, mid, _reason, _more: self._told.put(mid)
        client.on_disconnect = lambda *_: self._told.put(None)

    def step(self) -> None:
        """Delete what was acknowledged, then send what fits into the window."""
        while not self._told.empty():
            mid = self._told.get()
            if mid is None:
                self._flight.clear()
            elif mid in self._flight:
                with self._store.transaction() as connection:
                    connection.execute("DELETE FROM outbox WHERE seq = ?", (self._flight.pop(mid),))
        if self._client.is_connected():
            after = max(self._flight.values(), default=0)
            for row in self._outbox.rows(after, 2**31, IN_FLIGHT_MAX - len(self._flight)):
                self._flight[self._client.publish(self._topic, row.payload, qos=1).mid] = row.seq


def main() -> int:
    """Run until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--per-s", type=float, default=50.0)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    loaded = load_config(wanted.config)
    config = loaded.config
    connection = read_connection(loaded.resolve(config.connection), config)
    store = EdgeStore(loaded.resolve(config.data_dir), os.urandom(8).hex())
    clock = Clock(partial(datetime.now, UTC), time.monotonic)
    envelopes = Envelopes(config.site, config.box, store.boot, clock, clock.mono_s(), os.urandom)
    outbox = Outbox(store, envelopes)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=config.box)
    client.username_pw_set(connection.box, connection.secret.get_secret_value())
    client.reconnect_delay_set(1, 1)
    client.connect_async(connection.mqtt_host, connection.mqtt_port)
    client.loop_start()
    sender = NaiveSender(client, store, outbox, topics.up(config.site, config.box, Up.EVENT))
    recorder = Recorder(store, outbox, envelopes, config.outbox, lambda: None)
    script = ScriptedCameras(
        config.box, count=wanted.events, per_s=wanted.per_s, seed=wanted.seed, camera=config.cameras[0].id
    )
    stop = threading.Event()
    threading.Thread(target=_repeat, args=(sender.step, stop), daemon=True).start()
    script.run(recorder, None, stop)  # type: ignore[arg-type]
    return 0


def _repeat(action: Callable[[], None], stop: threading.Event) -> None:
    while not stop.wait(0.02):
        action()


if __name__ == "__main__":
    sys.exit(main())

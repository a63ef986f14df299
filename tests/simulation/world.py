"""A seeded world on a virtual clock: real outboxes, real reception and database, a network that misbehaves.

Boxes write and send as in the street; the broker between them and central drops, doubles, delays and reorders; boxes,
lines and central die. Nothing waits: an hour takes seconds.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from central.core.access import JoinPolicy
from central.core.cases.intake import IntakePolicy
from central.core.values import Actor, ActorKind, Delivery, Role
from central.services.desks.liveness import Liveness
from central.services.fleet import Fleet
from central.services.reception import BATCH_MAX, Reception
from central.stores.backup.make import Source, make_backup
from central.stores.backup.restore import restore_backup
from central.stores.open_stores import open_database_copy, open_stores
from edge_agent.core.clock import Clock
from edge_agent.core.outbox_policy import CentralPresence, central_spoke
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.outbox import Outbox, Row
from edge_agent.link.recorder import Recorder
from edge_agent.link.sender import Sender
from edge_agent.link.store import EdgeStore
from protocol import topics
from protocol.configuration import OutboxConfig
from protocol.identifiers import episode_id
from protocol.messages import EndReason, SceneEvent, ScenePhase, Watermark
from protocol.topics import Up

BEGIN = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
SITE = "s1"
STEP_S = 0.25
WATERMARKS_EVERY_S = 10.0
STATE_EVERY_S = 15.0
OPERATOR = Actor(ActorKind.PERSON, "simulation", Role.TECHNICIAN)


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad things are: shares of messages, and mean seconds between deaths."""

    drop: float = 0.05
    double: float = 0.05
    delay_s: float = 0.5
    box_dies_every_s: float = 120.0
    line_drops_every_s: float = 60.0
    central_dies_every_s: float = 90.0
    broker_dies_every_s: float = 150.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is simulated; `events_per_s` episodes begin on each box."""

    seed: int
    boxes: int = 3
    events_per_s: float = 0.4
    weather: Weather = Weather()
    bytes_max: int = 512_000_000


CALM = Weather(0.0, 0.0, 0.01, 1e9, 1e9, 1e9, 1e9)


@dataclass(slots=True)
class SimulatedBox:
    """One box: its disk survives, the rest does not."""

    name: str
    folder: Path
    limits: OutboxConfig
    store: EdgeStore | None = None
    outbox: Outbox | None = None
    recorder: Recorder | None = None
    sender: Sender | None = None
    presence: CentralPresence = field(default_factory=CentralPresence)
    written: set[str] = field(default_factory=set)


class World:
    """Everything at once; `run_for` and `settle` move the clock."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self.draw = random.Random(scenario.seed)
        self.weather = scenario.weather
        self.events_per_s = scenario.events_per_s
        self.mono_s = 0.0
        self._order = itertools.count()
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._queue: list[Delivery] = []
        self._central_alive = True
        self.counts = dict.fromkeys(
            ("dropped", "doubled", "box deaths", "line drops", "central deaths", "broker deaths"), 0
        )
        self._folder = folder
        self._open_central()
        limits = OutboxConfig(bytes_max=scenario.bytes_max)
        self.boxes = [
            SimulatedBox(f"b{number + 1}", folder / f"b{number + 1}", limits) for number in range(scenario.boxes)
        ]
        self._register_boxes()
        for box in self.boxes:
            self._boot(box)
        self._every(STEP_S, self._step)
        self._every(WATERMARKS_EVERY_S, self._send_all_watermarks)
        self._every(STATE_EVERY_S, self._say_online)
        self._plan_disasters()

    def now(self) -> datetime:
        """Virtual wall time."""
        return BEGIN + timedelta(seconds=self.mono_s)

    def run_for(self, seconds: float) -> None:
        """Let the world turn."""
        end_s = self.mono_s + seconds
        while self._agenda and self._agenda[0][0] <= end_s:
            self.mono_s, _, action = heapq.heappop(self._agenda)
            action()
        self.mono_s = end_s

    def run_without_central(self, seconds: float) -> None:
        """Let the world turn while central is away."""
        self._central_alive = False
        self.run_for(seconds)
        self._central_alive = True

    def lose_central_database(self) -> None:
        """Begin central anew on an empty disk, with the same boxes registered."""
        self.stores.close()
        for path in self._folder.glob("central.db*"):
            path.unlink()
        self._queue.clear()
        self._open_central()
        self._register_boxes()

    def back_up_central(self) -> Path:
        """Back up central while everything goes on; where the backup is."""
        source = Source(open_database_copy(self._database), self._folder / "evidence", "simulated")
        make_backup(source, self._folder / "backup", self.now(), lambda *_: None)
        return self._folder / "backup"

    def restore_central(self, backup: Path) -> None:
        """Begin central anew on an empty disk with what a backup holds."""
        self.stores.close()
        for path in self._folder.glob("central.db*"):
            path.unlink()
        self._queue.clear()
        restore_backup(backup, open_database_copy(self._database), self._folder / "evidence", lambda *_: None)
        self._open_central()

    def settle(self, within_s: float) -> bool:
        """No new reports and calm weather until every outbox is empty; False when that takes longer."""
        self.weather, self.events_per_s = CALM, 0.0
        end_s = self.mono_s + within_s
        while self.mono_s < end_s:
            self.run_for(5.0)
            if all(box.outbox is not None and not box.outbox.rows(0, 2**31, 1) for box in self.boxes):
                return True
        return False

    def close(self) -> None:
        """Put the disks away."""
        for box in self.boxes:
            if box.store:
                box.store.close()
        self.stores.close()

    @property
    def _database(self) -> str:
        return f"sqlite:///{self._folder / 'central.db'}"

    def _open_central(self) -> None:
        self.stores = open_stores(database_url=self._database, evidence_dir=self._folder / "evidence")
        policy = JoinPolicy(central_url="http://127.0.0.1", mqtt_host="127.0.0.1", mqtt_port=1883)
        self._fleet = Fleet(self.stores, policy)
        self._reception = Reception(self.stores, IntakePolicy(), Liveness())

    def _register_boxes(self) -> None:
        for box in self.boxes:
            self._fleet.add_box(SITE, box.name, OPERATOR, self.now(), self.draw.randbytes)

    # what boxes do

    def _boot(self, box: SimulatedBox) -> None:
        box.store = EdgeStore(box.folder, self.draw.randbytes(8).hex())
        clock = Clock(self.now, lambda: self.mono_s)
        envelopes = Envelopes(SITE, box.name, box.store.boot, clock, self.mono_s, self.draw.randbytes)
        box.outbox = Outbox(box.store, envelopes)
        box.recorder = Recorder(box.store, box.outbox, envelopes, box.limits, lambda: None)
        box.recorder.interrupt_episodes()
        self._connect(box)

    def _connect(self, box: SimulatedBox) -> None:
        if box.outbox is not None:
            outbox = box.outbox
            box.sender = Sender(outbox, lambda row: self._send_up(box, row), box.presence, self.mono_s)

    def _report(self, box: SimulatedBox) -> None:
        if box.recorder is None or box.outbox is None:
            return
        started = self.now() - timedelta(seconds=5)
        zone = f"z{self.draw.randrange(3)}"
        episode = episode_id(box.name, "cam-1", zone, "stay", started)
        raised = SceneEvent(
            camera="cam-1", zone=zone, scene="stay", episode=episode, update=0, phase=ScenePhase.RAISED,
            started_at=started, raised_at=self.now(), last_seen_at=self.now(), dwell_s=5.0, label="stall",
            box=(0.1, 0.1, 0.2, 0.2),
        )  # fmt: skip
        box.recorder.scene(raised)
        ended = raised.model_copy(
            update={"update": 1, "phase": ScenePhase.ENDED, "ended_at": self.now(), "end_reason": EndReason.LEFT}
        )
        self._in(self.draw.uniform(1, 30), lambda: self._end(box, ended))

    def _end(self, box: SimulatedBox, ended: SceneEvent) -> None:
        if box.recorder is not None and not box.recorder.knows(f"{ended.episode}.1"):
            box.recorder.scene(ended)

    def _step(self) -> None:
        for box in self.boxes:
            if self.draw.random() < self.events_per_s * STEP_S:
                self._report(box)
            if box.sender is not None:
                box.sender.step(self.mono_s, self.draw.random())
        if self._central_alive:
            self._receive()

    # what the network and central do

    def _send_up(self, box: SimulatedBox, row: Row) -> None:
        topic = topics.up(SITE, box.name, Up.EVENT)
        self._carry(lambda: self._queue.append(Delivery(topic, row.payload, self.now())))

    def _carry(self, arrive: Callable[[], None]) -> None:
        if self.draw.random() < self.weather.drop:
            self.counts["dropped"] += 1
            return
        copies = 2 if self.draw.random() < self.weather.double else 1
        self.counts["doubled"] += copies - 1
        for _ in range(copies):
            self._in(self.draw.expovariate(1 / self.weather.delay_s), arrive)

    def _receive(self) -> None:
        self.draw.shuffle(self._queue)
        batch, self._queue = self._queue[:BATCH_MAX], self._queue[BATCH_MAX:]
        if not batch:
            return
        report = self._reception.receive(batch, self.now(), self.mono_s)
        assert report.dead == 0
        for due in report.watermarks:
            self._send_down(due.box, due.watermark)

    def _send_all_watermarks(self) -> None:
        if self._central_alive:
            for due in self._fleet.watermarks(self.now()):
                self._send_down(due.box, due.watermark)

    def _send_down(self, name: str, watermark: Watermark) -> None:
        box = next(box for box in self.boxes if box.name == name)
        self._carry(lambda: box.sender.commit(watermark, self.mono_s) if box.sender is not None else None)

    def _say_online(self) -> None:
        if self._central_alive:
            for box in self.boxes:
                box.presence = central_spoke(self.mono_s)
                if box.sender is not None:
                    box.sender.central_there(box.presence)

    # disasters

    def _plan_disasters(self) -> None:
        for kind, name in (
            (self._box_dies, "box_dies_every_s"),
            (self._line_drops, "line_drops_every_s"),
            (self._central_dies, "central_dies_every_s"),
            (self._broker_dies, "broker_dies_every_s"),
        ):
            self._again(kind, name)

    def _again(self, kind: Callable[[], None], name: str) -> None:
        def strike() -> None:
            if self.weather is not CALM:
                kind()
                self._again(kind, name)

        self._in(self.draw.expovariate(1 / getattr(self.weather, name)), strike)

    def _box_dies(self) -> None:
        box = self.draw.choice(self.boxes)
        if box.store is None:
            return
        self.counts["box deaths"] += 1
        box.store.close()
        box.store = box.outbox = box.recorder = box.sender = None
        self._in(self.draw.uniform(0.5, 30), lambda: self._boot(box))

    def _line_drops(self) -> None:
        box = self.draw.choice(self.boxes)
        self.counts["line drops"] += 1
        box.sender = None
        self._in(self.draw.uniform(0.5, 40), lambda: self._connect(box))

    def _central_dies(self) -> None:
        self.counts["central deaths"] += 1
        self._central_alive = False
        if self.draw.random() < 0.5:
            self._queue.clear()
        self._in(self.draw.uniform(1, 60), self._central_lives)

    def _central_lives(self) -> None:
        self._central_alive = True

    def _broker_dies(self) -> None:
        self.counts["broker deaths"] += 1
        self._queue.clear()
        for box in self.boxes:
            box.sender = None
            self._in(self.draw.uniform(0.5, 10), lambda box=box: self._connect(box))  # type: ignore[misc]

    def _in(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (self.mono_s + seconds, next(self._order), action))

    def _every(self, seconds: float, action: Callable[[], None]) -> None:
        def again() -> None:
            action()
            self._in(seconds, again)

        self._in(seconds, again)

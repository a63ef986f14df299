"""Scene events without cameras: the same seed gives the same events, and a restarted agent goes on where it stopped."""

import hashlib
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from edge_agent.core.commands import Obey
from edge_agent.link.commands import CommandDesk
from edge_agent.link.recorder import Recorder
from edge_agent.video.evidence_folder import EvidenceFolder
from protocol.identifiers import episode_id, scene_event_id
from protocol.messages import (
    CameraStatus,
    EndReason,
    EvidenceKind,
    EvidenceRef,
    ModelDescription,
    SceneEvent,
    ScenePhase,
)

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
DWELL_S = 5.0
LABELS = ("person", "stall", "bike", "rubbish")
SCRIPT_CAMERA = "script"


class ScriptedCameras:
    """Implements `Cameras`: `count` reports, `per_s` a second, from `seed`; then waits to be stopped.

    Every second report ends the episode of the one before. Reports that the outbox has already are passed over, so a
    restarted agent continues. `pictures`: every raised report carries a small made-up JPEG from `evidence_folder`.
    """

    def __init__(  # noqa: PLR0913 - a script has that many sides
        self,
        box: str,
        *,
        count: int,
        per_s: float,
        seed: int,
        camera: str = SCRIPT_CAMERA,
        zones: int = 4,
        evidence_folder: Path | None = None,
    ) -> None:
        self._box, self._camera, self._zones = box, camera, zones
        self._count, self._per_s, self._seed = count, per_s, seed
        self._keeper = EvidenceFolder(evidence_folder) if evidence_folder else None
        self.done = Event()

    def run(self, recorder: Recorder, desk: CommandDesk, stop: Event) -> None:  # noqa: ARG002 - the port's word
        """Produce until all is told or `stop` is set."""
        started_s, told = time.monotonic(), 0
        for index in range(self._count):
            event = self.event(index)
            if recorder.knows(scene_event_id(event.episode, event.update)):
                continue
            if stop.wait(max(0.0, started_s + told / self._per_s - time.monotonic())):
                return
            recorder.scene(event)
            told += 1
        self.done.set()
        stop.wait()

    def event(self, index: int) -> SceneEvent:
        """Report number `index`: raised for even ones, the end of the one before for odd ones."""
        episode, phase = divmod(index, 2)
        chance = random.Random(self._seed * 1_000_003 + episode)
        started = BEGINNING + timedelta(seconds=episode * 60, milliseconds=chance.randrange(1000))
        zone = f"z{chance.randrange(self._zones) + 1}"
        raised = started + timedelta(seconds=DWELL_S)
        seen = raised if phase == 0 else raised + timedelta(seconds=chance.randrange(1, 50))
        return SceneEvent(
            camera=self._camera,
            zone=zone,
            scene="stay",
            episode=episode_id(self._box, self._camera, zone, "stay", started),
            update=phase,
            phase=ScenePhase.RAISED if phase == 0 else ScenePhase.ENDED,
            started_at=started,
            raised_at=raised,
            last_seen_at=seen,
            ended_at=seen if phase else None,
            end_reason=EndReason.LEFT if phase else None,
            dwell_s=(seen - started).total_seconds(),
            label=chance.choice(LABELS),
            score=round(chance.uniform(0.4, 0.99), 3),
            box=(0.1, 0.2, 0.3, 0.4),
            severity=chance.randrange(1, 6),
            evidence=self._evidence(index, raised) if phase == 0 else (),
        )

    def statuses(self) -> tuple[CameraStatus, ...]:
        """None: a script has no cameras to speak of."""
        return ()

    def models(self) -> tuple[ModelDescription, ...]:
        """None."""
        return ()

    def process_ids(self) -> tuple[int, ...]:
        """None."""
        return ()

    def obey(self, order: Obey) -> None:
        """A script takes no pictures; the command fails at its deadline."""

    def _evidence(self, index: int, at: datetime) -> tuple[EvidenceRef, ...]:
        if self._keeper is None:
            return ()
        filling = hashlib.sha256(f"{self._seed}/{index}".encode()).digest() * 64
        return (self._keeper.keep(b"\xff\xd8" + filling + b"\xff\xd9", at, EvidenceKind.RAISED),)

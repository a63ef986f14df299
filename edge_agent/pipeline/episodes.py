"""From what rules tell to reports: ids, evidence, and which episodes are open."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge_agent.core.rules import RunningRule, Sighting, SightingPhase
from edge_agent.core.values import ModelIdentity
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import HELD_WIDTH_MAX_PX, EvidenceKeeper, jpeg_of, marked
from protocol.configuration import STATIC_LABEL, CameraConfig
from protocol.identifiers import episode_id
from protocol.messages import EndReason, EvidenceKind, EvidenceRef, SceneEvent, ScenePhase

HELD_PICTURES_MAX = 48
REMEMBERED_IDS_MAX = 1024
_ONE_STEP = timedelta(milliseconds=1)

Key = tuple[bool, int, int]
"""Whether it is static foreground, number of the rule, number of the track."""


@dataclass(frozen=True, slots=True)
class HeldPicture:
    """How it looked when the visit began, kept until the visit is raised or forgotten."""

    at: datetime
    jpeg: bytes


class Episodes:
    """Open episodes of one camera."""

    def __init__(self, box: str, camera: CameraConfig, model: ModelIdentity | None, evidence: EvidenceKeeper) -> None:
        self._box, self._camera, self._model, self._evidence = box, camera, model, evidence
        self._open: dict[Key, SceneEvent] = {}
        self._held: OrderedDict[Key, HeldPicture] = OrderedDict()
        self._recent_ids: deque[str] = deque(maxlen=REMEMBERED_IDS_MAX)
        self.evidence_failures = 0

    @property
    def open_ids(self) -> tuple[str, ...]:
        """Episodes that were raised and have not ended."""
        return tuple(event.episode for event in self._open.values())

    def report(self, key: Key, rule: RunningRule, told: Sighting, frame: Frame) -> SceneEvent | None:
        """The report that a sighting makes, with its pictures; `frame` is what is seen now."""
        match told.phase:
            case SightingPhase.ENTERED:
                self._hold(key, rule, told, frame)
                return None
            case SightingPhase.RAISED:
                return self._raise(key, rule, told, frame)
            case SightingPhase.ENDED:
                return self.end(key, rule, told, frame, EndReason.LEFT)

    def end(
        self, key: Key, rule: RunningRule, told: Sighting, frame: Frame | None, reason: EndReason
    ) -> SceneEvent | None:
        """The last report of an episode; None when it was never raised."""
        raised = self._open.pop(key, None)
        if raised is None:
            return None
        pictures = () if frame is None else self._pictures([self._shot(rule, told, frame, EvidenceKind.ENDED)])
        change = {
            "update": 1,
            "phase": ScenePhase.ENDED,
            "last_seen_at": told.last_seen_at,
            "ended_at": told.last_seen_at,
            "end_reason": reason,
            "dwell_s": told.dwell_s,
            "label": told.label,
            "score": told.score,
            "box": told.box,
            "evidence": pictures,
        }
        return raised.model_copy(update=change)

    @property
    def objects_open(self) -> bool:
        """Whether an episode of the detector is open."""
        return any(not static for static, _, _ in self._open)

    def forget_held(self, *, static: bool, alive: set[Key]) -> None:
        """Drop pictures of visits that ended before they were raised."""
        for key in [key for key in self._held if key[0] is static and key not in alive]:
            del self._held[key]

    def _hold(self, key: Key, rule: RunningRule, told: Sighting, frame: Frame) -> None:
        picture = marked(frame.bgr(), self._camera.privacy_masks, rule.polygon, told.box)
        self._held[key] = HeldPicture(frame.captured_at, jpeg_of(picture, HELD_WIDTH_MAX_PX))
        while len(self._held) > HELD_PICTURES_MAX:
            self._held.popitem(last=False)

    def _raise(self, key: Key, rule: RunningRule, told: Sighting, frame: Frame) -> SceneEvent:
        started_at, episode = self._named(rule, told.started_at)
        shots = [self._shot(rule, told, frame, EvidenceKind.RAISED)]
        held = self._held.pop(key, None)
        if held is not None:
            shots.insert(0, (held.jpeg, held.at, EvidenceKind.STARTED))
        event = SceneEvent(
            camera=self._camera.id,
            zone=rule.zone,
            scene=rule.rule.scene,
            episode=episode,
            update=0,
            phase=ScenePhase.RAISED,
            started_at=started_at,
            raised_at=told.raised_at or told.last_seen_at,
            last_seen_at=told.last_seen_at,
            dwell_s=told.dwell_s,
            label=told.label,
            score=told.score,
            box=told.box,
            severity=rule.rule.severity,
            model=None if self._model is None or told.label == STATIC_LABEL else str(self._model),
            evidence=self._pictures(shots),
        )
        self._open[key] = event
        return event

    def _named(self, rule: RunningRule, started_at: datetime) -> tuple[datetime, str]:
        """Start and id of a new episode.

        Two things may come in the same picture, and an id is made of the start: the second one is said to have
        started a millisecond later, which is far less than anybody can know.
        """
        while True:
            episode = episode_id(self._box, self._camera.id, rule.zone, rule.rule.scene, started_at)
            if episode not in self._recent_ids:
                self._recent_ids.append(episode)
                return started_at, episode
            started_at += _ONE_STEP

    def _shot(
        self, rule: RunningRule, told: Sighting, frame: Frame, kind: EvidenceKind
    ) -> tuple[bytes, datetime, EvidenceKind]:
        picture = marked(frame.bgr(), self._camera.privacy_masks, rule.polygon, told.box)
        return jpeg_of(picture), frame.captured_at, kind

    def _pictures(self, shots: list[tuple[bytes, datetime, EvidenceKind]]) -> tuple[EvidenceRef, ...]:
        """References of what could be kept: a full disk costs the picture, never the report."""
        kept = []
        for jpeg, at, kind in shots:
            try:
                kept.append(self._evidence.keep(jpeg, at, kind))
            except OSError:
                self.evidence_failures += 1
        return tuple(kept)

"""From what rules tell to reports: ids, evidence, and which episodes are open."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge_agent.core.rules import Setting, Sighting, SightingPhase
from edge_agent.core.values import ModelIdentity
from edge_agent.pipeline.evidence_pictures import EvidencePictures
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import HELD_WIDTH_MAX_PX, WIDTH_MAX_PX, EvidenceKeeper
from protocol.configuration import CameraConfig
from protocol.identifiers import episode_id
from protocol.messages import Basis, EvidenceKind, EvidenceRef, SceneEvent, ScenePhase
from protocol.scenes import Scene

HELD_EPISODES_MAX = 48
REMEMBERED_IDS_MAX = 1024
_ONE_STEP = timedelta(milliseconds=1)

Key = tuple[int, int]
"""Number of the rule, key of the episode within it."""


@dataclass(frozen=True, slots=True)
class HeldPicture:
    """How it looked at a moment, kept until the episode is reported or forgotten. Also a clip, kept for no longer."""

    at: datetime
    content: bytes
    kind: EvidenceKind


def no_clip() -> bytes | None:
    """What a camera without clips gives."""
    return None


class Episodes:
    """Open episodes of one camera."""

    def __init__(
        self,
        box: str,
        camera: CameraConfig,
        model: ModelIdentity | None,
        evidence: EvidenceKeeper,
        pictures: EvidencePictures,
    ) -> None:
        self._box, self._camera, self._model, self._evidence = box, camera, model, evidence
        self._drawn = pictures
        self._open: dict[Key, SceneEvent] = {}
        self._held: OrderedDict[Key, dict[EvidenceKind, HeldPicture]] = OrderedDict()
        self._recent_ids: deque[str] = deque(maxlen=REMEMBERED_IDS_MAX)
        self.evidence_failures = 0
        self.cut_clip: Callable[[], bytes | None] = no_clip
        """Gives the last seconds as MP4; raises `OSError` where that fails."""

    @property
    def open_ids(self) -> tuple[str, ...]:
        """Episodes that were raised and have not ended."""
        return tuple(event.episode for event in self._open.values())

    def report(self, key: Key, setting: Setting, told: Sighting, frame: Frame | None) -> SceneEvent | None:
        """The report that a sighting makes, with its pictures; `frame` is what is seen now, if anybody looks."""
        match told.phase:
            case SightingPhase.ENTERED:
                self._hold(key, setting, told, frame, EvidenceKind.STARTED)
                return None
            case SightingPhase.PEAKED:
                self._hold(key, setting, told, frame, EvidenceKind.PEAK)
                return None
            case SightingPhase.RAISED:
                return self._raise(key, setting, told, frame)
            case SightingPhase.ESCALATED:
                return self._update(key, setting, told, frame)
            case SightingPhase.ENDED:
                return self._end(key, setting, told, frame)

    def with_main(self, event: SceneEvent, main: Frame) -> SceneEvent:
        """A report that was just raised, with its picture of now from the main stream if the disk takes that."""
        zone = next(one for one in self._camera.zones if one.id == event.zone)
        jpeg = self._drawn.jpeg(main, zone.polygon, event.box, Scene(event.scene))
        taken = self._pictures([HeldPicture(main.captured_at, jpeg, EvidenceKind.RAISED)])
        if not taken:
            return event
        evidence = tuple(taken[0] if one.kind is EvidenceKind.RAISED else one for one in event.evidence)
        return event.model_copy(update={"evidence": evidence})

    @property
    def open_keys(self) -> frozenset[Key]:
        """Episodes that were raised and have not ended."""
        return frozenset(self._open)

    def forget_held(self, alive: set[Key]) -> None:
        """Drop pictures of episodes that are over."""
        for key in [key for key in self._held if key not in alive]:
            del self._held[key]

    def _update(self, key: Key, setting: Setting, told: Sighting, frame: Frame | None) -> SceneEvent | None:
        before = self._open.get(key)
        if before is None:
            return None
        shots = self._taken(key, EvidenceKind.PEAK) or self._shots(setting, told, frame, EvidenceKind.PEAK)
        change = {**_facts(told), "update": before.update + 1, "phase": ScenePhase.ESCALATED}
        self._open[key] = before.model_copy(update={**change, "evidence": self._pictures(shots)})
        return self._open[key]

    def _end(self, key: Key, setting: Setting, told: Sighting, frame: Frame | None) -> SceneEvent | None:
        """The last report of an episode; None when it was never raised."""
        before = self._open.pop(key, None)
        if before is None:
            return None
        shots = self._taken(key, EvidenceKind.PEAK) + self._shots(setting, told, frame, EvidenceKind.ENDED)
        change = {
            **_facts(told),
            "update": before.update + 1,
            "phase": ScenePhase.ENDED,
            "ended_at": told.last_seen_at,
            "end_reason": told.end_reason,
            "evidence": self._pictures(shots),
        }
        return before.model_copy(update=change)

    def _hold(self, key: Key, setting: Setting, told: Sighting, frame: Frame | None, kind: EvidenceKind) -> None:
        if frame is None:
            return
        held = self._shot(setting, told, frame, kind, HELD_WIDTH_MAX_PX)
        self._held.setdefault(key, {})[kind] = held
        while len(self._held) > HELD_EPISODES_MAX:
            self._held.popitem(last=False)

    def _taken(self, key: Key, kind: EvidenceKind) -> list[HeldPicture]:
        held = self._held.get(key, {}).pop(kind, None)
        return [held] if held is not None else []

    def _raise(self, key: Key, setting: Setting, told: Sighting, frame: Frame | None) -> SceneEvent:
        started_at, episode = self._named(setting, told.started_at)
        shots = self._taken(key, EvidenceKind.STARTED) + self._shots(setting, told, frame, EvidenceKind.RAISED)
        shots += self._clip(frame)
        event = SceneEvent(
            camera=self._camera.id,
            zone=setting.zone.id,
            scene=setting.rule.scene,
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
            severity=told.severity,
            model=None if self._model is None or setting.basis is Basis.STATIC else str(self._model),
            basis=setting.basis,
            surface=setting.zone.surface,
            seen_at=told.certain_at,
            held_share=round(told.held_share, 3),
            count=told.count,
            area_share=told.area_share,
            evidence=self._pictures(shots),
        )
        self._open[key] = event
        return event

    def _named(self, setting: Setting, started_at: datetime) -> tuple[datetime, str]:
        """Start and id of a new episode.

        Two things may come in the same picture, and an id is made of the start: the second one is said to have
        started a millisecond later, which is far less than anybody can know.
        """
        while True:
            episode = episode_id(self._box, self._camera.id, setting.zone.id, setting.rule.scene, started_at)
            if episode not in self._recent_ids:
                self._recent_ids.append(episode)
                return started_at, episode
            started_at += _ONE_STEP

    def _shots(self, setting: Setting, told: Sighting, frame: Frame | None, kind: EvidenceKind) -> list[HeldPicture]:
        if frame is None:
            return []
        return [self._shot(setting, told, frame, kind, WIDTH_MAX_PX)]

    def _clip(self, frame: Frame | None) -> list[HeldPicture]:
        if frame is None:
            return []
        try:
            clip = self.cut_clip()
        except OSError:
            self.evidence_failures += 1
            return []
        return [HeldPicture(frame.captured_at, clip, EvidenceKind.CLIP)] if clip is not None else []

    def _shot(
        self, setting: Setting, told: Sighting, frame: Frame, kind: EvidenceKind, width_max_px: int
    ) -> HeldPicture:
        jpeg = self._drawn.jpeg(frame, setting.zone.polygon, told.box, setting.rule.scene, width_max_px)
        return HeldPicture(frame.captured_at, jpeg, kind)

    def _pictures(self, shots: list[HeldPicture]) -> tuple[EvidenceRef, ...]:
        """References of what could be kept: a full disk costs the picture, never the report."""
        kept = []
        for shot in shots:
            try:
                kept.append(self._evidence.keep(shot.content, shot.at, shot.kind))
            except OSError:
                self.evidence_failures += 1
        return tuple(kept)


def _facts(told: Sighting) -> dict[str, object]:
    """What each further report of an episode tells anew."""
    return {
        "last_seen_at": told.last_seen_at,
        "dwell_s": told.dwell_s,
        "label": told.label,
        "score": told.score,
        "box": told.box,
        "severity": told.severity,
        "held_share": round(told.held_share, 3),
        "count": told.count,
        "area_share": told.area_share,
    }

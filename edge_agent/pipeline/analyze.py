"""The pipeline on a recorded file: every sampled frame is detected, times count from the first frame.

There is no gate here: a recording is looked at for tuning and for checking us, so accuracy goes before cost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from edge_agent.core.sampling import Sampler
from edge_agent.inference.detector import Detector
from edge_agent.pipeline.camera_pipeline import BoxPlace, CameraPipeline
from edge_agent.video.evidence_folder import EvidenceFolder, EvidenceNotKept
from edge_agent.video.file_source import FILE_ANCHOR
from edge_agent.video.frame import Frame
from edge_agent.video.source import FrameSource
from protocol.configuration import CameraConfig
from protocol.messages import EndReason, EvidenceKind, EvidenceRef, SceneEvent, ScenePhase

BOX = "box"
"""Ids are made of it, but a line of an analysis does not name it."""


@dataclass(frozen=True, slots=True)
class EvidencePicture:
    """A picture on this machine; `kind` says which moment of the event it shows, `at_s` since the first frame."""

    kind: str
    path: str
    sha256: str
    at_s: float


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """One event of a recording; all times in seconds since its first frame.

    `ended_at_s` is the last time it was seen; `basis`: what it was recognised by, as in a `SceneEvent`;
    `still_present`: the recording ended before it did.
    """

    camera: str
    scene: str
    zone: str
    started_at_s: float
    raised_at_s: float
    ended_at_s: float
    dwell_s: float
    label: str
    score: float | None
    box: tuple[float, float, float, float]
    basis: str | None
    still_present: bool
    evidence: tuple[EvidencePicture, ...]


class _StrictKeeper:
    """Implements `EvidenceKeeper`; where a live camera goes on without a picture, an analysis ends."""

    def __init__(self, folder: EvidenceFolder) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Try the folder; raises `EvidenceNotKept`."""
        try:
            self._folder.prepare()
        except OSError as error:
            raise EvidenceNotKept(self._folder.folder, error) from None

    def keep(self, content: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Write the picture; raises `EvidenceNotKept`."""
        try:
            return self._folder.keep(content, at, kind)
        except OSError as error:
            raise EvidenceNotKept(self._folder.folder, error) from None


class Analysis:
    """One run over one source."""

    def __init__(self, camera: CameraConfig, detector: Detector | None, evidence: EvidenceFolder) -> None:
        """Raises `EvidenceNotKept` where `evidence` cannot be written."""
        keeper = _StrictKeeper(evidence)
        keeper.prepare()
        self._detector, self._evidence = detector, evidence
        identity = None if detector is None else detector.identity
        self._pipeline = CameraPipeline(BoxPlace(BOX, UTC), always_counting(camera), identity, keeper)
        self._sampler = Sampler(camera.analysis_fps)
        self._raised: dict[str, SceneEvent] = {}

    def records(self, source: FrameSource, passed: Callable[[float], None]) -> Iterator[EpisodeRecord]:
        """Every event when it has ended, or the source ends; `passed` is told the time of each sampled frame.

        Raises what the source raises, and `EvidenceNotKept`.
        """
        for frame in source.frames():
            self._sampler, due = self._sampler.due(frame.captured_at)
            if due:
                passed(_seconds(frame.captured_at))
                yield from self._finished(self._look(frame))
        yield from self._finished(self._pipeline.finish(EndReason.INTERRUPTED))

    def _look(self, frame: Frame) -> tuple[SceneEvent, ...]:
        self._pipeline.wants(frame)
        return self._pipeline.step(frame, None if self._detector is None else self._detector.detect(frame.bgr()))

    def _finished(self, events: tuple[SceneEvent, ...]) -> Iterator[EpisodeRecord]:
        for event in events:
            if event.phase is ScenePhase.RAISED:
                self._raised[event.episode] = event
            elif event.phase is ScenePhase.ESCALATED:
                self._raised[event.episode] = _with_pictures_of(self._raised[event.episode], event)
            else:
                yield self._record(self._raised.pop(event.episode), event)

    def _record(self, raised: SceneEvent, ended: SceneEvent) -> EpisodeRecord:
        pictures = (*raised.evidence, *ended.evidence)
        return EpisodeRecord(
            camera=ended.camera,
            scene=ended.scene,
            zone=ended.zone,
            started_at_s=_seconds(ended.started_at),
            raised_at_s=_seconds(ended.raised_at),
            ended_at_s=_seconds(ended.last_seen_at),
            dwell_s=round(ended.dwell_s, 3),
            label=ended.label,
            score=None if ended.score is None else round(ended.score, 4),
            box=ended.box,
            basis=ended.basis,
            still_present=ended.end_reason is EndReason.INTERRUPTED,
            evidence=tuple(self._picture(one) for one in pictures),
        )

    def _picture(self, kept: EvidenceRef) -> EvidencePicture:
        path = str(Path(self._evidence.path(kept)).resolve())
        return EvidencePicture(str(kept.kind), path, kept.sha256, _seconds(kept.at))


def _with_pictures_of(raised: SceneEvent, later: SceneEvent) -> SceneEvent:
    return raised.model_copy(update={"evidence": (*raised.evidence, *later.evidence)})


def always_counting(camera: CameraConfig) -> CameraConfig:
    """The camera with rules that count at any hour: a recording does not say when it was taken."""
    zones = tuple(
        zone.model_copy(
            update={
                "legal_periods": (),
                "rules": tuple(rule.model_copy(update={"hours": ()}) for rule in zone.rules),
            }
        )
        for zone in camera.zones
    )
    return camera.model_copy(update={"zones": zones})


def _seconds(at: datetime) -> float:
    return round((at - FILE_ANCHOR).total_seconds(), 3)

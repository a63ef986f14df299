"""The real pipeline before a drawn street, in virtual time: what it told, and what the detector saw on the way."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from bench.scenes.plan import SIZE, CameraPlan, plan_camera
from bench.scenes.site import Mode, camera_config
from edge_agent.core.values import Detection
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.pipeline.camera_pipeline import BoxPlace, CameraPipeline
from edge_agent.video.evidence_folder import reference_to
from edge_agent.video.frame import Frame, Picture
from protocol.messages import EndReason, EvidenceKind, EvidenceRef, SceneEvent, ScenePhase
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.truths import Edges, EpisodeTruth

MODEL = Path(__file__).parents[2] / "provisioning" / "detector" / "street.onnx"
ANCHOR = datetime(2026, 5, 1, tzinfo=UTC)

Task = tuple[int, float, frozenset[str], Mode, float]
"""Seed, minutes, scenes, mode, frames a second: what a process is given."""


@dataclass(frozen=True, slots=True)
class Raise:
    """An episode that the pipeline told; seconds since the camera's start. `ended_s` is when it was last seen."""

    scene: str
    zone: str
    label: str
    box: Edges
    score: float | None
    basis: str
    started_s: float
    raised_s: float
    ended_s: float
    count: int | None = None
    area_share: float | None = None
    held_share: float | None = None

    @property
    def dwell_s(self) -> float:
        """Seconds from start to last seen."""
        return self.ended_s - self.started_s


@dataclass(frozen=True, slots=True)
class Watched:
    """One camera after its time. `looks`: when the detector looked, and what it saw."""

    plan: CameraPlan
    truths: tuple[EpisodeTruth, ...]
    raises: tuple[Raise, ...]
    looks: tuple[tuple[float, tuple[Detection, ...]], ...]
    frames: int
    seconds: float


class _Counted:
    """Implements `EvidenceKeeper` without keeping anything."""

    def keep(self, content: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Return the picture's reference."""
        return reference_to(content, at, kind)


@dataclass(slots=True)
class _Told:
    """Events on their way to raises."""

    open: dict[str, SceneEvent] = field(default_factory=dict)
    done: list[Raise] = field(default_factory=list)

    def take(self, events: tuple[SceneEvent, ...]) -> None:
        """Add what the pipeline told."""
        for event in events:
            if event.phase is ScenePhase.ENDED:
                self.done.append(_raise(self.open.pop(event.episode), event))
            else:
                self.open.setdefault(event.episode, event)


@lru_cache(maxsize=1)
def detector() -> OnnxDetector:
    """Return the demo's detector."""
    return OnnxDetector(MODEL)


def camera_of(plan: CameraPlan, fps: float) -> StreetCamera:
    """Return the camera of a plan."""
    return StreetCamera(plan.script, plan.seed, SIZE, fps)


def sent(camera: StreetCamera, plan: CameraPlan, t_s: float) -> Picture:
    """Return the frame at a second as the camera sends it: the bytes of a JPEG of the plan's quality, (n,)."""
    return cv2.imencode(".jpg", camera.frame(t_s), [cv2.IMWRITE_JPEG_QUALITY, plan.quality])[1].reshape(-1)


def decoded(coded: Picture) -> Picture:
    """Return a frame that was sent as it comes out of the decoder."""
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def delivered(camera: StreetCamera, plan: CameraPlan, t_s: float) -> Picture:
    """Return the frame at a second as it comes out of the decoder."""
    return decoded(sent(camera, plan, t_s))


def watch_task(task: Task) -> Watched:
    """Return what the pipeline makes of one camera of an evaluation."""
    seed, minutes, scenes, mode, fps = task
    return watch(plan_camera(seed, minutes, scenes), mode, scenes, fps)


class Feed:
    """What comes out of the decoder, and what the detector sees on it."""

    def __init__(self, plan: CameraPlan, fps: float) -> None:
        self.plan, self.camera = plan, camera_of(plan, fps)

    def picture(self, t_s: float) -> Picture:
        """Return the frame of a second."""
        return delivered(self.camera, self.plan, t_s)

    def seen(self, t_s: float, picture: Picture) -> tuple[Detection, ...]:  # noqa: ARG002 - a feed may know the second
        """Return the detections on the frame of that second."""
        return detector().detect(picture)


def watch(plan: CameraPlan, mode: Mode, scenes: frozenset[str], fps: float, feed: Feed | None = None) -> Watched:
    """Return what the pipeline makes of the camera's whole script, looked at `fps` times a second."""
    began = time.monotonic()
    source = feed or Feed(plan, fps)
    model = detector().identity if mode is Mode.MODEL else None
    config = camera_config(source.camera.places(), mode, scenes, fps)
    pipeline = CameraPipeline(BoxPlace("box", UTC), config, model, _Counted())
    told, looks = _Told(), list[tuple[float, tuple[Detection, ...]]]()
    frames = int(plan.script.length_s * fps)
    for number in range(frames):
        t_s = number / fps
        frame = Frame(number, ANCHOR + timedelta(seconds=t_s), source.picture(t_s))
        seen = source.seen(t_s, frame.bgr()) if pipeline.wants(frame).detection else None
        if seen is not None:
            looks.append((t_s, seen))
        told.take(pipeline.step(frame, seen))
    told.take(pipeline.finish(EndReason.INTERRUPTED))
    truths = tuple(one for one in source.camera.episodes() if one.scene in scenes or mode is Mode.STATIC)
    return Watched(plan, truths, tuple(told.done), tuple(looks), frames, time.monotonic() - began)


def _raise(raised: SceneEvent, ended: SceneEvent) -> Raise:
    return Raise(
        scene=str(raised.scene),
        zone=raised.zone,
        label=raised.label,
        box=raised.box,
        score=raised.score,
        basis=str(raised.basis),
        started_s=_seconds(raised.started_at),
        raised_s=_seconds(raised.raised_at),
        ended_s=_seconds(ended.last_seen_at),
        count=ended.count,
        area_share=ended.area_share,
        held_share=ended.held_share,
    )


def _seconds(at: datetime) -> float:
    return (at - ANCHOR).total_seconds()

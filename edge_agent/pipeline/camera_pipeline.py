"""Frame and detections in, scene events out: gate, static foreground, tracks, rules, evidence of one camera."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from edge_agent.core.rules import RunningRule, running
from edge_agent.core.rules.sighting import Look
from edge_agent.core.sampling import Cadence, Gate, grace_with_cadence_s, look
from edge_agent.core.tracking import tracker
from edge_agent.core.tracking.tracker import Following, Tracks
from edge_agent.core.values import Detection, ModelIdentity, Wants
from edge_agent.core.zones import zone_mask
from edge_agent.pipeline.episodes import Episodes
from edge_agent.pipeline.static_watch import LOOK_S, StaticLook, StaticWatch
from edge_agent.video.frame import Frame
from edge_agent.video.picture_measures import Mask, gate_picture
from edge_agent.video.snapshot import EvidenceKeeper
from protocol.configuration import STATIC_LABEL, CameraConfig, Rule
from protocol.messages import EndReason, SceneEvent

BACKSTEP_MAX = timedelta(seconds=1)
"""A capture time this much before the last one means that the clock was set, and everything begins anew."""


class CameraPipeline:
    """Everything that one camera's frames pass through: `wants`, then `step`, for every sampled frame.

    Rules on `static` need no model; rules on a model's labels sleep while `model` is None.
    """

    def __init__(
        self, site: str, box: str, camera: CameraConfig, model: ModelIdentity | None, evidence: EvidenceKeeper
    ) -> None:
        self._site, self._camera, self._model = site, camera, model
        self._object_rules = _rules(camera, static=False) if model is not None else []
        self._static_rules = _rules(camera, static=True)
        self._episodes = Episodes(box, camera, model, evidence)
        self._static_watch = StaticWatch()
        self._zones: Mask | None = None
        self._last_frame: Frame | None = None
        self._restart = False
        self._start()

    def _start(self) -> None:
        self._gate, self._tracks = Gate(), Tracks()
        self._object_cadence = Cadence(1 / self._camera.analysis_fps)
        self._static_cadence = Cadence(max(LOOK_S, 1 / self._camera.analysis_fps))
        self._static_looks: list[tuple[Frame, StaticLook]] = []
        self._object_look_at: datetime | None = None

    def wants(self, frame: Frame) -> Wants:
        """Stage 1, cheap: gate and static foreground; whether the detector should look at this frame."""
        if self._last_frame is not None and frame.captured_at < self._last_frame.captured_at - BACKSTEP_MAX:
            self._restart = True
            self._start()
            self._static_watch.reset()
        self._last_frame = frame
        if self._static_rules:
            seen = self._static_watch.look(frame)
            if seen is not None:
                self._static_looks.append((frame, seen))
        return Wants(detection=bool(self._object_rules) and self._gate_opens(frame))

    def _gate_opens(self, frame: Frame) -> bool:
        picture = gate_picture(frame)
        height, width = picture.shape
        if self._zones is None or self._zones.shape != picture.shape:
            self._zones = zone_mask({rule.polygon for rule in self._object_rules}, width, height)
            self._gate = Gate()
        following = bool(self._tracks.followed or self._episodes.objects_open)
        self._gate, opens = look(self._gate, picture, self._zones, frame.captured_at, following=following)
        return opens

    def step(self, frame: Frame, detections: tuple[Detection, ...] | None) -> tuple[SceneEvent, ...]:
        """Stage 2: tracks, rules, evidence. `None`: the detector was not run, which is not "nothing seen".

        Detections on a frame that is older than those already judged are passed over.
        """
        events: list[SceneEvent] = []
        if self._restart:
            events += self._end_all(EndReason.INTERRUPTED, None)
            self._restart = False
        for seen_on, seen in self._static_looks:
            events += self._static_step(seen_on, seen)
        self._static_looks.clear()
        if detections is not None and not (self._object_look_at and frame.captured_at <= self._object_look_at):
            events += self._object_step(frame, detections)
        return tuple(events)

    def finish(self, reason: EndReason) -> tuple[SceneEvent, ...]:
        """The camera stops: open episodes end; the pipeline starts afresh with the next frame."""
        events = self._end_all(reason, self._last_frame)
        self._start()
        self._static_watch.reset()
        self._last_frame, self._restart = None, False
        return tuple(events)

    @property
    def open_episodes(self) -> tuple[str, ...]:
        """Ids of episodes that were raised and have not ended."""
        return self._episodes.open_ids

    @property
    def evidence_failures(self) -> int:
        """Pictures that could not be kept since the start."""
        return self._episodes.evidence_failures

    def _object_step(self, frame: Frame, detections: Sequence[Detection]) -> list[SceneEvent]:
        now = frame.captured_at
        self._object_cadence = self._object_cadence.looked(now, following=bool(self._tracks.followed))
        self._object_look_at = now
        period_s = self._object_cadence.period_s
        grace_s = max((rule.rule.grace_s for rule in self._object_rules), default=0.0)
        width, height = frame.size
        start_score = self._model.start_score if self._model else 0.0
        how = Following(grace_with_cadence_s(grace_s, period_s), start_score, width / height)
        self._tracks = tracker.step(self._tracks, detections, now, how)
        seen = Look(self._tracks.tracks, now, period_s)
        return self._judge(seen, frame, static=False)

    def _static_step(self, frame: Frame, seen: StaticLook) -> list[SceneEvent]:
        self._static_cadence = self._static_cadence.looked(frame.captured_at, following=True)
        if seen.lost_view:
            return self._end(EndReason.INTERRUPTED, frame, static=True)
        all_seen = Look(seen.tracks, frame.captured_at, self._static_cadence.period_s)
        return self._judge(all_seen, frame, static=True)

    def _end_all(self, reason: EndReason, frame: Frame | None) -> list[SceneEvent]:
        return self._end(reason, frame, static=False) + self._end(reason, frame, static=True)

    def _judge(self, seen: Look, frame: Frame, *, static: bool) -> list[SceneEvent]:
        rules = self._static_rules if static else self._object_rules
        events: list[SceneEvent] = []
        for number, before in enumerate(rules):
            rules[number], told = before.step(seen)
            for sighting in told:
                event = self._episodes.report((static, number, sighting.track), before, sighting, frame)
                if event is not None:
                    events.append(event)
        alive = {(static, number, track) for number, rule in enumerate(rules) for track in rule.followed}
        self._episodes.forget_held(static=static, alive=alive)
        return events

    def _end(self, reason: EndReason, frame: Frame | None, *, static: bool) -> list[SceneEvent]:
        rules = self._static_rules if static else self._object_rules
        events: list[SceneEvent] = []
        for number, before in enumerate(rules):
            rules[number], told = before.close()
            for sighting in told:
                event = self._episodes.end((static, number, sighting.track), before, sighting, frame, reason)
                if event is not None:
                    events.append(event)
        self._episodes.forget_held(static=static, alive=set())
        return events


def _rules(camera: CameraConfig, *, static: bool) -> list[RunningRule]:
    """The camera's rules on `static`, or those on a model's labels; one that names both is in both lists."""
    found = []
    for zone in camera.zones:
        for rule in zone.rules:
            labels = tuple(label for label in rule.labels if (label == STATIC_LABEL) is static)
            if labels:
                part: Rule = rule.model_copy(update={"labels": labels})
                found.append(running(zone.id, zone.polygon, part))
    return found

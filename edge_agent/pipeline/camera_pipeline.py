"""Frame and detections in, scene events out: gate, static foreground, tracks, rules, evidence of one camera."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from edge_agent.core.feedback import SpotMask
from edge_agent.core.looking import FLAWLESS
from edge_agent.core.rules import Look, RunningRule, Sighting, Stream, in_precedence, judged, running, settings_of
from edge_agent.core.rules.names import NOTHING_CALLED, named
from edge_agent.core.sampling import Cadence, Gate, grace_with_cadence_s, look, missed
from edge_agent.core.tracking import tracker
from edge_agent.core.tracking.tracker import Following, Tracks
from edge_agent.core.values import Detection, ModelIdentity, Opening, Track, Wants
from edge_agent.core.zones import zone_mask
from edge_agent.pipeline.crops import CropPlan, Crops
from edge_agent.pipeline.episodes import Episodes
from edge_agent.pipeline.evidence_pictures import EvidencePictures
from edge_agent.pipeline.static_watch import LOOK_S, StaticLook, StaticWatch
from edge_agent.pipeline.zone_looks import Answered, ZoneLooks
from edge_agent.video.frame import Frame
from edge_agent.video.picture_measures import Mask, gate_picture
from edge_agent.video.snapshot import EvidenceKeeper
from protocol.configuration import LATENCY_S_DEFAULT, CameraConfig
from protocol.messages import Command, EndReason, EvidenceKind, SceneEvent, ScenePhase
from protocol.scene_rules import StayRule

BACKSTEP_MAX = timedelta(seconds=1)
"""A capture time this much before the last one means that the clock was set, and everything begins anew."""
SHAPE_TOLERANCE = 0.01
"""So does a picture whose width / height differs by more than this share: what is where in it is unknown."""


@dataclass(frozen=True, slots=True)
class BoxPlace:
    """The box that a camera hangs on, and the time zone of its street."""

    box: str
    timezone: tzinfo


class CameraPipeline:
    """Everything that one camera's frames pass through: `wants`, then `step`, for every sampled frame.

    Rules on static foreground need no model.
    """

    def __init__(
        self,
        source: BoxPlace,
        camera: CameraConfig,
        model: ModelIdentity | None,
        evidence: EvidenceKeeper,
        crops: CropPlan | None = None,
    ) -> None:
        """Raises `RulesRefused` when a rule needs what the model does not know."""
        self._model = model
        self._fps = camera.analysis_fps
        settings = settings_of(camera, model, source.timezone)
        self._rules = list(in_precedence([running(setting) for setting in settings]))
        self._detects = any(setting.asks_detector for setting in settings)
        waits_s = (setting.zone.latency_s for setting in settings if setting.asks_detector)
        self.latency_s = min(waits_s, default=LATENCY_S_DEFAULT)
        """How long a look of the detector may take from when it is due: one look serves all zones, so the shortest."""
        self._sees_static = any(setting.stream is Stream.REGIONS for setting in settings)
        self._labels = _labels_asked(self._rules)
        self._grace_s = max((rule.setting.rule.grace_s for rule in self._rules), default=0.0)
        pictures = EvidencePictures(camera, source.timezone)
        self._episodes = Episodes(source.box, camera, model, evidence, pictures)
        self._crops = Crops(crops, camera.id, model) if crops is not None else None
        self._looks = ZoneLooks(camera, evidence, pictures)
        self._masks: tuple[SpotMask, ...] = ()
        self._static_watch = StaticWatch()
        self.picture = FLAWLESS
        """What is known of the picture, as whoever feeds the frames judges it."""
        self._zones: Mask | None = None
        self._last_frame: Frame | None = None
        self._restart = False
        self.unasked_detections = 0
        """Objects since the start whose label no rule asks for."""
        self._start()

    def _start(self) -> None:
        self._gate, self._tracks, self._names = Gate(), Tracks(), NOTHING_CALLED
        self._object_cadence = Cadence(1 / self._fps)
        self._static_cadence = Cadence(max(LOOK_S, 1 / self._fps))
        self._regions: tuple[Track, ...] = ()
        self._static_looks: list[tuple[Frame, StaticLook]] = []
        self._object_look_at: datetime | None = None
        self._asked_for: Frame | None = None

    def wants(self, frame: Frame) -> Wants:
        """Stage 1, cheap: gate and static foreground; whether the detector should look at this frame."""
        if self._last_frame is not None and _begins_anew(self._last_frame, frame):
            self._restart = True
            self._start()
            self._static_watch.reset()
        self._last_frame = frame
        if self._sees_static:
            seen = self._static_watch.look(frame)
            if seen is not None:
                self._static_looks.append((frame, seen))
        opening, busy = self._gate_looks(frame)
        if self._looks:
            opening, busy = opening or Opening.FOLLOW, True
        if not self._detects or opening is None:
            return Wants(every_frame=busy)
        self._asked_for = frame
        return Wants(opening, every_frame=busy)

    def _gate_looks(self, frame: Frame) -> tuple[Opening | None, bool]:
        """Why it is the detector's turn, if it is; and whether something moves or is followed."""
        if not self._rules:
            return None, False
        picture = gate_picture(frame)
        height, width = picture.shape
        if self._zones is None or self._zones.shape != picture.shape:
            polygons = {rule.setting.zone.polygon for rule in self._rules}
            self._zones = zone_mask(polygons, width, height)
            self._gate = Gate()
        following = bool(self._tracks.tracks) or any(
            self._rules[number].setting.stream is Stream.OBJECTS for number, _ in self._episodes.open_keys
        )
        self._gate, _ = look(self._gate, picture, self._zones, frame.captured_at, following=following)
        busy = following or self._gate.opening is Opening.MOTION or any(rule.followed for rule in self._rules)
        return self._gate.opening, busy

    def step(self, frame: Frame, detections: tuple[Detection, ...] | None) -> tuple[SceneEvent, ...]:
        """Stage 2: tracks, rules, evidence. `None`: the detector was not run, which is not "nothing seen".

        The gate opens again for the next frame when the detector was wanted for this one and did not run.

        Detections on a frame that is older than those already judged are passed over.
        """
        events: list[SceneEvent] = []
        if self._restart:
            events += self._end_all(EndReason.INTERRUPTED, None)
            self._restart = False
        for seen_on, seen in self._static_looks:
            events += self._static_step(seen_on, seen)
        self._static_looks.clear()
        if detections is None and frame is self._asked_for:
            self._gate = missed(self._gate)
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

    def mask(self, masks: tuple[SpotMask, ...]) -> None:
        """From now on these spots are left alone."""
        self._masks = masks

    def look_at(self, command: Command) -> bool:
        """Begin to answer a `look`; False when there is no picture or no such zone."""
        if self._last_frame is None:
            return False
        return self._looks.begin(command, (rule.setting for rule in self._rules), self._last_frame)

    def pass_over(self, frame: Frame) -> None:
        """Take no notice of a frame, but for looks that are in work: their time goes on."""
        self._last_frame = frame
        self._looks.pass_over(self.picture)

    def answered(self) -> tuple[Answered, ...]:
        """Looks that are finished by the newest frame."""
        return self._looks.finished(self._last_frame) if self._last_frame is not None else ()

    def clips_from(self, cut_clip: Callable[[], bytes | None]) -> None:
        """From now on each raised episode brings a clip, where `cut_clip` gives one or raises `OSError`."""
        self._episodes.cut_clip = cut_clip

    def with_main(self, events: tuple[SceneEvent, ...], main: Frame) -> tuple[SceneEvent, ...]:
        """Reports of `step` in which those that were raised show the main stream's picture."""
        return tuple(self._episodes.with_main(one, main) if shows_now(one) else one for one in events)

    @property
    def open_episodes(self) -> tuple[str, ...]:
        """Ids of episodes that were raised and have not ended."""
        return self._episodes.open_ids

    @property
    def evidence_failures(self) -> int:
        """Pictures, clips and cut-outs that could not be kept since the start."""
        crops = self._crops.failures if self._crops is not None else 0
        return self._episodes.evidence_failures + self._looks.evidence_failures + crops

    def _object_step(self, frame: Frame, detections: Sequence[Detection]) -> list[SceneEvent]:
        now = frame.captured_at
        self._object_cadence = self._object_cadence.looked(now, following=bool(self._tracks.tracks))
        self._object_look_at = now
        period_s = self._object_cadence.period_s
        width, height = frame.size
        how = Following(grace_with_cadence_s(self._grace_s, period_s), width / height)
        asked = [one for one in detections if one.label in self._labels]
        self.unasked_detections += len(detections) - len(asked)
        self._tracks = tracker.step(self._tracks, asked, now, how)
        self._names = named(self._names, (*self._tracks.tracks, *self._regions), asked, now)
        return self._judge(Look(self._tracks.tracks, now, period_s, Stream.OBJECTS, self._regions), frame)

    def _static_step(self, frame: Frame, seen: StaticLook) -> list[SceneEvent]:
        self._static_cadence = self._static_cadence.looked(frame.captured_at, following=True)
        self._regions = seen.tracks
        if seen.lost_view:
            return self._end(EndReason.INTERRUPTED, frame, Stream.REGIONS)
        period_s = self._static_cadence.period_s
        look = Look(seen.tracks, frame.captured_at, period_s, Stream.REGIONS, self._tracks.tracks)
        return self._judge(look, frame)

    def _judge(self, seen: Look, frame: Frame) -> list[SceneEvent]:
        self._looks.observe(seen, self.picture, self._static_watch.watching_since)
        events: list[SceneEvent] = []
        shown = replace(seen, masks=self._masks, names=self._names)
        for number, (after, told) in enumerate(judged(tuple(self._rules), shown)):
            self._rules[number] = after
            events += self._reported(number, told, frame)
        self._forget_held()
        return events

    def _end_all(self, reason: EndReason, frame: Frame | None) -> list[SceneEvent]:
        return self._end(reason, frame, Stream.OBJECTS) + self._end(reason, frame, Stream.REGIONS)

    def _end(self, reason: EndReason, frame: Frame | None, stream: Stream) -> list[SceneEvent]:
        events: list[SceneEvent] = []
        for number, before in enumerate(self._rules):
            if before.setting.stream is stream:
                self._rules[number], told = before.close(reason)
                events += self._reported(number, told, frame)
        self._forget_held()
        return events

    def _reported(self, number: int, told: Sequence[Sighting], frame: Frame | None) -> list[SceneEvent]:
        setting = self._rules[number].setting
        reports = [self._episodes.report((number, one.key), setting, one, frame) for one in told]
        events = [event for event in reports if event is not None]
        if self._crops is not None and frame is not None:
            for event in events:
                self._crops.keep(event, frame, self._tracks.tracks)
        return events

    def _forget_held(self) -> None:
        self._episodes.forget_held({(number, key) for number, rule in enumerate(self._rules) for key in rule.followed})


def _begins_anew(before: Frame, after: Frame) -> bool:
    """Whether the clock was set back between two frames, or the picture got another shape; its size may change."""
    (width_before, height_before), (width, height) = before.size, after.size
    one, other = width_before * height, width * height_before
    reshaped = abs(one - other) > SHAPE_TOLERANCE * max(one, other)
    return reshaped or after.captured_at < before.captured_at - BACKSTEP_MAX


def shows_now(event: SceneEvent) -> bool:
    """Whether a report was just raised, and has a picture of that moment."""
    kinds = {one.kind for one in event.evidence}
    return event.phase is ScenePhase.RAISED and EvidenceKind.RAISED in kinds


def _labels_asked(rules: Sequence[RunningRule]) -> frozenset[str]:
    """Labels of the model that any rule has a use for."""
    stays = (label for rule in rules if isinstance(rule.setting.rule, StayRule) for label in rule.setting.rule.labels)
    named = (label for rule in rules for labels in rule.setting.labels.values() for label in labels)
    return frozenset((*stays, *named))

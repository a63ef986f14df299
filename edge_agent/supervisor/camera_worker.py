"""The process of one camera: opens when told, decodes, analyses, reports. It decides nothing about itself."""

from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

import cv2

from edge_agent.core import decoding
from edge_agent.core.capture_time import TimeBase, base_of, is_wrong
from edge_agent.core.evidence.naming import Named
from edge_agent.core.picture_health import Finding
from edge_agent.core.sampling import Sampler
from edge_agent.pipeline import CameraPipeline
from edge_agent.pipeline.camera_pipeline import shows_now
from edge_agent.pipeline.evidence_pictures import EvidencePictures
from edge_agent.pipeline.main_pictures import MainPictures
from edge_agent.pipeline.picture_watch import Arrivals, PictureWatch
from edge_agent.supervisor.bonds import die_with_main
from edge_agent.supervisor.detector_turn import Arrived, DetectorTurn, Looked
from edge_agent.supervisor.frame_counts import FrameCounts
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.memory import keep_memory_small, let_go_of_start_code
from edge_agent.supervisor.process_log import configure_log
from edge_agent.supervisor.reports import (
    CameraSetup,
    Crashed,
    Detected,
    DetectionWanted,
    Ended,
    FirstFrame,
    FromCamera,
    Happened,
    Judged,
    LastPicture,
    LookAt,
    LookTaken,
    MainStreamRefused,
    Masks,
    Open,
    OpenRefused,
    Snapshot,
    SnapshotTaken,
    Stop,
    ToCamera,
    TurnLost,
)
from edge_agent.video.evidence_folder import EvidenceFolder
from edge_agent.video.frame import Frame
from edge_agent.video.main_stream import MainStream
from edge_agent.video.rtsp_source import KeyFrames, RtspSource
from edge_agent.video.snapshot import jpeg_of
from edge_agent.video.source import SourceFailed
from protocol.camera_url import redact
from protocol.messages import CameraReason, Command, EndReason, EvidenceKind, SceneEvent

LISTEN_S = 0.2
IDLE_S = 1.0
LAST_PICTURE_S = 10.0
START_S = 15.0
"""After this long with frames everything that is used again and again has been used."""
PIPELINE_PAUSE_S = 10.0
"""After this long without a frame nobody can say what is still there: open episodes end."""
LAST_PICTURE_WIDTH_MAX_PX = 960
DETAIL_LENGTH_MAX = 500


def run_camera(pipe: Connection, setup: CameraSetup, slot: LatestFrame) -> None:
    """Entry of the process; ends when told, when its pipe closes, or with its main process."""
    die_with_main()
    configure_log()
    keep_memory_small()
    cv2.setNumThreads(1)
    worker = CameraWorker(setup, slot, pipe)
    try:
        worker.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:  # noqa: BLE001 - a border: nothing but this text may leave, and it must not hold a password
        pipe.send(Crashed(redact(f"{type(error).__name__}: {error}")[:DETAIL_LENGTH_MAX]))


def _main_stream(setup: CameraSetup) -> MainStream | None:
    """The camera's second address, if it has one."""
    camera = setup.camera
    return MainStream(camera.main_url, setup.clock, camera.privacy_masks) if camera.main_url is not None else None


class CameraWorker:
    """One camera in its own process. `run` returns when told to stop."""

    def __init__(self, setup: CameraSetup, slot: LatestFrame, pipe: Connection) -> None:
        self._setup, self._slot, self._pipe = setup, slot, pipe
        self._mono_s: Callable[[], float] = setup.clock.mono_s
        self._keeper = EvidenceFolder(setup.evidence_folder)
        self._drawn = EvidencePictures(setup.camera, setup.place.timezone)
        self._pipeline = CameraPipeline(setup.place, setup.camera, setup.model, self._keeper, setup.crops)
        self._base: TimeBase = base_of(setup.clock.now(), self._mono_s())
        self._sampler = Sampler(setup.camera.analysis_fps)
        self._decoding = decoding.begin(setup.camera.decode, self._mono_s())
        self._stopping = False
        self._named = Named()
        self._open_told = False
        self._source: RtspSource | None = None
        self._frame: Frame | None = None
        self._frame_s = 0.0
        self._fresh = False
        self._counts = FrameCounts()
        self._turn = DetectorTurn(slot, self._pipeline.latency_s, setup.fitting)
        self._listen_s = 0.0
        self._picture_s = 0.0
        self._watch_picture = PictureWatch(setup.camera, setup.views_folder)
        self._declared_fps: float | None = None
        self._finding: Finding | None = None
        self._settled_s: float | None = None
        self._main = MainPictures(_main_stream(setup), self._mono_s, self._tell_refused)

    def run(self) -> None:
        """Obey until told to stop."""
        while not self._stopping:
            if self._pipe.poll(IDLE_S):
                self._listen()
            if self._open_told:
                self._open_told = False
                self._watch()
            self._main.poll()
            if self._fresh and self._mono_s() - self._frame_s > PIPELINE_PAUSE_S:
                self._finish()
        self._finish()
        self._main.flush()
        self._watch_picture.keep()

    def _tell(self, report: FromCamera) -> None:
        self._pipe.send(report)

    def _listen(self) -> None:
        """Read everything that was told."""
        while self._pipe.poll():
            told: ToCamera = self._pipe.recv()
            match told:
                case Open():
                    self._open_told = True
                case Snapshot(command=command):
                    self._take_snapshot(command)
                case LookAt(command=command):
                    self._begin_look(command)
                case Masks(masks=masks):
                    self._pipeline.mask(masks)
                case Detected():
                    self._end_turn(self._turn.answered(told, self._mono_s()))
                case TurnLost(asked=asked):
                    self._end_turn(self._turn.lost(asked))
                case Stop():
                    self._stopping = True

    def _watch(self) -> None:
        """One connection from its opening to its end."""
        self._counts.begin(self._mono_s())
        first = True
        try:
            source = self._connect()
        except SourceFailed as failure:
            self._tell(OpenRefused(failure.reason, failure.detail))
            return
        try:
            for frame in source.frames():
                if first:
                    self._begin(frame)
                    first = False
                self._take(frame)
                if self._stopping:
                    return
        except SourceFailed as failure:
            self._tell_end(failure.reason, failure.detail, first=first)
        else:
            if not self._stopping:
                self._tell_end(CameraReason.NO_VIDEO, "the camera ended the stream", first=first)
        finally:
            source.close()

    def _connect(self) -> RtspSource:
        camera = self._setup.camera
        self._set_clock()
        self._source = source = RtspSource(camera.url, self._setup.clock, masks=camera.privacy_masks, base=self._base)
        self._decoding = decoding.begin(camera.decode, self._mono_s())
        source.keys = KeyFrames(self._note_key_frame, self._keys_suffice, self._pass)
        self._declared_fps = source.declared_fps
        if camera.evidence.clip:
            self._pipeline.clips_from(source.record().mp4)
        return source

    def _note_key_frame(self, stream_s: float | None) -> None:
        self._decoding = decoding.with_key_frame(self._decoding, self._mono_s(), stream_s)

    def _keys_suffice(self) -> bool:
        return decoding.keys_suffice(self._decoding, self._mono_s())

    def _pass(self) -> bool:
        """A frame was left out; whether to go on. Orders are heard all the same."""
        self._counts.left_out += 1
        self._main.poll()
        mono_s = self._mono_s()
        if mono_s >= self._listen_s:
            self._listen_s = mono_s + LISTEN_S
            self._listen()
        return not self._stopping

    def _set_clock(self) -> None:
        """Take the wall clock over where it was set; what is open ends then."""
        now, mono_s = self._setup.clock.now(), self._mono_s()
        if is_wrong(self._base, now, mono_s, episodes_open=bool(self._pipeline.open_episodes)):
            self._finish()
            self._base = base_of(now, mono_s)
            self._sampler = Sampler(self._setup.camera.analysis_fps)
            if self._source is not None:
                self._source.base = self._base

    def _begin(self, frame: Frame) -> None:
        """The first picture of a connection."""
        width, height = frame.size
        self._turn.forget()
        self._watch_picture.reconnected()
        self._tell(FirstFrame(width, height))

    def _tell_end(self, reason: CameraReason, detail: str, *, first: bool) -> None:
        if first:
            silent = reason is CameraReason.STALLED
            self._tell(OpenRefused(CameraReason.TIMEOUT if silent else reason, detail))
            return
        self._show_last_picture()
        self._tell(Ended(detail))

    def _take(self, frame: Frame) -> None:
        """Every decoded frame passes here; most of them need nothing but this."""
        mono_s = self._mono_s()
        self._counts.decoded += 1
        self._frame, self._frame_s, self._fresh = frame, mono_s, True
        self._slot.beat(mono_s, self._counts.decoded)
        self._main.poll()
        if self._turn.is_open or mono_s >= self._listen_s:
            self._listen_s = mono_s + LISTEN_S
            self._listen()
            if self._counts.due(mono_s):
                self._tell(self._counts.figures(mono_s, frame.size, self._turn, self._pipeline.evidence_failures))
                self._settle(mono_s)
        self._sampler, due = self._sampler.due(frame.captured_at)
        if due:
            if self._watch_picture.is_off_preset:
                self._pipeline.pass_over(frame)
            else:
                self._analyse(Arrived(frame, mono_s))
            self._look_after(frame, mono_s)

    def _analyse(self, arrived: Arrived) -> None:
        """One sampled frame. It replaces one that still waits for its turn at the detector."""
        if self._turn.queues(arrived):
            return
        replaced = self._turn.replaced()
        if replaced is not None:
            self._tell_events(self._pipeline.step(replaced.frame, None))
        wants = self._pipeline.wants(arrived.frame)
        if wants.every_frame:
            self._decoding = decoding.with_hint(self._decoding, self._mono_s())
        if wants.detection and self._setup.model is not None:
            wanted = self._turn.offer(arrived)
            if wanted is not None:
                self._tell(wanted)
        else:
            self._turn.forget()
            self._step(Looked(arrived, None))

    def _end_turn(self, ended: Looked | DetectionWanted | None) -> None:
        if isinstance(ended, DetectionWanted):
            self._tell(ended)
        elif ended is not None:
            self._step(ended)
            behind = self._turn.next_behind()
            if behind is not None:
                self._analyse(behind)

    def _step(self, looked: Looked) -> None:
        self._tell_events(self._pipeline.step(looked.arrived.frame, looked.detections))
        self._counts.analysed(latency_ms=(self._mono_s() - looked.arrived.at_s) * 1000)

    def _tell_events(self, events: tuple[SceneEvent, ...]) -> None:
        """Tell them in order; those that were just raised wait a moment for the main stream's picture."""
        if not events:
            return
        self._named = self._named.reported(events)
        deed = partial(self._tell_with_main, events)
        if self._frame is not None and any(shows_now(one) for one in events):
            self._main.ask(deed, self._frame, self._base)
        else:
            self._main.after(deed)

    def _tell_with_main(self, events: tuple[SceneEvent, ...], main: Frame | None) -> None:
        told = events if main is None else self._pipeline.with_main(events, main)
        self._named, unnamed = self._named.replaced(events, told)
        for one in unnamed:
            self._keeper.drop(one)
        self._tell(Happened(told))

    def _tell_refused(self, failure: SourceFailed) -> None:
        self._tell(MainStreamRefused(failure.reason, failure.detail))

    def _settle(self, mono_s: float) -> None:
        """Once, a while after the first frames: give back what only the start needed."""
        if self._settled_s is None:
            self._settled_s = mono_s + START_S
        elif self._settled_s and mono_s >= self._settled_s:
            self._settled_s = 0.0
            let_go_of_start_code()

    def _look_after(self, frame: Frame, mono_s: float) -> None:
        """Now and then: is the picture all right, which looks are over, and a copy in case the camera dies."""
        self._judge(frame, mono_s)
        for answer in self._pipeline.answered():
            self._tell(LookTaken(answer.command, answer.finding, answer.pictures))
        if mono_s >= self._picture_s and self._finding is None:
            self._show_last_picture()
        self._set_clock()

    def _judge(self, frame: Frame, mono_s: float) -> None:
        """Tell what the picture shows when that changes, and as long as it is at fault."""
        watch = self._watch_picture
        was_away = watch.is_off_preset
        if not watch.look(frame, Arrivals(self._counts.came, self._declared_fps), mono_s):
            return
        before, self._finding = self._finding, watch.finding
        self._pipeline.picture = watch.picture
        if self._finding is not None:
            self._tell(Judged(self._finding.reason, self._finding.value, self._finding.threshold))
        elif before is not None:
            self._tell(Judged(None))
        if watch.is_off_preset and not was_away:
            self._finish()

    def _show_last_picture(self) -> None:
        frame = self._frame
        if frame is None or self._finding is not None:
            return
        self._picture_s = self._mono_s() + LAST_PICTURE_S
        self._tell(LastPicture(jpeg_of(frame.bgr(), LAST_PICTURE_WIDTH_MAX_PX), frame.captured_at))

    def _take_snapshot(self, command: str) -> None:
        frame = self._frame
        if frame is None or self._mono_s() - self._frame_s > PIPELINE_PAUSE_S:
            self._tell(SnapshotTaken(command, None, "the camera gives no picture now"))
            return
        self._main.ask(lambda main: self._keep_snapshot(command, main or frame), frame, self._base)

    def _keep_snapshot(self, command: str, frame: Frame) -> None:
        try:
            picture = self._keeper.keep(self._drawn.jpeg(frame), frame.captured_at, EvidenceKind.SNAPSHOT)
        except OSError as error:
            self._tell(SnapshotTaken(command, None, f"the box cannot keep the picture: {error.strerror}"))
        else:
            self._tell(SnapshotTaken(command, picture))

    def _begin_look(self, command: Command) -> None:
        if self._frame is None or self._mono_s() - self._frame_s > PIPELINE_PAUSE_S:
            self._tell(SnapshotTaken(command.command, None, "the camera gives no picture now"))
        elif not self._pipeline.look_at(command):
            self._tell(SnapshotTaken(command.command, None, "the camera has no such zone"))

    def _finish(self) -> None:
        """Nobody looks any more: what is open ends."""
        self._fresh = False
        self._turn.forget()
        self._tell_events(self._pipeline.finish(EndReason.INTERRUPTED))

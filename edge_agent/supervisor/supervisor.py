"""Runs the processes of all cameras and the one of inference, and turns what they say into records."""

import queue
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import structlog

from edge_agent.core.backoff import may_open
from edge_agent.core.camera_health import Change
from edge_agent.core.clock import Clock
from edge_agent.core.commands import Obey
from edge_agent.core.rules import RulesRefused, servings
from edge_agent.core.values import ModelIdentity
from edge_agent.inference.detector import ModelRefused
from edge_agent.link.commands import CommandDesk
from edge_agent.link.recorder import Recorder
from edge_agent.pipeline import BoxPlace, CropPlan
from edge_agent.supervisor.bonds import start_fork_server, start_process
from edge_agent.supervisor.camera_post import CameraPost, Means, rounded
from edge_agent.supervisor.camera_worker import run_camera
from edge_agent.supervisor.inference_post import LOAD_S_MAX, InferencePost
from edge_agent.supervisor.inference_worker import run_inference
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import (
    CameraSetup,
    Detected,
    DetectionWanted,
    FromCamera,
    Happened,
    LookAt,
    LookTaken,
    ModelFiles,
    Snapshot,
    SnapshotTaken,
    ToCamera,
    TurnLost,
)
from edge_agent.video.crops import CROPS_FOLDER
from edge_agent.video.evidence_folder import EvidenceFolder
from protocol.configuration import AgentConfig, CameraConfig
from protocol.messages import (
    CameraState,
    CameraStatus,
    CameraTransition,
    CommandName,
    EvidenceKind,
    EvidenceRef,
    ModelDescription,
)
from protocol.texts import Words

VIEWS_FOLDER = "views"
"""Beside the pictures, below `data_dir`."""
TICK_S = 0.5
PAUSE_S_MIN = 0.05
STOP_S = 2.0
ORDERS_MAX = 100
READS_AT_ONCE_MAX = 50
_BROKE_DOWN = Words(
    "{path}：模型加载时崩溃；请看 `gridwarden model check` 怎么说",
    "{path}: the model broke down while it loaded; see what `gridwarden model check` says of it",
)
_TOO_SLOW = Words(
    "{path}：模型 {seconds:g} 秒内没有加载完；请看 `gridwarden model check` 怎么说",
    "{path}: the model did not load within {seconds:g} s; see what `gridwarden model check` says of it",
)

_log = structlog.get_logger(__name__)


class Supervisor:
    """Implements `Cameras` with real cameras."""

    def __init__(
        self,
        config: AgentConfig,
        evidence_folder: Path,
        model: ModelFiles | None,
        clock: Clock,
        draw: Callable[[], float],
    ) -> None:
        self._config = config
        self._model_files = model
        self._evidence_folder = evidence_folder
        self._evidence = EvidenceFolder(evidence_folder)
        self._clock = clock
        self._draw = draw
        self._posts: tuple[CameraPost, ...] = ()
        self._inference: InferencePost | None = None
        self._tick_s = 0.0
        self._orders: queue.Queue[Obey] = queue.Queue(ORDERS_MAX)
        self._judged: dict[str, None] = {}
        """Cameras of which people said something: however much that was, their masks are read once."""

    def prepare(self) -> None:
        """Start the fork server and, where there is a model, inference; raises `ModelRefused`, `RulesRefused`."""
        self._context = start_fork_server()
        slots = tuple(LatestFrame() for _ in self._config.cameras)
        identity = self._load_model(slots)
        try:
            self._tell_servings(identity)
        except RulesRefused:
            if self._inference is not None:
                self._inference.end()
            raise
        means = Means(self._start_camera, self._clock, self._draw)
        self._posts = tuple(
            CameraPost(self._setup(camera, identity), slot, means)
            for camera, slot in zip(self._config.cameras, slots, strict=True)
        )

    def run(self, recorder: Recorder, desk: CommandDesk, stop: Event) -> None:
        """Watch until `stop` is set; then end all processes and what they left open."""
        recorder.interrupt_episodes()
        for post in self._posts:
            post.mask(desk.spot_masks(post.name))
        try:
            while not stop.is_set():
                self._step(recorder, desk)
        finally:
            self._end(recorder, desk)

    def statuses(self) -> tuple[CameraStatus, ...]:
        """State of every camera."""
        return tuple(post.status() for post in self._posts)

    def models(self) -> tuple[ModelDescription, ...]:
        """The loaded model."""
        identity = self._inference.identity if self._inference else None
        if identity is None:
            return ()
        return (ModelDescription(name=identity.name, sha256=identity.sha256, licence=identity.licence),)

    def process_ids(self) -> tuple[int, ...]:
        """Of all camera processes and of inference."""
        posts = (*self._posts, self._inference)
        found = (post.process_id for post in posts if post is not None)
        return tuple(process_id for process_id in found if process_id is not None)

    def obey(self, order: Obey) -> None:
        """Pass an order on in the next round."""
        if order.command.name is CommandName.JUDGED:
            self._judged[order.camera] = None
            return
        try:
            self._orders.put_nowait(order)
        except queue.Full:
            _log.warning("order_dropped", command=order.command.command)

    def _setup(self, camera: CameraConfig, identity: ModelIdentity | None) -> CameraSetup:
        place = BoxPlace(self._config.box, ZoneInfo(self._config.timezone))
        wanted = self._config.crops
        data_dir = self._evidence_folder.parent
        crops = CropPlan(data_dir / CROPS_FOLDER, wanted.blur) if wanted.keep else None
        fitting = self._inference.fitting if self._inference is not None else None
        views = data_dir / VIEWS_FOLDER
        return CameraSetup(place, camera, identity, self._evidence_folder, views, self._clock, crops, fitting)

    def _start_camera(self, setup: CameraSetup, slot: LatestFrame) -> tuple[BaseProcess, Connection]:
        return start_process(self._context, f"camera {setup.camera.id}", run_camera, setup, slot)

    def _load_model(self, slots: tuple[LatestFrame, ...]) -> ModelIdentity | None:
        """Wait for the model, because the cameras' processes need its identity."""
        files = self._model_files
        if files is None:
            return None

        def start() -> tuple[BaseProcess, Connection]:
            return start_process(self._context, "inference", run_inference, files, slots)

        inference = InferencePost(start, self._clock, self._draw, self._answer)
        inference.start()
        until_s = self._clock.mono_s() + LOAD_S_MAX
        while inference.identity is None and inference.pipe is not None and self._clock.mono_s() < until_s:
            if inference.pipe.poll(TICK_S):
                self._hear_inference(inference)
        if inference.identity is None:
            refusal = inference.refusal or _not_loaded(files, broke_down=inference.pipe is None)
            inference.end()
            raise refusal
        self._inference = inference
        return inference.identity

    def _tell_servings(self, identity: ModelIdentity | None) -> None:
        """Say once what each rule rests on; raises `RulesRefused`."""
        for one in servings(self._config.cameras, identity):
            _log.info("rule_served", camera=one.camera, zone=one.zone, scene=one.rule.scene, rests_on=str(one))

    def _step(self, recorder: Recorder, desk: CommandDesk) -> None:
        """One round: hear what was said, then do what is due."""
        self._hear(self._pause_s(), recorder, desk)
        mono_s = self._clock.mono_s()
        if mono_s >= self._tick_s:
            self._tick_s = mono_s + TICK_S
            self._tick(mono_s, recorder)
        self._open_due(mono_s, recorder)
        self._pass_orders(desk)

    def _pause_s(self) -> float:
        mono_s = self._clock.mono_s()
        waits = (post.wait_s(mono_s) for post in self._posts)
        opens = [max(wait_s, PAUSE_S_MIN) for wait_s in waits if wait_s is not None]
        return min([max(0.0, self._tick_s - mono_s), *opens])

    def _hear(self, pause_s: float, recorder: Recorder, desk: CommandDesk) -> None:
        """Wait for the first word and take all that is there."""
        posts = {post.pipe: post for post in self._posts if post.pipe is not None}
        pipes: list[Connection] = list(posts)
        inference = self._inference
        if inference is not None and inference.pipe is not None:
            pipes.append(inference.pipe)
        for ready in wait(pipes, pause_s) if pipes else ():
            if inference is not None and ready is inference.pipe:
                self._hear_inference(inference)
            elif isinstance(ready, Connection):
                self._hear_camera(posts[ready], recorder, desk)

    def _hear_inference(self, inference: InferencePost) -> None:
        try:
            while inference.pipe is not None and inference.pipe.poll():
                inference.heard(inference.pipe.recv())
        except (EOFError, OSError):
            inference.gone()

    def _hear_camera(self, post: CameraPost, recorder: Recorder, desk: CommandDesk) -> None:
        try:
            for _ in range(READS_AT_ONCE_MAX):
                if post.pipe is None or not post.pipe.poll():
                    return
                self._act(post, post.pipe.recv(), recorder, desk)
        except (EOFError, OSError):
            self._report(post, post.gone(self._clock.mono_s()), recorder)

    def _act(self, post: CameraPost, said: FromCamera, recorder: Recorder, desk: CommandDesk) -> None:
        match said:
            case Happened(events=events):
                for event in events:
                    recorder.scene(event)
            case DetectionWanted():
                if self._inference is None:
                    post.tell(TurnLost(said.seq))
                else:
                    self._inference.ask(self._posts.index(post), said)
            case SnapshotTaken(command=command, picture=picture, detail=detail):
                if picture is None:
                    desk.failed(command, detail)
                else:
                    desk.pictures_taken(command, (picture,))
            case LookTaken(command=command, finding=finding, pictures=pictures):
                desk.pictures_taken(command, pictures, finding)
            case _:
                self._report(post, post.heard(said, self._clock.mono_s()), recorder)

    def _answer(self, place: int, answer: Detected | TurnLost) -> None:
        self._posts[place].tell(answer)

    def _tick(self, mono_s: float, recorder: Recorder) -> None:
        for post in self._posts:
            self._report(post, post.tick(mono_s), recorder)
        if self._inference is not None:
            self._inference.tick(mono_s)

    def _open_due(self, mono_s: float, recorder: Recorder) -> None:
        for post in self._posts:
            opening = [other.host for other in self._posts if other.opening]
            if post.open_due(mono_s) and may_open(post.host, opening):
                self._report(post, post.open(mono_s), recorder)

    def _pass_orders(self, desk: CommandDesk) -> None:
        """Those that are there: more may come in faster than they are passed on."""
        for camera in tuple(self._judged):
            del self._judged[camera]
            self._post(camera).mask(desk.spot_masks(camera))
        for _ in range(self._orders.qsize()):
            order = self._orders.get_nowait()
            command = order.command
            look = command.name is CommandName.LOOK
            self._pass_on(self._post(order.camera), order, LookAt(command) if look else Snapshot(command.command), desk)

    def _post(self, camera: str) -> CameraPost:
        return next(post for post in self._posts if post.name == camera)

    def _pass_on(self, post: CameraPost, order: Obey, message: ToCamera, desk: CommandDesk) -> None:
        status = post.status()
        if status.state is CameraState.OFFLINE or not post.ask(message):
            why = status.reason or "its process does not listen"
            desk.failed(order.command.command, f"the camera is {status.state}: {why}")

    def _report(self, post: CameraPost, change: Change | None, recorder: Recorder) -> None:
        if post.take_loss():
            recorder.interrupt_episodes(post.name)
        if change is None:
            return
        _log.info("camera_changed", camera=post.name, state=change.state, reason=change.reason, detail=change.detail)
        recorder.camera(
            CameraTransition(
                camera=post.name,
                state=change.state,
                reason=change.reason,
                since=change.since,
                previous=change.previous,
                attempt=post.attempt,
                detail=change.detail,
                value=rounded(change.value),
                threshold=rounded(change.threshold),
                last_picture=self._keep_last(post) if change.state is CameraState.OFFLINE else None,
            )
        )

    def _keep_last(self, post: CameraPost) -> EvidenceRef | None:
        """The last good picture as evidence, if there is one and the disk takes it."""
        last, post.last_picture = post.last_picture, None
        if last is None:
            return None
        try:
            return self._evidence.keep(last.jpeg, last.at, EvidenceKind.LAST_GOOD)
        except OSError as error:
            _log.warning("last_picture_not_kept", camera=post.name, reason=error.strerror)
            return None

    def _end(self, recorder: Recorder, desk: CommandDesk) -> None:
        """Ask all to leave, take what they still say, kill the rest."""
        for post in self._posts:
            post.ask_to_stop()
        until_s = self._clock.mono_s() + STOP_S
        while any(post.pipe for post in self._posts) and (left_s := until_s - self._clock.mono_s()) > 0:
            self._hear(left_s, recorder, desk)
        for post in self._posts:
            post.end()
        if self._inference is not None:
            self._inference.end()
        recorder.interrupt_episodes()


def _not_loaded(files: ModelFiles, *, broke_down: bool) -> ModelRefused:
    """Why there is no detector, where its process did not say so itself."""
    return ModelRefused(_BROKE_DOWN if broke_down else _TOO_SLOW, path=files.path, seconds=LOAD_S_MAX)

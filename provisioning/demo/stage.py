"""The running demo: every process of it, started in order and stopped in order."""

import re
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from protocol.joining import CODE_PATTERN
from provisioning.demo.central_api import ApiUnavailable, CentralApi
from provisioning.demo.handling import UNIT
from provisioning.demo.plan import (
    BOXES,
    CENTRAL_ID,
    FPS,
    LOOPBACK,
    SITE,
    SIZE,
    CameraPlan,
    DemoPlan,
    Ports,
    Wishes,
    central_yaml,
    edge_yaml,
    plan_demo,
)
from provisioning.demo.processes import INTERRUPTION, Child, CommandFailed, answer_of
from provisioning.demo.receiver import NoticeReceiver
from provisioning.demo.words import BOX_JOINED, BOXES_RUN, BROKER_RUNS, CAMERAS_SERVE, CENTRAL_RUNS, Say
from provisioning.join import JoinFailed, join

Found = TypeVar("Found")

BROKER: Final = "broker"
CAMERA_COUNT = 4
POLL_S = 0.2
LISTENING_S = 45.0
CENTRAL_S = 60.0
COMMAND_S = 60.0
PRIVATE = 0o600
_CODE = re.compile(CODE_PATTERN.strip("^$"))
_TOKEN = re.compile(r"gw_[A-Za-z0-9_-]{43}")


class StageBroken(Exception):
    """The demo cannot go on; `what` names the condition for programs, the text is for people."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(text)
        self.what = what


@dataclass(slots=True)
class Stage:
    """A started demo. `children` by name: broker, central, the boxes, the cameras' keys."""

    plan: DemoPlan
    receiver: NoticeReceiver
    children: Mapping[str, Child]
    started_at_s: float
    deadline_s: float
    token: str = ""
    handler_token: str = ""

    @property
    def handler(self) -> CentralApi:
        """Central as a department's handler sees it."""
        return CentralApi(self.plan.url, self.handler_token)

    @property
    def api(self) -> CentralApi:
        """Central as the demo's operator sees it."""
        return CentralApi(self.plan.url, self.token)

    def wait(self, condition: Callable[[], Found | None], within_s: float) -> tuple[Found | None, float]:
        """Poll until `condition` gives something true; that (None after `within_s`) and the seconds it took.

        An API that does not answer counts as "not yet". Raises `StageBroken` when a process has ended by itself or
        the whole demo's deadline has passed.
        """
        started_s = time.perf_counter()
        while True:
            found = _tried(condition)
            waited_s = time.perf_counter() - started_s
            if found or waited_s >= within_s:
                return found, waited_s
            self.look_after()
            time.sleep(POLL_S)

    def look_after(self, names: Collection[str] | None = None) -> None:
        """Raise `StageBroken` when one of these processes (None: any) ended by itself, or time is up.

        Raises `Interrupted` when a signal asked for the end.
        """
        INTERRUPTION.check()
        for name, child in self.children.items():
            if names is not None and name not in names:
                continue
            if not child.expected_end and child.exit_code is not None:
                text = f"{child.name} ended by itself ({child.exit_code}):\n{child.tail()}"
                raise StageBroken("process_died", text)
        if time.perf_counter() > self.deadline_s:
            raise StageBroken("timed_out", "the whole check took too long")

    def start_central(self) -> bool:
        """Start central, also again; whether it answered in time."""
        self.children[CENTRAL_ID].start()
        return bool(self.wait(self.api.is_healthy, CENTRAL_S)[0])


@contextmanager
def running_stage(wishes: Wishes, lasts_s: float, say: Say) -> Iterator[Stage]:
    """Start everything and stop it all at the end; after `lasts_s` seconds it is broken.

    Raises `StageBroken` when a part does not start.
    """
    receiver = NoticeReceiver()
    started_at_s = time.perf_counter()
    plan = plan_demo(wishes, _ports(wishes.port, receiver.port))
    stage = Stage(plan, receiver, _children(plan), started_at_s, started_at_s + lasts_s)
    try:
        _start(stage, say)
        yield stage
    finally:
        _stop(stage)
        receiver.close()


def _ports(central: int, receiver: int) -> Ports:
    sockets = [socket.create_server((LOOPBACK, port)) for port in (central, *[0] * (1 + CAMERA_COUNT))]
    numbers = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return Ports(numbers[0], numbers[1], receiver, tuple(numbers[2:]))


def _children(plan: DemoPlan) -> dict[str, Child]:
    central = ("--config", plan.central_config)
    words: dict[str, tuple[str | Path, ...]] = {
        BROKER: (CENTRAL_ID, "broker", *central),
        CENTRAL_ID: (CENTRAL_ID, "run", *central),
        **{camera.key: _camera_words(camera) for camera in plan.cameras},
        **{box: ("edge", "run", "--config", plan.box_config(box)) for box in BOXES},
    }
    return {name: Child(name, line, plan.log_folder / f"{name}.log", plan.folder) for name, line in words.items()}


def _camera_words(camera: CameraPlan) -> tuple[str, ...]:
    place = ("--port", str(camera.port), "--path", camera.id)
    size = "x".join(map(str, SIZE))
    picture = ("--scene", camera.script, "--seed", str(camera.seed), "--size", size, "--fps", str(FPS), "--loop")
    return ("provision", "simulate-camera", *place, *picture)


def _start(stage: Stage, say: Say) -> None:
    plan = stage.plan
    _write_files(plan)
    stage.children[BROKER].start()
    _listening(stage, BROKER, plan.ports.broker)
    say(BROKER_RUNS, port=plan.ports.broker)
    if not stage.start_central():
        raise StageBroken("central_started", f"central does not answer\n{stage.children[CENTRAL_ID].tail()}")
    say(CENTRAL_RUNS, url=plan.url)
    for camera in plan.cameras:
        stage.children[camera.key].start()
    codes = _admit(stage)
    for box, code in codes.items():
        _join(stage, box, code)
        say(BOX_JOINED, box=box)
    for camera in plan.cameras:
        _listening(stage, camera.key, camera.port)
    say(CAMERAS_SERVE, count=len(plan.cameras))
    for box in BOXES:
        stage.children[box].start()
    say(BOXES_RUN, boxes=", ".join(BOXES))


def _write_files(plan: DemoPlan) -> None:
    model = Path(str(files("provisioning.detector").joinpath("street.onnx")))
    plan.central_folder.mkdir(parents=True)
    plan.central_config.touch(mode=PRIVATE)
    plan.central_config.write_text(central_yaml(plan), encoding="utf-8")
    for box in BOXES:
        plan.box_folder(box).mkdir()
        plan.box_config(box).write_text(edge_yaml(plan, box, model), encoding="utf-8")


def _listening(stage: Stage, name: str, port: int) -> None:
    """Wait until the child accepts connections."""
    if not stage.wait(lambda: accepts(port), LISTENING_S)[0]:
        raise StageBroken(f"{name}_started", f"{name} does not listen on {port}\n{stage.children[name].tail()}")


def accepts(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def _admit(stage: Stage) -> dict[str, str]:
    """Let in the demo's operator and handler, who get their tokens, and the boxes, whose join codes are returned."""
    config = ("--config", stage.plan.central_config)
    lines: list[tuple[str | Path, ...]] = [(CENTRAL_ID, "add-box", SITE, box, *config) for box in BOXES]
    lines.append((CENTRAL_ID, "actor", "add", "demo", "--role", "operator", *config))
    lines.append((CENTRAL_ID, "actor", "add", "handler", "--role", "department", "--unit", UNIT, *config))
    try:
        with ThreadPoolExecutor(len(lines)) as pool:
            *said, token, handler = pool.map(lambda line: answer_of(line, stage.plan.folder, COMMAND_S), lines)
    except CommandFailed as error:
        raise StageBroken("central_started", str(error)) from None
    stage.look_after()
    stage.token, stage.handler_token = (_match(_TOKEN, text, "actor add") for text in (token, handler))
    return {box: _match(_CODE, text, "add-box") for box, text in zip(BOXES, said, strict=True)}


def _join(stage: Stage, box: str, code: str) -> None:
    try:
        join(stage.plan.url, code, stage.plan.box_folder(box))
    except JoinFailed as failure:
        raise StageBroken("joined", f"{box}: {failure.fault.words.en.format_map(failure.values)}") from None


def _match(pattern: re.Pattern[str], text: str, command: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise StageBroken("central_started", f"gridwarden central {command} printed no secret")
    return found[0]


def _stop(stage: Stage) -> None:
    """Boxes first, so that they say farewell; then what they watched and talked to."""
    groups = (BOXES, tuple(camera.key for camera in stage.plan.cameras), (CENTRAL_ID,), (BROKER,))
    for names in groups:
        for name in names:
            stage.children[name].ask_to_end()
        for name in names:
            stage.children[name].wait_ended()


def _tried(condition: Callable[[], Found | None]) -> Found | None:
    try:
        return condition()
    except ApiUnavailable:
        return None

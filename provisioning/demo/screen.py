"""What the demo's terminal shows: addresses once, then cameras, cases and alerts as they change."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from protocol.messages import CameraState
from protocol.scenes import SCENES, Scene
from protocol.texts import Language
from provisioning.demo.central_api import ApiUnavailable, CentralApi, Item
from provisioning.demo.handling import Handling, Step, Told
from provisioning.demo.plan import CENTRAL_ID
from provisioning.demo.stage import BROKER, Stage
from provisioning.demo.words import (
    ADDRESSES,
    ALERT_LINE,
    CAMERA_LINE,
    CAMERA_WORDS,
    CASE_LINE,
    COLUMNS,
    COUNTS,
    CTRL_C,
    DONE_LINE,
    NOTICE_LINE,
    REASONS,
    STATES,
    TRY,
)

LOOK_EVERY_S = 1.0
ALERTS_SHOWN_MAX = 6
COLOURS: Final = {"online": "green", "degraded": "yellow", "offline": "red", "unknown": "magenta"}
VITAL: Final = (BROKER, CENTRAL_ID)
"""Without these there is nothing to show; a camera or box that dies is what the demo is about."""

LATEST_PICTURE = "latest-case.jpg"
CHECKED_PICTURE = "camera-check-{number}.jpg"
CANDIDATES_MIN, HANDLED_AFTER_S = 2, 20.0
"""The demo's handler leaves something to the person at the page, and time to look at it."""


@dataclass(slots=True)
class View:
    """What is known of the demo right now."""

    cameras: list[Item] = field(default_factory=list)
    alerts: list[Item] = field(default_factory=list)
    cases: int = 0
    candidates: int = 0
    case: Item | None = None
    events: int = 0
    notices: int = 0
    notice: str = ""
    handled: str = ""
    told: tuple[Told, ...] = ()


class Watcher:
    """Reads central again and again; an event is counted once, and the newest case's picture is kept as a file."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._newest_event = ""
        self._pictured = ""
        self._handling = Handling(stage.api, stage.handler)
        self._candidate_since_s: float | None = None
        self.view = View()

    def look(self) -> None:
        """Bring `view` up to date, as far as central answers."""
        try:
            self._look(self._stage.api)
        except ApiUnavailable:
            return

    @property
    def picture(self) -> str:
        """Where the picture of `view.case` lies."""
        return str(self._stage.plan.folder / LATEST_PICTURE)

    def _look(self, api: CentralApi) -> None:
        view = self.view
        view.cameras = list(api.items("cameras"))
        view.alerts = list(api.items("alerts", state="open"))
        cases = list(api.items("cases"))
        view.cases = len(cases)
        view.candidates = sum(case["status"] == "candidate" for case in cases)
        view.events += self._new_events(api)
        notices = self._stage.receiver.notices
        view.notices, view.notice = len(notices), notices[-1].title if notices else ""
        self._keep_picture(api, cases)
        self._handle(api, [case for case in cases if case["status"] == "candidate"])

    def _handle(self, api: CentralApi, candidates: list[Item]) -> None:
        """Let the handler go on, once people have had time to look at the candidates; keep what the camera saw."""
        now_s = time.monotonic()
        if self._candidate_since_s is None and len(candidates) >= CANDIDATES_MIN:
            self._candidate_since_s = now_s
        if self._candidate_since_s is None or now_s - self._candidate_since_s < HANDLED_AFTER_S:
            return
        handling, known = self._handling, len(self.view.told)
        handling.go_on(candidates[1:])
        self.view.handled = handling.number if handling.step is not Step.CHOOSING else ""
        if len(handling.told) > known:
            content = api.picture(handling.told[-1].pictures[-1]) if handling.told[-1].pictures else None
            if content is not None:
                self.checked_picture(len(handling.told)).write_bytes(content)
            self.view.told = handling.told

    def checked_picture(self, number: int) -> Path:
        """Where what the camera saw at its check of this number lies."""
        return self._stage.plan.folder / CHECKED_PICTURE.format(number=number)

    def _new_events(self, api: CentralApi) -> int:
        """How many came since the last look; lists begin with the newest."""
        last, count = self._newest_event, 0
        for event in api.items("events"):
            if event["id"] == last:
                break
            if count == 0:
                self._newest_event = event["id"]
            count += 1
        return count

    def _keep_picture(self, api: CentralApi, cases: list[Item]) -> None:
        case = next((case for case in cases if case["status"] == "candidate" and _stored(case)), None)
        if case is None or case["id"] == self._pictured:
            return
        content = api.picture(_stored(case)[-1])
        if content is not None:
            (self._stage.plan.folder / LATEST_PICTURE).write_bytes(content)
            self._pictured, self.view.case = case["id"], case


def show(stage: Stage, language: Language) -> NoReturn:
    """Show the demo until somebody interrupts; raises `StageBroken` when broker or central ends by itself."""
    console = Console(highlight=False, soft_wrap=True)
    url = stage.plan.url
    console.print(ADDRESSES.say(language, url=url, token=stage.token), markup=False)
    camera = stage.plan.cameras[0]
    console.print(TRY.say(language, pid=stage.children[camera.key].pid, camera=camera.key), markup=False)
    watcher = Watcher(stage)
    if console.is_terminal:
        _show_live(stage, watcher, console, language)
    _show_lines(stage, watcher, console, language)


def _show_live(stage: Stage, watcher: Watcher, console: Console, language: Language) -> NoReturn:
    with Live(console=console, auto_refresh=False, transient=False) as live:
        while True:
            watcher.look()
            live.update(_screen(watcher, language), refresh=True)
            stage.look_after(VITAL)
            time.sleep(LOOK_EVERY_S)


def _show_lines(stage: Stage, watcher: Watcher, console: Console, language: Language) -> NoReturn:
    said: set[str] = set()
    while True:
        watcher.look()
        lines = _lines(watcher, language)
        for line in lines:
            if line not in said:
                console.print(line, markup=False)
        said = set(lines)
        stage.look_after(VITAL)
        time.sleep(LOOK_EVERY_S)


def _screen(watcher: Watcher, language: Language) -> RenderableType:
    view = watcher.view
    table = Table(*(column.say(language) for column in COLUMNS))
    for camera in view.cameras:
        state = Text(_state(camera, language), style=COLOURS.get(camera["state"], ""))
        is_seen = camera["state"] == CameraState.ONLINE and camera["fps"]
        table.add_row(
            camera["id"], camera["place"] or camera["name"], state, f"{camera['fps']:.1f}" if is_seen else "–"
        )
    counts = COUNTS.say(
        language, events=view.events, cases=view.cases, candidates=view.candidates, notices=view.notices
    )
    lines = [line for line in _lines(watcher, language) if line not in _camera_lines(view, language)]
    return Group(
        table,
        Text(counts),
        *(Text(line, overflow="fold", no_wrap=False) for line in lines),
        Text(CTRL_C.say(language), style="dim"),
    )


def _lines(watcher: Watcher, language: Language) -> list[str]:
    """Every fact worth a line, without counts that change all the time."""
    view = watcher.view
    lines = _camera_lines(view, language)
    if view.case is not None:
        values = {name: view.case[name] for name in ("number", "place")}
        facts = SCENES[Scene(view.case["scene"])]
        scene = facts.zh if language is Language.CHINESE else facts.en
        lines.append(CASE_LINE.say(language, **values, scene=scene, picture=watcher.picture))
    if view.handled:
        lines.append(DONE_LINE.say(language, number=view.handled))
    for number, told in enumerate(view.told, 1):
        picture = watcher.checked_picture(number) if told.pictures else "–"
        lines.append(CAMERA_WORDS[told.word].say(language, number=told.number, picture=picture))
    for alert in view.alerts[:ALERTS_SHOWN_MAX]:
        reason = REASONS.get(alert["reason"])
        why = reason.say(language) if reason else alert["reason"]
        lines.append(ALERT_LINE.say(language, subject=alert["subject"], reason=why))
    if view.notice:
        lines.append(NOTICE_LINE.say(language, title=view.notice))
    return lines


def _camera_lines(view: View, language: Language) -> list[str]:
    return [
        CAMERA_LINE.say(language, id=camera["id"], place=camera["place"], state=_state(camera, language))
        for camera in view.cameras
    ]


def _state(camera: Item, language: Language) -> str:
    state, reason = STATES.get(camera["state"]), REASONS.get(camera["reason"] or "")
    words = state.say(language) if state else str(camera["state"])
    return f"{words} ({reason.say(language)})" if reason else words


def _stored(case: Item) -> list[str]:
    return [picture["sha256"] for picture in case["evidence"] if picture["state"] == "stored"]

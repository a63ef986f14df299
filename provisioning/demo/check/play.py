"""Breaks the running demo, one part after the other, and notes how long each took to be told and to heal."""

import time
from dataclasses import replace

from provisioning.demo.central_api import Item
from provisioning.demo.check.facts import Played
from provisioning.demo.check.gathering import journal_of, waiting_on
from provisioning.demo.check.verdict import CAMERAS_MIN, OUTAGE_EVENTS_MIN
from provisioning.demo.handling import Handling, Step
from provisioning.demo.plan import BOXES, CENTRAL_ID, CameraPlan
from provisioning.demo.receiver import Notice
from provisioning.demo.stage import Stage, accepts
from provisioning.demo.words import (
    ALERT_SEEN,
    BOX_ALERT_SEEN,
    BOX_KILLED,
    BOX_RECOVERED,
    CAMERA_FOUND,
    CAMERA_KILLED,
    CAMERA_RECOVERED,
    CAMERA_SAID,
    CENTRAL_KILLED,
    CENTRAL_RETURNED,
    DRAINED,
    DRAINING,
    LIFE,
    NEVER,
    NOTICE_SEEN,
    OUTAGE_WRITTEN,
    WAITING_LIFE,
    Say,
)

LIFE_S = 100.0
HANDLED_S = 20.0
WORD_S = 90.0
"""Longer than central asks a camera by `CAMERA_CHECK`: what it cannot tell either is a word."""
ALERT_S = 30.0
NOTICE_S = 30.0
RECOVERY_S = 60.0
OUTAGE_S = 60.0
BOX_ALERT_S = 60.0
LINGER_S = 6.0
DRAIN_S = 60.0
STILL_S = 3.0
ONLINE, UNKNOWN = "online", "unknown"
CAMERA_OFFLINE, BOX_OFFLINE = "camera_offline", "box_offline"


class Play:
    """One run; `played` is what is known so far, also after `StageBroken`."""

    def __init__(self, stage: Stage, say: Say) -> None:
        self.played = Played()
        self._stage = stage
        self._say = say
        self._watched_box, self._killed_box = BOXES

    def run(self) -> None:
        """Play everything; raises `StageBroken`. A part that does not heal is noted, and the next one is played."""
        self._await_life()
        if self.played.started_s is None:
            return
        killed = self._stage.plan.cameras_of(self._watched_box)[0]
        handling, done_s = self._call_done(killed), time.perf_counter()
        self._kill_camera(killed)
        self._hear_camera(handling, done_s)
        self._kill_central()
        self._kill_box()
        self._drain()

    def _await_life(self) -> None:
        """Cameras online, and a candidate case whose picture can be downloaded."""
        self._say(WAITING_LIFE)
        alive, waited_s = self._stage.wait(lambda: self._has_cameras() and self._has_pictured_case(), LIFE_S)
        self.played = replace(self.played, cameras_online=len(self._cameras_in(ONLINE)))
        if not alive:
            self._say(NEVER, seconds=waited_s)
            return
        started_s = time.perf_counter() - self._stage.started_at_s
        self.played = replace(self.played, started_s=round(started_s, 2))
        self._say(LIFE, cameras=self.played.cameras_online, seconds=started_s)

    def _call_done(self, but: CameraPlan) -> Handling:
        """A case of another camera is called done; its camera looks while other things break."""
        handling = Handling(self._stage.api, self._stage.handler, frozenset({but.key}))

        def is_done() -> bool:
            handling.go_on(list(self._stage.api.items("cases", status="candidate")))
            return handling.step is Step.CHECKED

        self._stage.wait(is_done, HANDLED_S)
        return handling

    def _hear_camera(self, handling: Handling, done_s: float) -> None:
        """What the camera says, with its pictures; most often it has said it by now."""

        def has_said() -> bool:
            if handling.step is Step.CHECKED:
                handling.go_on([])
            return bool(handling.told)

        self._stage.wait(has_said, WORD_S)
        if not handling.told:
            self.played = replace(self.played, camera_looks=handling.looks)
            self._say(NEVER, seconds=WORD_S)
            return
        told = handling.told[0]
        self.played = replace(self.played, camera_word=told.word, camera_pictures=len(told.pictures))
        self._say(
            CAMERA_SAID, word=CAMERA_FOUND[told.word], pictures=len(told.pictures), seconds=self._seconds_since(done_s)
        )

    def _kill_camera(self, camera: CameraPlan) -> None:
        """A dead camera is told to the API and to a person, and comes back."""
        told = {alert["id"] for alert in self._alerts(CAMERA_OFFLINE)}
        killed_s = time.perf_counter()
        self._stage.children[camera.key].kill()
        self._say(CAMERA_KILLED, camera=camera.key)
        alerted, _ = self._stage.wait(lambda: self._new_alert(camera, told), ALERT_S)
        offline_s = self._seconds_since(killed_s) if alerted else None
        self._say(ALERT_SEEN if alerted else NEVER, seconds=offline_s or ALERT_S)
        notice, _ = self._stage.wait(lambda: self._notice_of(camera, killed_s), NOTICE_S)
        notified_s = round(notice.at_s - killed_s, 2) if notice else None
        self._say(NOTICE_SEEN if notice else NEVER, seconds=notified_s or NOTICE_S, text=notice.title if notice else "")
        self.played = replace(self.played, offline_alert_s=offline_s, notified_s=notified_s)
        recovered_s = self._restart_camera(camera)
        self.played = replace(self.played, recovered_s=recovered_s)

    def _restart_camera(self, camera: CameraPlan) -> float | None:
        """Seconds from the start of the camera's process until central shows it online."""
        started_s = time.perf_counter()
        self._stage.children[camera.key].start()
        recovered, _ = self._stage.wait(
            lambda: accepts(camera.port) and camera.key in self._cameras_in(ONLINE), RECOVERY_S
        )
        recovered_s = self._seconds_since(started_s) if recovered else None
        self._say(CAMERA_RECOVERED if recovered else NEVER, seconds=recovered_s or RECOVERY_S)
        return recovered_s

    def _kill_central(self) -> None:
        """While central is dead the boxes write on; afterwards they find it again."""
        heard = self._heard()
        self._stage.children[CENTRAL_ID].kill()
        self._say(CENTRAL_KILLED)
        before = self._written()
        self._stage.wait(lambda: self._written() - before >= OUTAGE_EVENTS_MIN, OUTAGE_S)
        started_s = time.perf_counter()
        written = self._written() - before
        self._say(OUTAGE_WRITTEN, count=written)
        returned = self._stage.start_central() and self._stage.wait(lambda: not heard & self._heard(), RECOVERY_S)[0]
        returned_s = self._seconds_since(started_s) if returned else None
        self._say(CENTRAL_RETURNED if returned_s is not None else NEVER, seconds=returned_s or 0.0)
        self.played = replace(self.played, outage_events=written, central_returned_s=returned_s)

    def _kill_box(self) -> None:
        """A dead box is one alert, and its cameras are unknown, not offline."""
        box = self._killed_box
        cameras = self._stage.plan.cameras_of(box)
        self._stage.wait(lambda: all(camera.key in self._cameras_in(ONLINE) for camera in cameras), RECOVERY_S)
        told = {alert["id"] for alert in self._alerts(CAMERA_OFFLINE)}
        killed_s = time.perf_counter()
        self._stage.children[box].kill()
        self._say(BOX_KILLED, box=box)
        alerted, _ = self._stage.wait(lambda: self._alerts(BOX_OFFLINE), BOX_ALERT_S)
        box_offline_s = self._seconds_since(killed_s) if alerted else None
        unknown, _ = self._stage.wait(
            lambda: all(camera.key in self._cameras_in(UNKNOWN) for camera in cameras), LINGER_S
        )
        self._stage.wait(lambda: None, LINGER_S)
        self.played = replace(self.played, box_offline_s=box_offline_s, cameras_unknown=bool(unknown))
        self._say(BOX_ALERT_SEEN, count=len(self._alerts(BOX_OFFLINE)), unknown=len(self._cameras_in(UNKNOWN)))
        self._restart_box(box, told)

    def _restart_box(self, box: str, told: set[str]) -> None:
        cameras = self._stage.plan.cameras_of(box)
        started_s = time.perf_counter()
        self._stage.children[box].start()
        recovered, _ = self._stage.wait(
            lambda: box in self._boxes_online() and all(camera.key in self._cameras_in(ONLINE) for camera in cameras),
            RECOVERY_S,
        )
        recovered_s = self._seconds_since(started_s) if recovered else None
        self._say(BOX_RECOVERED if recovered else NEVER, seconds=recovered_s or RECOVERY_S)
        of_box = [alert for alert in self._alerts(CAMERA_OFFLINE) if alert["box"] == box and alert["id"] not in told]
        self.played = replace(
            self.played,
            box_recovered_s=recovered_s,
            box_offline_alerts=len(self._alerts(BOX_OFFLINE)),
            camera_offline_of_lost_box=len(of_box),
        )

    def _drain(self) -> None:
        """Nothing new comes any more: the boxes must get rid of all that they have."""
        self._say(DRAINING)
        for camera in self._stage.plan.cameras:
            self._stage.children[camera.key].ask_to_end()
        started_s = time.perf_counter()
        still_since, written = started_s, -1

        def is_drained() -> bool:
            nonlocal still_since, written
            if self._written() != written or any(waiting_on(self._stage.plan, box) for box in BOXES):
                still_since, written = time.perf_counter(), self._written()
            return time.perf_counter() - still_since >= STILL_S

        drained, _ = self._stage.wait(is_drained, DRAIN_S)
        drained_s = self._seconds_since(started_s) if drained else None
        self._say(DRAINED if drained else NEVER, seconds=drained_s or DRAIN_S)
        self.played = replace(self.played, drained_s=drained_s)

    def _has_cameras(self) -> bool:
        return len(self._cameras_in(ONLINE)) >= CAMERAS_MIN

    def _has_pictured_case(self) -> bool:
        api = self._stage.api
        cases = api.items("cases", status="candidate")
        pictures = (picture["sha256"] for case in cases for picture in case["evidence"] if picture["state"] == "stored")
        return any(api.picture(sha256) for sha256 in pictures)

    def _cameras_in(self, state: str) -> set[str]:
        return {camera["id"] for camera in self._stage.api.items("cameras") if camera["state"] == state}

    def _heard(self) -> set[tuple[str, str | None]]:
        """When central last heard each box."""
        return {(box["id"], box["heard_at"]) for box in self._stage.api.items("boxes")}

    def _boxes_online(self) -> set[str]:
        return {box["id"] for box in self._stage.api.items("boxes") if box["state"] == ONLINE}

    def _alerts(self, kind: str) -> list[Item]:
        return [alert for alert in self._stage.api.items("alerts") if alert["kind"] == kind]

    def _new_alert(self, camera: CameraPlan, told: set[str]) -> bool:
        return any(alert["subject"] == camera.key and alert["id"] not in told for alert in self._alerts(CAMERA_OFFLINE))

    def _notice_of(self, camera: CameraPlan, since_s: float) -> Notice | None:
        found = (notice for notice in self._stage.receiver.notices if notice.at_s >= since_s)
        return next((notice for notice in found if camera.name in notice.title + notice.text), None)

    def _written(self) -> int:
        return sum(len(journal_of(self._stage.plan, box)) for box in BOXES)

    @staticmethod
    def _seconds_since(start_s: float) -> float:
        return round(time.perf_counter() - start_s, 2)

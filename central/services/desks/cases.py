"""Turns scene events into cases, inside one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from central.core.case_machine import OPEN, CaseAction, CaseStatus, Doer, Post, Wish, act, begin
from central.core.case_machine.stages import timed
from central.core.case_machine.words import BEFORE_REGISTERED
from central.core.cases.casefile import Case, CaseStep, Episode, Occurrence, StepKind, case_digest, case_number
from central.core.cases.intake import (
    AttachTo,
    Ignore,
    IntakePolicy,
    MergeInto,
    OpenCase,
    Reopen,
    Sighting,
    decide,
    near_of,
    spot_of,
    stays,
)
from central.core.fleet.devices import Camera
from central.core.places import Position
from central.core.values import Actor, ActorKind, CaseSource, derived_id
from central.services.desks.facts import keep_facts
from central.stores.ports import Unit
from protocol.identifiers import camera_key
from protocol.messages import EndReason, SceneEvent, SceneMessage, ScenePhase

RECURRENCE = Actor(ActorKind.RULE, "recurrence")
"""Who opens a closed case again because its cause is back (复发)."""
SEEN_AGAIN = "seen_again"


@dataclass(frozen=True, slots=True)
class SceneReport:
    """A scene event with what reception found out: the camera's key, when it was by central's clock."""

    event: str
    box: str
    camera: str
    scene: SceneEvent
    sighting: Sighting


def scene_report(box: str, message: SceneMessage, corrected_time: datetime) -> SceneReport:
    """Put a scene event into central's terms."""
    scene, shift = message.data, corrected_time - message.time
    camera = camera_key(box, scene.camera)
    first = min(scene.started_at, scene.last_seen_at, message.time)
    last = min(max(first, scene.last_seen_at, scene.ended_at or first), message.time)
    spot = spot_of(camera, scene.zone, scene.scene)
    has_left = scene.phase is ScenePhase.ENDED and scene.end_reason is EndReason.LEFT
    sighting = Sighting(scene.episode, spot, scene.scene, first + shift, last + shift, camera, has_left=has_left)
    return SceneReport(message.id, box, camera, scene, sighting)


class CaseDesk:
    """Load once, take each report in turn, flush once."""

    def __init__(self, unit: Unit, policy: IntakePolicy, now: datetime) -> None:
        self._unit = unit
        self._policy = policy
        self._now = now
        self._cases: dict[str, Case] = {}
        self._episodes: dict[str, Episode] = {}
        self._staying: dict[str, int] = {}
        self._at_spot: dict[str, set[str]] = {}
        self._of_people: set[str] = set()
        self._cameras: dict[str, Camera] = {}
        self._opened: dict[str, None] = {}
        self._changed: set[str] = set()
        self._changed_episodes: dict[str, None] = {}
        self._steps: list[tuple[CaseStep, Case]] = []

    def load(self, reports: Sequence[SceneReport]) -> None:
        """Fetch everything that deciding about `reports` needs."""
        if not reports:
            return
        stores = self._unit.cases
        self._cameras = dict(self._unit.cameras.get(sorted({report.camera for report in reports})))
        self._episodes = dict(stores.known_episodes([report.scene.episode for report in reports]))
        spots = sorted({report.sighting.spot for report in reports})
        near = [near_of(camera, place, self._policy.near) for camera, place in self._places(reports)]
        scenes = sorted({report.scene.scene for report in reports})
        told = stores.open_near(scenes, near, of_people=True)
        of_episodes = [episode.case for episode in self._episodes.values()]
        self._remember(stores.get([*stores.open_at(spots), *stores.last_closed(spots), *told, *of_episodes]).values())
        self._staying = dict(stores.staying(list(self._cases)))

    def take(self, report: SceneReport) -> str | None:
        """Decide and note the consequences; returns the case of the report."""
        camera = self._cameras.get(report.camera)
        sighting = replace(report.sighting, position=camera.position if camera is not None else None)
        episode = self._episodes.get(sighting.episode)
        known = self._cases[episode.case] if episode is not None else None
        around = self._at_spot.get(sighting.spot, set()) | self._of_people
        decision = decide(sighting, known, [self._cases[case] for case in around], self._policy)
        match decision:
            case OpenCase(recurrence_of=earlier):
                case = self._open(report, sighting, self._cases.get(earlier))
                kind = Occurrence.OPENED
            case MergeInto(case=into):
                case, kind = self._cases[into], Occurrence.MERGED
            case AttachTo(case=into):
                case, kind = self._cases[into], Occurrence.EPISODE_SEEN
            case Reopen(case=again):
                case = self._reopen(report, self._cases[again])
                kind = Occurrence.MERGED if known is None else Occurrence.EPISODE_SEEN
            case Ignore():
                return None
            case _:
                assert_never(decision)
        self._see(case, sighting)
        self._note_episode(report, case.id, kind)
        self._close_if_left(report, case.id)
        return case.id

    def flush(self) -> None:
        """Write everything."""
        opened = [self._cases[case] for case in self._opened]
        if opened:
            day = self._now.astimezone(self._policy.timezone).date()
            first = self._unit.case_numbers.take(day, len(opened))
            opened = [replace(case, number=case_number(day, first + i)) for i, case in enumerate(opened)]
        numbers = {case.id: case.number for case in opened}
        changed = [self._cases[case] for case in sorted(self._changed - self._opened.keys())]
        self._unit.cases.save(opened, changed, [self._episodes[episode] for episode in self._changed_episodes])
        steps = [
            replace(step, state=case_digest(replace(case, number=numbers.get(case.id, case.number))))
            for step, case in self._steps
        ]
        self._unit.history.append(steps)
        now = self._cases | {case.id: case for case in opened}
        keep_facts(self._unit, now, steps, self._policy.timing.clockwork)

    def _places(self, reports: Sequence[SceneReport]) -> Iterable[tuple[str, Position | None]]:
        for camera in sorted({report.camera for report in reports}):
            known = self._cameras.get(camera)
            yield camera, known.position if known is not None else None

    def _remember(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._cases[case.id] = case
            if case.spot is not None:
                self._at_spot.setdefault(case.spot, set()).add(case.id)
            elif case.status in OPEN:
                self._of_people.add(case.id)

    def _open(self, report: SceneReport, sighting: Sighting, earlier: Case | None) -> Case:
        camera = self._cameras.get(report.camera)
        place = sighting.position.rounded if sighting.position is not None else None
        doer, timing = _doer(report), self._policy.timing
        state, runs = timed((), None, begin(Wish(CaseAction.DETECT), doer, self._now), self._now, timing)
        case = Case(
            id=derived_id("case", report.event),
            number="",
            state=state,
            runs=runs,
            source=CaseSource.DETECTOR,
            reporter=report.box,
            opened_at=self._now,
            updated_at=self._now,
            first_seen_at=sighting.first_seen_at,
            last_seen_at=sighting.last_seen_at,
            box=report.box,
            camera=report.camera,
            zone=report.scene.zone,
            scene=report.scene.scene,
            label=report.scene.label,
            place=(camera.place or camera.name) if camera is not None else "",
            opened_by_event=report.event,
            spot=sighting.spot,
            latitude=place.latitude if place is not None else None,
            longitude=place.longitude if place is not None else None,
            grid=self._unit.places.grid_at(place) if place is not None else "",
            recurrence_of=earlier.id if earlier is not None else "",
            recurrence=earlier.recurrence + 1 if earlier is not None else 0,
        )
        self._remember([case])
        self._opened[case.id] = None
        return case

    def _reopen(self, report: SceneReport, closed: Case) -> Case:
        doer = Doer(RECURRENCE.name, frozenset({Post.CLOCK}))
        again = act(closed.state, Wish(CaseAction.REOPEN, SEEN_AGAIN), doer, self._now)
        state, runs = timed(closed.runs, closed.state, again, self._now, self._policy.timing)
        self._cases[closed.id] = replace(closed, state=state, runs=runs, version=closed.version + 1)
        self._step(report, closed.id, CaseAction.REOPEN, closed.status, SEEN_AGAIN, RECURRENCE)
        return self._cases[closed.id]

    def _see(self, case: Case, sighting: Sighting) -> None:
        self._cases[case.id] = replace(
            case,
            updated_at=self._now,
            first_seen_at=min(case.first_seen_at, sighting.first_seen_at),
            last_seen_at=max(case.last_seen_at, sighting.last_seen_at),
        )
        self._changed.add(case.id)

    def _note_episode(self, report: SceneReport, case: str, kind: StepKind) -> None:
        scene = report.scene
        episode = self._episodes.get(scene.episode) or Episode(scene.episode, case)
        ended = scene.phase is ScenePhase.ENDED
        if kind is not Occurrence.EPISODE_SEEN:
            self._step(report, case, kind, None if kind is Occurrence.OPENED else self._cases[case].status)
        if ended and episode.ended_at is None:
            episode = replace(episode, ended_at=report.sighting.last_seen_at, end_reason=scene.end_reason)
        if ended:
            self._step(report, case, Occurrence.EPISODE_ENDED, self._cases[case].status, str(scene.end_reason or ""))
        elif kind is Occurrence.EPISODE_SEEN:
            self._step(report, case, kind, self._cases[case].status)
        self._keep(episode)

    def _keep(self, episode: Episode) -> None:
        before = self._episodes.get(episode.id)
        stayed = before is not None and stays(before)
        self._staying[episode.case] = self._staying.get(episode.case, 0) + stays(episode) - stayed
        self._episodes[episode.id] = episode
        self._changed_episodes[episode.id] = None

    def _close_if_left(self, report: SceneReport, case: str) -> None:
        """A person's case is for a person to end: what the camera saw leave may be another thing."""
        before, doer = self._cases[case], _doer(report)
        if before.source is not CaseSource.DETECTOR:
            return
        if self._staying.get(case, 0) > 0 or before.status not in BEFORE_REGISTERED:
            return
        gone = act(before.state, Wish(CaseAction.GONE), doer, self._now)
        state, runs = timed(before.runs, before.state, gone, self._now, self._policy.timing)
        self._cases[case] = replace(before, state=state, runs=runs, version=before.version + 1)
        self._step(report, case, CaseAction.GONE, before.status)

    def _step(  # noqa: PLR0913, PLR0917 - a line is all of this
        self,
        report: SceneReport,
        case: str,
        kind: StepKind,
        before: CaseStatus | None,
        reason: str = "",
        actor: Actor | None = None,
    ) -> None:
        who, after = actor or Actor(ActorKind.BOX, report.box), self._cases[case].status
        step = CaseStep(case, self._now, kind, who, before, after, reason, event=report.event)
        self._steps.append((step, self._cases[case]))


def _doer(report: SceneReport) -> Doer:
    return Doer(report.box, frozenset({Post.CAMERA}))

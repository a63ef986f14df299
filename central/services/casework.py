"""Cases for people: open, look, decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from central.core.access import PERMISSIONS, Permission, may
from central.core.cases import ActionChoice, RoleRefused, StaleVersion, allowed_actions, case_number, transition
from central.core.devices import Camera, CommandRecord
from central.core.feedback import EPISODES_TOLD_MAX, judged, judgement_of
from central.core.values import (
    Actor,
    Case,
    CaseAction,
    CaseSource,
    CaseStatus,
    CaseStep,
    CaseView,
    CommandState,
    Event,
    Page,
    RandomBytes,
    RejectReason,
    StepKind,
)
from central.stores.ports import CaseFilter, EventFilter, EvidenceLink, PageRequest, Stores, Unit
from protocol.messages import EvidenceKind, EvidenceRef, Judgement, SceneEvent

NOTE_LENGTH_MAX = 1000
TEXT_LENGTH_MAX = 1000
PICTURES_MAX = 16


class CaseUnknown(LookupError):
    """There is no such case."""


class ReportRefused(ValueError):
    """The report of a person cannot become a case; the text says why."""


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What a person reports. `reporter` is who told them (a caller, a paper); `camera` a camera key, if any.

    `evidence` are hashes of pictures uploaded before. `place` or `camera` must be given.
    """

    source: CaseSource
    reporter: str
    place: str = ""
    description: str = ""
    scene: str | None = None
    camera: str | None = None
    evidence: tuple[str, ...] = ()


class Casework:
    """`timezone` decides the day in case numbers."""

    def __init__(self, stores: Stores, timezone: tzinfo) -> None:
        self._stores = stores
        self._timezone = timezone

    def open_by_person(self, report: PersonReport, actor: Actor, now: datetime, random: RandomBytes) -> CaseView:
        """Open an accepted case for a person's report (operators only).

        Raises `ReportRefused` (source `detector`, no place, unknown camera or picture) or `RoleRefused`.
        """
        if not may(actor.role, Permission.DECIDE):
            raise RoleRefused("opening a case", PERMISSIONS[Permission.DECIDE])
        _check(report)
        case_id = f"case-{random(16).hex()}"
        with self._stores.writing() as unit:
            camera = _camera(unit, report.camera)
            links = [_link(unit, sha256, case_id, now) for sha256 in dict.fromkeys(report.evidence)]
            day = now.astimezone(self._timezone).date()
            case = Case(
                id=case_id,
                number=case_number(day, unit.case_numbers.take(day, 1)),
                status=CaseStatus.ACCEPTED,
                source=report.source,
                reporter=report.reporter or actor.name,
                opened_at=now,
                updated_at=now,
                first_seen_at=now,
                last_seen_at=now,
                box=camera.box if camera is not None else None,
                camera=report.camera,
                scene=report.scene,
                place=report.place or (camera.place or camera.name if camera is not None else ""),
                description=report.description,
            )
            unit.cases.save([case], [], [])
            unit.history.append([CaseStep(case.id, now, StepKind.OPENED, actor, None, case.status)])
            unit.evidence.refer(links, now)
            return _views(unit, [case])[0]

    def act(  # noqa: PLR0913 - an action is all of this
        self,
        case: str,
        action: CaseAction,
        actor: Actor,
        *,
        expected_version: int,
        now: datetime,
        reason: RejectReason | None = None,
        note: str = "",
    ) -> CaseView:
        """Change a case's status and append to its history, in one transaction.

        Raises `CaseUnknown`, `StaleVersion`, `IllegalTransition`, `RoleRefused`, `ReasonMissing`.
        """
        with self._stores.writing() as unit:
            before = _one(unit, case)
            if before.version != expected_version:
                raise StaleVersion(expected_version, before.version)
            status = transition(before.status, action, actor, reason)
            after = replace(before, status=status, version=before.version + 1, updated_at=now)
            step = CaseStep(
                case=case,
                at=now,
                kind=StepKind(action),
                actor=actor,
                from_status=before.status,
                to_status=status,
                reason=str(reason or ""),
                note=note[:NOTE_LENGTH_MAX],
            )
            unit.cases.save([], [after], [])
            unit.history.append([step])
            _tell_boxes(unit, after, judgement_of(action, reason), step)
            return _views(unit, [after])[0]

    def cases(self, wanted: CaseFilter, page: PageRequest) -> Page[CaseView]:
        """Newest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            found = unit.cases.find(wanted, page)
            return Page(_views(unit, found.items), found.next)

    def case(self, case: str) -> CaseView:
        """One case; raises `CaseUnknown`."""
        with self._stores.reading() as unit:
            return _views(unit, [_one(unit, case)])[0]

    def history(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """Oldest first; raises `CaseUnknown`, `BadCursor`."""
        with self._stores.reading() as unit:
            _one(unit, case)
            return unit.history.of_case(case, page)

    def actions(self, case: str, actor: Actor) -> tuple[ActionChoice, ...]:
        """Every action, allowed or why not, for this person; raises `CaseUnknown`."""
        with self._stores.reading() as unit:
            return allowed_actions(_one(unit, case).status, actor)

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """Newest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.inbox.events(wanted, page)


def _tell_boxes(unit: Unit, case: Case, judgement: Judgement | None, step: CaseStep) -> None:
    """Let the box learn what a person said about its newest episodes; another decision supersedes."""
    if judgement is None or case.box is None:
        return
    box = unit.boxes.get([case.box]).get(case.box)
    if box is None:
        return
    reason = RejectReason(step.reason) if step.reason else None
    for episode in unit.cases.episodes([case.id]).get(case.id, ())[-EPISODES_TOLD_MAX:]:
        for event in unit.inbox.events(EventFilter(box=case.box, episode=episode.id), PageRequest(1)).items:
            scene = SceneEvent.model_validate(event.data)
            command = judged(case, scene, judgement, reason, step.at)
            record = CommandRecord(
                command, box.site, case.box, CommandState.REQUESTED, step.actor.name, step.at, step.at
            )
            unit.commands.add(record)


def _check(report: PersonReport) -> None:
    if report.source is CaseSource.DETECTOR:
        raise ReportRefused("source detector is for boxes; a person reports as one of the others")
    if not report.place.strip() and report.camera is None:
        raise ReportRefused("say where it is: a place or a camera")
    if max(len(report.place), len(report.description), len(report.reporter)) > TEXT_LENGTH_MAX:
        raise ReportRefused(f"place, description and reporter may have {TEXT_LENGTH_MAX} characters each")
    if len(report.evidence) > PICTURES_MAX:
        raise ReportRefused(f"at most {PICTURES_MAX} pictures")


def _camera(unit: Unit, key: str | None) -> Camera | None:
    if key is None:
        return None
    camera = unit.cameras.get([key]).get(key)
    if camera is None:
        raise ReportRefused("there is no such camera; give its id as box.camera, or a place instead")
    return camera


def _link(unit: Unit, sha256: str, case: str, now: datetime) -> EvidenceLink:
    picture = unit.evidence.get(sha256)
    if picture is None or picture.stored_at is None or not picture.bytes:
        raise ReportRefused("a picture is not here; upload it first, then report")
    ref = EvidenceRef(sha256=sha256, bytes=picture.bytes, at=now, kind=EvidenceKind.SNAPSHOT)
    return EvidenceLink(ref, picture.box, case=case)


def _one(unit: Unit, case: str) -> Case:
    found = unit.cases.get([case]).get(case)
    if found is None:
        raise CaseUnknown("there is no such case")
    return found


def _views(unit: Unit, cases: Sequence[Case]) -> tuple[CaseView, ...]:
    ids = [case.id for case in cases]
    episodes, evidence = unit.cases.episodes(ids), unit.evidence.of_cases(ids)
    nowhere = sorted({case.camera for case in cases if case.camera is not None and not case.place})
    cameras = unit.cameras.get(nowhere)
    return tuple(
        CaseView(_placed(case, cameras), episodes.get(case.id, ()), evidence.get(case.id, ())) for case in cases
    )


def _placed(case: Case, cameras: Mapping[str, Camera]) -> Case:
    """Its place, also when the box said only later where the camera is."""
    camera = cameras.get(case.camera or "")
    return case if camera is None else replace(case, place=camera.place or camera.name)

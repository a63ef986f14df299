"""People's reports, inside one transaction: each opens a case, or joins the open one that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from central.core.case_machine import CaseAction, CaseState, CaseStatus, Wish
from central.core.cases.casefile import Case, Report
from central.core.cases.intake import MergeInto, Nearness, Told, decide_told, near_of
from central.core.fleet.devices import Camera
from central.core.places import Crs, Position, to_wgs84
from central.core.values import CaseSource
from central.services.desks.actions import ActionDesk
from central.stores.ports import EvidenceLink, Unit
from protocol.messages import EvidenceKind, EvidenceRef

TEXT_LENGTH_MAX = 1000
PICTURES_MAX = 16


class PictureMissing(ValueError):
    """A picture that somebody names is not here."""


class ReportRefused(ValueError):
    """The report of a person cannot become a case; the text says why."""


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What a person reports. `reporter` is who told them (a caller, a paper); `camera` a camera key, if any.

    `evidence` are hashes of pictures uploaded before. `place`, `position` (in `crs`) or `camera` must be given.
    `self_handled`: the reporter has dealt with it (自行处置); the pictures show before and after. `join`: it may join
    an open case.
    """

    source: CaseSource
    reporter: str
    place: str = ""
    description: str = ""
    scene: str | None = None
    camera: str | None = None
    evidence: tuple[str, ...] = ()
    self_handled: bool = False
    position: Position | None = None
    join: bool = True
    crs: Crs = Crs.WGS84


class ReportDesk:
    """Takes one report. `desk` acts for whoever enters it; `case` is the id of the case that it may open."""

    def __init__(self, unit: Unit, desk: ActionDesk, near: Nearness, now: datetime) -> None:
        self._unit = unit
        self._desk = desk
        self._near = near
        self._now = now

    def take(self, told: PersonReport, taken_by: str, case: str) -> tuple[Case, bool]:
        """The case that the report is about, and whether it was there before.

        Raises `ReportRefused` (source `detector`, no place, unknown camera or picture) or `CaseProblem`.
        """
        _check(told)
        camera = self._camera(told.camera)
        here = to_wgs84(told.position, told.crs) if told.position is not None else None
        position = here or (camera.position if camera is not None else None)
        report = _report(told, position, taken_by, case, self._now)
        joined = self._joined(told, position)
        if joined is not None:
            report = replace(report, case=joined.id)
        try:
            links = picture_links(self._unit, told.evidence, report.case, self._now)
        except PictureMissing as missing:
            raise ReportRefused(str(missing)) from None
        if joined is not None:
            found = self._desk.join(joined, report, told.evidence)
        else:
            action = CaseAction.SELF_HANDLE if told.self_handled else CaseAction.REPORT
            grid = self._unit.places.grid_at(position) if position is not None else ""
            found = self._desk.open(_case(told, report, camera, grid), Wish(action, pictures=len(links)))
        self._desk.flush()
        self._unit.cases.add_reports([report])
        self._unit.evidence.refer(links, self._now)
        return found, joined is not None

    def _joined(self, told: PersonReport, position: Position | None) -> Case | None:
        if not told.join or told.self_handled or told.scene is None:
            return None
        around = near_of(told.camera, position, self._near)
        found = self._unit.cases.open_near([told.scene], [around], of_people=False)
        self._desk.lock(found)
        cases = [case for one in found if (case := self._desk.case(one)) is not None]
        decision = decide_told(Told(self._now, told.scene, told.camera, position), cases, self._near)
        return self._desk.case(decision.case) if isinstance(decision, MergeInto) else None

    def _camera(self, key: str | None) -> Camera | None:
        if key is None:
            return None
        camera = self._unit.cameras.get([key]).get(key)
        if camera is None:
            raise ReportRefused("there is no such camera; give its id as box.camera, or a place instead")
        return camera


def picture_links(unit: Unit, hashes: Sequence[str], case: str, now: datetime) -> list[EvidenceLink]:
    """References of a case to pictures that were uploaded before, each once. Raises `PictureMissing`."""
    return [_link(unit, sha256, case, now) for sha256 in dict.fromkeys(hashes)]


def _link(unit: Unit, sha256: str, case: str, now: datetime) -> EvidenceLink:
    picture = unit.evidence.get(sha256)
    if picture is None or picture.stored_at is None or not picture.bytes:
        raise PictureMissing("a picture is not here; upload it first, then name it")
    ref = EvidenceRef(sha256=sha256, bytes=picture.bytes, at=now, kind=EvidenceKind.SNAPSHOT)
    return EvidenceLink(ref, picture.box, case=case)


def _check(report: PersonReport) -> None:
    if report.source is CaseSource.DETECTOR:
        raise ReportRefused("source detector is for boxes; a person reports as one of the others")
    if not report.place.strip() and report.camera is None and report.position is None:
        raise ReportRefused("say where it is: a place, a position or a camera")
    if max(len(report.place), len(report.description), len(report.reporter)) > TEXT_LENGTH_MAX:
        raise ReportRefused(f"place, description and reporter may have {TEXT_LENGTH_MAX} characters each")
    if len(report.evidence) > PICTURES_MAX:
        raise ReportRefused(f"at most {PICTURES_MAX} pictures")


def _report(told: PersonReport, position: Position | None, taken_by: str, case: str, now: datetime) -> Report:
    at = position.rounded if position is not None else None
    return Report(
        case,
        now,
        told.source,
        told.reporter or taken_by,
        told.place,
        told.description,
        at.latitude if at is not None else None,
        at.longitude if at is not None else None,
        taken_by,
        told.crs if told.position is not None else Crs.WGS84,
    )


def _case(told: PersonReport, report: Report, camera: Camera | None, grid: str) -> Case:
    return Case(
        id=report.case,
        number="",
        state=CaseState(CaseStatus.REPORTED),
        source=report.source,
        reporter=report.reporter,
        opened_at=report.at,
        updated_at=report.at,
        first_seen_at=report.at,
        last_seen_at=report.at,
        box=camera.box if camera is not None else None,
        camera=told.camera,
        scene=told.scene,
        place=told.place or (camera.place or camera.name if camera is not None else ""),
        description=told.description,
        latitude=report.latitude,
        longitude=report.longitude,
        grid=grid,
    )

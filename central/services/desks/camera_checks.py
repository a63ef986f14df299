"""What a check by camera reads and writes inside one transaction."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from pydantic import JsonValue

from central.core.camera_check import (
    Ask,
    CameraCheck,
    Circumstances,
    Look,
    Obstacle,
    Verdict,
    Wait,
    next_step,
)
from central.core.case_machine import CameraWord, CaseAction, CaseStatus, Stage, Wish
from central.core.cases.casefile import Case, Occurrence
from central.core.fleet.devices import Box, CommandRecord
from central.core.values import Actor, ActorKind, BoxCondition, CommandState, derived_id
from central.services.desks.actions import ActionDesk, CaseRules
from central.stores.ports import EventFilter, EvidenceLink, PageRequest, Unit
from protocol.identifiers import camera_key
from protocol.messages import CameraState, Command, CommandName, SceneEvent

CHECKER = Actor(ActorKind.RULE, "camera_check")
"""Who asks the camera, tells that it cannot tell, and closes where the city wants that."""
NO_ANSWER = "the box gave no answer in time"
_ACTIONS = {
    CameraWord.CLEAR: CaseAction.PASS,
    CameraWord.STILL_THERE: CaseAction.FAIL,
    CameraWord.GONE_BEFORE: CaseAction.GONE,
}


def begin(unit: Unit, case: Case, rules: CaseRules, now: datetime) -> Case:
    """Begin the check of a case that its handler has just called done; a person checks at once where no camera can."""
    if not rules.check.enabled:
        return case
    run = next((run for run in reversed(case.runs) if run.stage is Stage.CHECKING and run.ended_at is None), None)
    check = CameraCheck(
        id=derived_id("check", case.id, str(case.version)),
        case=case.id,
        handled_at=now,
        terms=rules.check.of(case.scene),
        taken_at=case.state.taken_at,
        due_at=run.deadline(rules.timing.clockwork).due if run is not None else None,
        next_at=now,
    )
    desk = ActionDesk(unit, rules, CHECKER, now)
    desk.lock([case.id])
    facts = circumstances(unit, case)
    if facts.obstacle is None:
        heard = desk.hear_camera(case, CameraWord.LOOKING, Occurrence.CAMERA_ASKED, {"check": check.id})
    else:
        verdict = next_step(check, facts, now)
        assert isinstance(verdict, Verdict)  # noqa: S101 - where no camera can be asked there is nothing to wait for
        check = replace(check, verdict=verdict, next_at=None)
        heard = desk.hear_camera(case, verdict.word, Occurrence.CAMERA_CANNOT_TELL, _told(check, verdict))
    desk.flush()
    unit.checks.add(check)
    return heard


def advance(unit: Unit, case: str, rules: CaseRules, now: datetime) -> None:
    """Take the next step of the newest check of a case, if it is not over."""
    desk = ActionDesk(unit, rules, CHECKER, now)
    desk.lock(sorted({case, *unit.cases.related(case)}))
    held, checks = desk.case(case), unit.checks.of_cases([case]).get(case, ())
    for outdated in checks[:-1]:
        if outdated.next_at is not None:
            unit.checks.save(replace(outdated, next_at=None))
    if held is None or not checks or checks[-1].next_at is None:
        return
    check = _with_answer(unit, held, checks[-1], now)
    if held.status is not CaseStatus.AWAITING_CHECK or held.state.camera is not CameraWord.LOOKING:
        unit.checks.save(replace(check, next_at=None))
        return
    match next_step(check, circumstances(unit, held), now):
        case Ask(seconds=seconds, timeout_s=timeout_s):
            unit.checks.save(_asked(unit, held, check, (seconds, timeout_s), now))
        case Wait(until=until):
            unit.checks.save(replace(check, next_at=until))
        case Verdict() as verdict:
            check = replace(check, verdict=verdict, next_at=None)
            unit.checks.save(check)
            _obey(unit, desk, held, check, rules, now)
        case never:
            assert_never(never)


def circumstances(unit: Unit, case: Case) -> Circumstances:
    """What central knows of the case's camera now."""
    if case.box is None or case.camera is None:
        return Circumstances(Obstacle.NO_CAMERA)
    box, camera = unit.boxes.peek([case.box]).get(case.box), unit.cameras.get([case.camera]).get(case.camera)
    if box is None or camera is None or camera.retired_at is not None:
        return Circumstances(Obstacle.NO_CAMERA)
    ids = [case.id, *unit.cases.merged_into([case.id]).get(case.id, ())]
    episodes = tuple(one for found in unit.cases.episodes(ids).values() for one in found)
    return Circumstances(_obstacle(case, box, camera.state), camera.kind == "dome", episodes)


def _obstacle(case: Case, box: Box, camera: CameraState) -> Obstacle | None:
    if case.zone is None:
        return Obstacle.NO_ZONE
    if box.state is not BoxCondition.ONLINE:
        return Obstacle.BOX_OFFLINE
    if camera is CameraState.OFFLINE:
        return Obstacle.CAMERA_OFFLINE
    return Obstacle.CANNOT_LOOK if box.commands and CommandName.LOOK not in box.commands else None


def _with_answer(unit: Unit, case: Case, check: CameraCheck, now: datetime) -> CameraCheck:
    """The check with what the box has answered to its running look; the pictures become the case's."""
    running = check.running
    if running is None:
        return check
    record = unit.commands.get([running.command]).get(running.command)
    is_final = record is not None and record.state in {CommandState.DONE, CommandState.FAILED, CommandState.EXPIRED}
    if record is None or not is_final:
        is_late = check.next_at is not None and now >= check.next_at
        return _with_look(check, replace(running, failure=NO_ANSWER)) if is_late else check
    if record.state is not CommandState.DONE or record.finding is None:
        return _with_look(check, replace(running, failure=record.detail or NO_ANSWER))
    links = [EvidenceLink(one, record.box, case=case.id, command=running.command) for one in record.pictures]
    unit.evidence.refer(links, now)
    return _with_look(check, _answered(running, record, _clock_offset(unit, record.box)))


def _answered(look: Look, record: CommandRecord, offset: timedelta) -> Look:
    """Times on central's clock: no look begins before it was asked, or ends after its answer came."""
    finding = record.finding
    assert finding is not None  # noqa: S101 - the caller has looked
    length = max(finding.until - finding.since, timedelta())
    began_at = max(look.asked_at, min(finding.since + offset, record.updated_at - length))
    ended_at = max(began_at, min(began_at + length, record.updated_at))
    return replace(look, began_at=began_at, ended_at=ended_at, finding=finding, pictures=record.pictures)


def _clock_offset(unit: Unit, box: str) -> timedelta:
    known = unit.boxes.peek([box]).get(box)
    return timedelta(milliseconds=known.clock_offset_ms or 0) if known is not None else timedelta()


def _with_look(check: CameraCheck, look: Look) -> CameraCheck:
    return replace(check, looks=(*check.looks[:-1], look))


def _asked(unit: Unit, case: Case, check: CameraCheck, how: tuple[float, float], now: datetime) -> CameraCheck:
    """The check with one more look, whose command waits to be published."""
    seconds, timeout_s = how
    seen = _newest_report(unit, case)
    command = Command(
        command=str(UUID(hashlib.sha256(f"{check.id}-{len(check.looks)}".encode()).hexdigest()[:32])),
        name=CommandName.LOOK,
        camera=(case.camera or "").removeprefix(camera_key(case.box or "", "")),
        deadline=now + timedelta(seconds=timeout_s),
        zone=case.zone,
        scene=case.scene,
        seconds=seconds,
        box=seen.box if seen is not None else None,
        stood_at=seen.started_at if seen is not None else None,
    )
    box = unit.boxes.peek([case.box or ""])[case.box or ""]
    unit.commands.add(CommandRecord(command, box.site, box.id, CommandState.REQUESTED, CHECKER.name, now, now))
    after = replace(check, looks=(*check.looks, Look(command.command, now)))
    step = next_step(after, circumstances(unit, case), now)
    return replace(after, next_at=step.until if isinstance(step, Wait) else command.deadline)


def _newest_report(unit: Unit, case: Case) -> SceneEvent | None:
    """What the box told last of the cause: where it stood, and since when."""
    for episode in reversed(unit.cases.episodes([case.id]).get(case.id, ())):
        for event in unit.inbox.events(EventFilter(box=case.box, episode=episode.id), PageRequest(1)).items:
            return SceneEvent.model_validate(event.data)
    return None


def _obey(  # noqa: PLR0913, PLR0917 - a verdict is all of this
    unit: Unit, desk: ActionDesk, case: Case, check: CameraCheck, rules: CaseRules, now: datetime
) -> None:
    """Do what the verdict says: the box acts by its post, the rule only tells, and closes where it may."""
    verdict = check.verdict
    assert verdict is not None  # noqa: S101 - the caller has just given it
    if not verdict.is_proven:
        desk.hear_camera(case, verdict.word, Occurrence.CAMERA_CANNOT_TELL, _told(check, verdict))
        desk.flush()
        return
    action = _ACTIONS[verdict.word]
    camera = ActionDesk(unit, rules, Actor(ActorKind.BOX, case.box or ""), now)
    camera.lock(sorted({case.id, *unit.cases.related(case.id)}))
    wish = Wish(action, reason=verdict.word, pictures=len(verdict.pictures))
    after = camera.act(case, wish, _told(check, verdict))
    camera.flush()
    closing = after.state.standard.closing if after.state.standard is not None else after.state.registered_under
    if action is CaseAction.PASS and check.terms.closes and closing and not after.state.children_open:
        closer = ActionDesk(unit, rules, CHECKER, now)
        closer.lock(sorted({case.id, *unit.cases.related(case.id)}))
        closer.act(after, Wish(CaseAction.CLOSE, condition=closing), {"condition": closing, "check": check.id})
        closer.flush()


def _told(check: CameraCheck, verdict: Verdict) -> dict[str, JsonValue]:
    """What a line of the history keeps of a verdict; whole numbers, so that every release seals the same text."""
    return {
        "check": check.id,
        "unmet": [str(point.condition) for point in verdict.failed],
        "clear_s": round(verdict.clear_s),
        "frames": verdict.frames,
        "observed_percent": round(100 * verdict.observed_share),
        "looks": len(check.looks),
        "evidence": list(verdict.pictures),
    }

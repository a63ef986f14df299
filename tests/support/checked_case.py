"""A case of a camera whose handler says "done", and a box that answers looks as a test wants."""

from datetime import datetime, timedelta

from central.core.camera_check import CameraCheck
from central.core.case_machine import CaseAction
from central.core.cases.casefile import Case
from central.core.fleet.devices import CommandRecord
from central.core.values import ActorKind, Delivery
from central.services.cases.camera_checks import CameraChecks
from central.services.commands import Commands
from central.services.desks.actions import CaseRules
from central.services.evidence import Evidence, EvidencePolicy
from central.stores.ports import CaseFilter, PageRequest
from protocol import messages as m
from protocol import topics
from tests.support.casework import CHINA, Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.speaking_box import START, SpeakingBox

TO_DONE = (CaseAction.CONFIRM, CaseAction.REGISTER, CaseAction.DISPATCH, CaseAction.TAKE, CaseAction.SUBMIT)


class CheckedCase:
    """Central, a box that is online with one camera, and a case of it; `clear` says whether the cause has left."""

    def __init__(self, central: Central, box: SpeakingBox, rules: CaseRules | None = None) -> None:
        self.central, self.box = central, box
        self.rules = rules or CaseRules(CHINA)
        self.staff = Staff(central.stores, rules=self.rules)
        self.checks = CameraChecks(central.stores, self.rules)
        self.commands = Commands(central.stores)
        Evidence(central.stores, EvidencePolicy(disk_free_bytes_min=0)).put(PICTURE_SHA, [PICTURE], OPERATOR, START)
        central.receive(box.state(m.BoxState.ONLINE), box.birth(0), box.scene(0))
        self.id = self.staff.casework.cases(CaseFilter(), PageRequest(1)).items[0].case.id

    @property
    def now_s(self) -> float:
        """Seconds of the tests' morning."""
        return (self.staff.now - START).total_seconds()

    def done(self, *, left_s: float | None = None) -> None:
        """Let the case be handled and called done; the cause leaves then, or at `left_s`, before or after that."""
        if left_s is None:
            self.staff.walk(self.id, *TO_DONE[:-1])
            self.leave(self.now_s + 30)
            self.staff.walk(self.id, TO_DONE[-1])
        else:
            self.staff.walk(self.id, *TO_DONE)
            self.leave(left_s)

    def leave(self, at_s: float, reason: m.EndReason = m.EndReason.LEFT) -> None:
        """Let the box report the end of the episode."""
        self.central.receive(self.box.scene(at_s, started_s=0.0, end_reason=reason), at_s=at_s)

    def step(self, after_s: float = 0.0) -> tuple[CommandRecord, ...]:
        """Let central go on; returns the looks that it asks for."""
        self.staff.now += timedelta(seconds=after_s)
        self.checks.step(self.staff.now)
        waiting = self.commands.unpublished(self.staff.now)
        for record in waiting:
            self.commands.published(record.command.command, self.staff.now)
        return tuple(one for one in waiting if one.command.name is m.CommandName.LOOK)

    def answer(self, record: CommandRecord, *, pictures: bool = True, **found: object) -> None:
        """Let the box answer a look after its time: clear in a good picture unless `found` says otherwise."""
        seconds = record.command.seconds or 0.0
        began_s = self.now_s
        self.staff.now += timedelta(seconds=seconds + 2)
        saw = {"presence": m.Presence.GONE, "observed_share": 0.97, "looks": 100, "light": 120.0, "seen": 0} | found
        finding = m.LookFinding(since=self._box(began_s), until=self._box(began_s + seconds), **saw)  # type: ignore[arg-type]
        ref = m.EvidenceRef(sha256=PICTURE_SHA, bytes=len(PICTURE), at=self._box(began_s), kind=m.EvidenceKind.SNAPSHOT)
        self._say(record, m.CommandStatus.DONE, finding=finding, pictures=(ref,) if pictures else ())

    def fail(self, record: CommandRecord, detail: str) -> None:
        """Let the box say that it cannot."""
        self._say(record, m.CommandStatus.FAILED, detail=detail)

    def look_until_told(self, **found: object) -> int:
        """Answer every look alike until the check is over; how many looks it took."""
        for _ in range(120):
            if self.check.next_at is None:
                return len(self.check.looks)
            for record in self.step(5.0):
                self.answer(record, **found)
        raise AssertionError("the check does not end")

    @property
    def check(self) -> CameraCheck:
        """The newest check."""
        return self.checks.of_case(self.id)[-1]

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.staff.case(self.id)

    def line(self, back: int = 1) -> tuple[str, ActorKind, str]:
        """Kind, kind of actor and reason of one of the last lines of the history."""
        step = self.staff.history(self.id)[-back]
        return str(step.kind), step.actor.kind, step.reason

    def _box(self, at_s: float) -> datetime:
        return self.box.wall(at_s)

    def _say(self, record: CommandRecord, status: m.CommandStatus, **more: object) -> None:
        data = m.CommandResult(command=record.command.command, status=status, **more)  # type: ignore[arg-type]
        said = self.box.say(m.ResultMessage, topics.Up.STATE, data, self.now_s)
        topic = topics.result(self.box.site, self.box.box, record.command.command)
        assert self.central.receive(Delivery(topic, said.payload, said.received_at), at_s=self.now_s).committed == 1

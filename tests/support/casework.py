"""Casework over real stores, with a person for each post and a picture that is already there."""

from datetime import datetime, timedelta, timezone

from central.core.access import Posts
from central.core.case_machine import CaseAction, RejectReason, TransferAnswer, Wish
from central.core.cases.casefile import Case, CaseStep, CaseView
from central.core.values import Actor, ActorKind, CaseSource, Role
from central.services.cases.casework import Casework
from central.services.desks.actions import CaseRules
from central.services.desks.reports import PersonReport
from central.services.evidence import Evidence, EvidencePolicy
from central.stores.ports import PageRequest, Stores
from tests.support.central_stores import OPERATOR, Counter
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.speaking_box import later

CHINA = timezone(timedelta(hours=8))
UNIT, OTHER_UNIT = "sanitation", "greening"
HANDLER = Actor(ActorKind.PERSON, "zhang", Role.DEPARTMENT, UNIT)
OTHER_HANDLER = Actor(ActorKind.PERSON, "chen", Role.DEPARTMENT, OTHER_UNIT)
GIVEN: dict[str, object] = {
    "reason": RejectReason.DUPLICATE,
    "note": "n",
    "condition": "c",
    "unit": UNIT,
    "children": 2,
    "partner": "police",
    "external_id": "110-7",
    "answer": TransferAnswer.ACCEPTED,
}
PICTURED = {CaseAction.VERIFY, CaseAction.SUBMIT, CaseAction.LEFT, CaseAction.PASS, CaseAction.FAIL}
OF_HANDLERS = {
    CaseAction.TAKE,
    CaseAction.SUBMIT,
    CaseAction.LEFT,
    CaseAction.RETURN,
    CaseAction.ASK_EXTENSION,
    CaseAction.ASK_SUSPENSION,
    CaseAction.APPEAL,
}


class Staff:
    """People at work; each step is a minute after the one before unless `at` says otherwise."""

    def __init__(self, stores: Stores, posts: Posts | None = None, rules: CaseRules | None = None) -> None:
        rules = rules or (CaseRules(CHINA) if posts is None else CaseRules(CHINA, posts))
        self.stores = stores
        self.casework = Casework(stores, rules)
        self.random = Counter()
        self.now = later(0)
        Evidence(stores, EvidencePolicy(disk_free_bytes_min=0)).put(PICTURE_SHA, [PICTURE], OPERATOR, self.now)

    def report(self, source: CaseSource = CaseSource.HOTLINE, **more: object) -> CaseView:
        """Open a case by a person's report."""
        return self.reported(source, "caller", **more)

    def reported(self, source: CaseSource, reporter: str, actor: Actor = OPERATOR, **more: object) -> CaseView:
        """Report something, and see what became of that."""
        told = PersonReport(source, reporter, place="东大街 5 号", **more)  # type: ignore[arg-type]
        return self.casework.report(told, actor, self.now, self.random)

    def act(self, case: str, action: CaseAction, actor: Actor | None = None, **more: object) -> CaseView:
        """Take one step with everything that it may need; whoever it belongs to takes it unless `actor` is given."""
        self.now += timedelta(minutes=1)
        into, version = str(more.pop("into", "")), more.pop("expected_version", None)
        who = actor or (HANDLER if action in OF_HANDLERS else OPERATOR)
        return self.casework.act(
            case,
            Wish(action, **{**GIVEN, "until": self.now + timedelta(days=3), "genuine": True, **more}),  # type: ignore[arg-type]
            who,
            expected_version=version or self.case(case).version,  # type: ignore[arg-type]
            now=self.now,
            evidence=(PICTURE_SHA,) if action in PICTURED else (),
            into=into,
        )

    def walk(self, case: str, *actions: CaseAction) -> CaseView:
        """Take several steps."""
        for action in actions:
            self.act(case, action)
        return self.casework.case(case)

    def handled(self) -> CaseView:
        """Return a case that waits for its check."""
        opened = self.report().case.id
        return self.walk(opened, *TO_CHECK)

    def case(self, case: str) -> Case:
        """Return a case as it stands."""
        return self.casework.case(case).case

    def history(self, case: str) -> tuple[CaseStep, ...]:
        """Return all lines of a case."""
        return self.casework.history(case, PageRequest(500)).items

    def wait_until(self, at: datetime) -> None:
        """Move the clock."""
        self.now = at


TO_CHECK = (CaseAction.ACCEPT, CaseAction.REGISTER, CaseAction.DISPATCH, CaseAction.TAKE, CaseAction.SUBMIT)

"""Cases of a simulated time with their whole histories, led by the case machine; the same seed gives the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from central.core.case_machine import (
    TABLE,
    CaseAction,
    CaseProblem,
    CaseState,
    CaseStatus,
    Doer,
    NamedComponent,
    Petition,
    Post,
    StageLimit,
    Survivor,
    TransferAnswer,
    UnderStandard,
    Wish,
    act,
    begin,
)
from central.core.case_machine.stages import BUILT_IN_TIMING, timed
from central.core.cases.casefile import Case, CaseStep, Occurrence, case_digest
from central.core.clocks import Limit, LimitUnit
from central.core.standards import Recurrence
from central.core.values import PUBLIC_SOURCES, Actor, ActorKind, CaseSource

FIRST_DAY = datetime(2026, 2, 25, tzinfo=UTC)
DAYS = 40
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)
OTHERS = {"p7": Actor(ActorKind.RULE, "auto"), "p8": Actor(ActorKind.BOX, "b1")}
"""Who is no person; everybody else is."""
ALL_POSTS = frozenset(Post)
STANDARD = UnderStandard(
    "s1", 1, "0501", "清理完毕", StageLimit(Limit(Decimal(4), LimitUnit.WORKING_HOURS)), Recurrence.NEW_CASE
)
_SOURCES = (
    *([CaseSource.DETECTOR] * 6), *([CaseSource.COLLECTOR] * 4), CaseSource.HOTLINE, CaseSource.WEB,
    CaseSource.INSPECTION,
)  # fmt: skip
_USUAL: dict[CaseStatus, tuple[CaseAction, ...]] = {
    CaseStatus.CANDIDATE: (CaseAction.CONFIRM,),
    CaseStatus.REPORTED: (CaseAction.ACCEPT, CaseAction.SEND_VERIFY),
    CaseStatus.VERIFYING: (CaseAction.VERIFY,),
    CaseStatus.ACCEPTED: (CaseAction.REGISTER,),
    CaseStatus.REGISTERED: (CaseAction.DISPATCH,),
    CaseStatus.RETURNED: (CaseAction.DISPATCH,),
    CaseStatus.DISPATCHED: (CaseAction.TAKE,),
    CaseStatus.IN_PROGRESS: (CaseAction.SUBMIT,),
    CaseStatus.SUSPENDED: (CaseAction.RESUME,),
    CaseStatus.AWAITING_CHECK: (CaseAction.PASS, CaseAction.PASS, CaseAction.FAIL),
    CaseStatus.AWAITING_CLOSE: (CaseAction.CLOSE,),
    CaseStatus.CLOSED: (CaseAction.APPEAL, CaseAction.RECEIPT),
}
_GRANTS: dict[Petition, tuple[CaseAction, ...]] = {
    Petition.EXTENSION: (CaseAction.GRANT_EXTENSION,),
    Petition.SUSPENSION: (CaseAction.APPROVE_SUSPENSION,),
    Petition.APPEAL: (CaseAction.UPHOLD_APPEAL,),
}


@dataclass(frozen=True, slots=True)
class Lived:
    """A case as it stands at the end, with every line of its history and the case after each."""

    case: Case
    steps: tuple[CaseStep, ...]
    after: tuple[Case, ...]


def lived(count: int, seed: int = 1) -> Iterator[Lived]:
    """So many cases, in the order in which they were opened."""
    dice = random.Random(seed)
    opened = sorted(FIRST_DAY + timedelta(seconds=dice.randrange(DAYS * 86_400)) for _ in range(count))
    for number, at in enumerate(opened):
        yield _life(number, at, dice)


def _life(number: int, at: datetime, dice: random.Random) -> Lived:
    source = dice.choice(_SOURCES)
    first = CaseAction.DETECT if source is CaseSource.DETECTOR else CaseAction.REPORT
    if source is CaseSource.COLLECTOR and dice.random() < 0.1:
        first = CaseAction.SELF_HANDLE
    who = _doer(dice)
    state = begin(Wish(first, pictures=2), who, at, is_public=source in PUBLIC_SOURCES)
    found_at = at - timedelta(seconds=dice.randrange(600))
    case = Case(
        f"case-{number}", f"E{number}", state, source, who.name if number % 4 else "li", at, at, found_at, found_at,
        camera=f"b1.cam{number % 5}" if source is CaseSource.DETECTOR else None,
        scene=dice.choice(("litter", "stall")), grid=f"3304020010{number % 4:02d}{number % 9:03d}",
        recurrence_of="case-0" if dice.random() < 0.05 else "",
    )  # fmt: skip
    case = _timed(case, None, state, at)
    steps, after = [_step(case, None, Occurrence.OPENED, at, who)], [case]
    for _ in range(dice.randrange(30)):
        at += timedelta(seconds=int(dice.expovariate(1 / 2_400)) + 1)
        if dice.random() < 0.02:
            at += timedelta(days=dice.randrange(4))
        led = _moved(case, at, dice)
        if led is not None:
            before, case, wish, who = case, *led
            told = {"genuine": wish.genuine} if wish.action is CaseAction.VERIFY else {}
            steps.append(replace(_step(case, before.status, wish.action, at, who), details=told))
            after.append(case)
    return Lived(case, tuple(steps), tuple(after))


def _moved(case: Case, at: datetime, dice: random.Random) -> tuple[Case, Wish, Doer] | None:
    usual = _GRANTS[case.state.asked.petition] if case.state.asked is not None else _USUAL.get(case.status, ())
    known = [action for status, action in TABLE if status is case.status]
    action = dice.choice(usual) if usual and dice.random() < 0.8 else dice.choice(known)
    if action in {CaseAction.SPLIT, CaseAction.FORCE_CLOSE, CaseAction.MERGE} and dice.random() < 0.7:
        return None
    wish = Wish(
        action, reason="no_violation", note="看过", condition="乱扔垃圾", unit=dice.choice(("u1", "u1", "u2")),
        until=at + timedelta(days=2), into=Survivor("case-x", CaseStatus.REGISTERED), pictures=2,
        genuine=dice.random() < 0.7, standard=STANDARD if dice.random() < 0.8 else None, partner="police",
        answer=TransferAnswer.ACCEPTED, component=NamedComponent("c1", 1) if dice.random() < 0.1 else None,
    )  # fmt: skip
    who = _doer(dice, case.state.unit)
    try:
        state = act(case.state, wish, who, at)
    except CaseProblem:
        return None
    return replace(_timed(case, case.state, state, at), version=case.version + 1, updated_at=at), wish, who


def _doer(dice: random.Random, unit: str = "") -> Doer:
    return Doer(f"p{dice.randrange(9)}", ALL_POSTS, unit)


def _timed(case: Case, before: CaseState | None, state: CaseState, at: datetime) -> Case:
    moved, runs = timed(case.runs, before, state, at, BUILT_IN_TIMING)
    return replace(case, state=moved, runs=runs)


def _step(case: Case, before: CaseStatus | None, kind: CaseAction | Occurrence, at: datetime, who: Doer) -> CaseStep:
    actor = OTHERS.get(who.name) or Actor(ActorKind.PERSON, who.name)
    return CaseStep(case.id, at, kind, actor, before, case.status, state=case_digest(case))

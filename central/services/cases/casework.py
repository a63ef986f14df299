"""Cases for people: open, look, decide."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from central.core.access import doer_of
from central.core.case_machine import (
    CaseAction,
    CaseState,
    CaseStatus,
    Choice,
    RejectReason,
    Stage,
    Wish,
    choices,
)
from central.core.case_machine.stages import Timing
from central.core.cases.casefile import Case, CaseStep, CaseView
from central.core.cases.feedback import EPISODES_TOLD_MAX, judged, judgement_of
from central.core.cases.requests import Once
from central.core.clocks import CannotCount, Deadline
from central.core.fleet.devices import Camera, CommandRecord
from central.core.retention import Tombstone
from central.core.values import PAGE_LIMIT_MAX, Actor, ActorKind, CommandState, Event, Page, RandomBytes
from central.services.desks import camera_checks
from central.services.desks.actions import ActionDesk, CaseRules
from central.services.desks.components import with_component
from central.services.desks.reports import PersonReport, ReportDesk, picture_links
from central.services.desks.standards import by_the_table
from central.services.desks.transfers import note_transfer
from central.services.desks.turns import held, keep_out
from central.stores.ports import CaseFilter, EventFilter, PageRequest, Stores, Unit
from protocol.messages import SceneEvent

REASON_LENGTH_MAX = 64
RESUMED_A_SWEEP = 100
SUSPENSION_END = Actor(ActorKind.RULE, "suspension_end")
"""Who ends a suspension whose time is over."""


class CaseUnknown(LookupError):
    """There is no such case."""


class CaseGone(CaseUnknown):
    """The case was deleted by a rule of retention; `stone` is what is still known of it."""

    def __init__(self, stone: Tombstone) -> None:
        super().__init__(f"the case {stone.details.get('number', stone.subject)} was deleted by {stone.rule}")
        self.stone = stone


class StaleVersion(Exception):
    """Somebody else changed the case since the person looked at it."""

    def __init__(self, expected: int, current: int) -> None:
        super().__init__(f"the case is at version {current}, not {expected}; load it again and decide anew")
        self.expected = expected
        self.current = current


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a case by its clock. `deadline` is None where its end cannot be counted any more."""

    stage: Stage
    began_at: datetime
    ended_at: datetime | None
    is_paused: bool
    used_s: float
    limit_s: float
    deadline: Deadline | None

    @property
    def overtime(self) -> bool:
        """Whether it took, or takes, longer than its limit."""
        return self.used_s > self.limit_s


class Casework:
    """Everything that is done with cases, each step in one transaction with its history line."""

    def __init__(self, stores: Stores, rules: CaseRules) -> None:
        self._stores = stores
        self._rules = rules

    @property
    def timing(self) -> Timing:
        """What deadlines are counted by."""
        return self._rules.timing

    def report(
        self, report: PersonReport, actor: Actor, now: datetime, random: RandomBytes, once: Once | None = None
    ) -> CaseView:
        """Take a person's report: it joins the open case near by that it is about, or opens one.

        That waits to be accepted, or to be closed when it is handled already. With `once`, a request that came before
        does nothing and gets its answer again. Raises `ReportRefused` (source `detector`, no place, unknown camera or
        picture), `KeyReused` or `CaseProblem`.
        """
        with self._stores.writing() as unit:
            answered = unit.answers.claim(once, now) if once is not None else None
            if answered is not None:
                return answered
            desk = ReportDesk(unit, ActionDesk(unit, self._rules, actor, now), self._rules.near, now)
            case, joined = desk.take(report, actor.name, f"case-{random(16).hex()}")
            return _answer(unit, case, once, joined=joined)

    def act(  # noqa: PLR0913 - an action is all of this
        self,
        case: str,
        wish: Wish,
        actor: Actor,
        *,
        expected_version: int,
        now: datetime,
        evidence: Sequence[str] = (),
        into: str = "",
        once: Once | None = None,
    ) -> CaseView:
        """Change a case and append to its history, in one transaction.

        `evidence`: hashes of pictures uploaded before; `into`: the surviving case of a merge. Both are looked up here,
        so the wish need not name them; its condition may be the id of a standard. With `once`, a request that came
        before changes nothing and gets its answer again. Raises `CaseUnknown`, `StaleVersion`, `LeaseHeld`,
        `PictureMissing`, `ConditionUnknown`, `ComponentUnknown`, `PartnerMissing`, `KeyReused` or `CaseProblem`.
        """
        with self._stores.writing() as unit:
            answered = unit.answers.claim(once, now) if once is not None else None
            if answered is not None:
                return answered
            others = unit.cases.related(case) | ({into} if into else frozenset())
            desk = ActionDesk(unit, self._rules, actor, now)
            desk.lock(sorted({case, *others}))
            before = desk.case(case)
            if before is None:
                raise CaseUnknown("there is no such case")
            if before.version != expected_version or not _related(before.state) <= others:
                raise StaleVersion(expected_version, before.version)
            keep_out(unit, case, actor, now)
            links = picture_links(unit, evidence, case, now)
            wish = replace(with_component(unit, by_the_table(unit, before, wish)), pictures=len(links))
            after = desk.act(before, wish, _details(wish, evidence, into), into)
            note_transfer(unit, after, wish, actor, now)
            desk.flush()
            unit.evidence.refer(links, now)
            _tell_boxes(unit, after, wish, actor, now)
            if wish.action is CaseAction.SUBMIT:
                after = camera_checks.begin(unit, after, self._rules, now)
            return _answer(unit, after, once)

    def resume_ended(self, now: datetime, limit: int = RESUMED_A_SWEEP) -> int:
        """Let suspended cases whose time is over go on (挂账到期); how many did. Raises `StoreUnavailable`."""
        with self._stores.reading() as unit:
            ended = unit.cases.resumable(now, limit)
        return sum(self._resume(case, now) for case in ended)

    def _resume(self, case: str, now: datetime) -> bool:
        with self._stores.writing() as unit:
            desk = ActionDesk(unit, self._rules, SUSPENSION_END, now)
            desk.lock([case])
            suspended = desk.case(case)
            if suspended is None or not _has_ended(suspended.state, now):
                return False
            desk.act(suspended, Wish(CaseAction.RESUME), {})
            desk.flush()
            return True

    def cases(self, wanted: CaseFilter, page: PageRequest) -> Page[CaseView]:
        """Newest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            found = unit.cases.find(wanted, page)
            return Page(_views(unit, found.items), found.next)

    def count(self, wanted: CaseFilter, limit: int) -> int:
        """How many cases there are, counted up to `limit`."""
        with self._stores.reading() as unit:
            return unit.cases.count(wanted, limit)

    def each(self, wanted: CaseFilter, limit: int) -> Iterator[Case]:
        """Newest first, `limit` at most, read a part at a time; raises `StoreUnavailable` in the middle of it."""
        cursor = None
        while limit > 0:
            with self._stores.reading() as unit:
                page = unit.cases.find(wanted, PageRequest(min(limit, PAGE_LIMIT_MAX), cursor))
                found = _located(unit, page.items)
            yield from found
            limit, cursor = limit - len(found), page.next
            if cursor is None:
                return

    def case(self, case: str) -> CaseView:
        """One case; raises `CaseUnknown`, which is `CaseGone` where retention has deleted it."""
        with self._stores.reading() as unit:
            return _views(unit, [_one(unit, case)])[0]

    def history(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """Oldest first; raises `CaseUnknown`, `BadCursor`."""
        with self._stores.reading() as unit:
            _one(unit, case)
            return unit.history.of_case(case, page)

    def actions(self, case: str, actor: Actor, now: datetime) -> tuple[Choice, ...]:
        """Every action of the case's status, allowed or why not, for this person; raises `CaseUnknown`."""
        with self._stores.reading() as unit:
            offered = choices(_one(unit, case).state, doer_of(actor, self._rules.posts), now)
            lease = held(unit, case, actor, now)
        return offered if lease is None else tuple(replace(one, held_by=lease.holder) for one in offered)

    def stages(self, case: Case, now: datetime) -> tuple[StageView, ...]:
        """The clocks of a case's stages, in the order in which they began."""
        clockwork = self._rules.timing.clockwork
        found = []
        for run in case.runs:
            deadline = None
            with suppress(CannotCount):
                deadline = run.deadline(clockwork)
            used_s, limit_s = run.used_s(now, clockwork), run.limit_s(clockwork)
            found.append(StageView(run.stage, run.began_at, run.ended_at, run.is_paused, used_s, limit_s, deadline))
        return tuple(found)

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """Newest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.inbox.events(wanted, page)


def _has_ended(state: CaseState, now: datetime) -> bool:
    """Whether a suspension is over; meanwhile somebody may have resumed the case, or suspended it for longer."""
    until = state.suspended_until
    return state.status is CaseStatus.SUSPENDED and until is not None and until <= now


def _related(state: CaseState) -> frozenset[str]:
    return frozenset(other for other in (state.parent, state.merged_into) if other)


def _answer(unit: Unit, case: Case, once: Once | None, *, joined: bool = False) -> CaseView:
    """The case as it is now; kept where the request may come again."""
    view = replace(_views(unit, [case])[0], joined=joined)
    if once is not None:
        unit.answers.put(once, view)
    return view


def _details(wish: Wish, evidence: Sequence[str], into: str) -> dict[str, JsonValue]:
    """What a line keeps of a wish besides reason and note."""
    said: dict[str, JsonValue] = {
        "condition": wish.condition,
        "standard": wish.standard.id if wish.standard is not None else "",
        "standards_version": wish.standard.version if wish.standard is not None else None,
        "component": wish.component.id if wish.component is not None else "",
        "components_version": wish.component.version if wish.component is not None else None,
        "unit": wish.unit,
        "until": wish.until.isoformat() if wish.until is not None else "",
        "into": into,
        "evidence": list(evidence),
        "genuine": wish.genuine,
        "children": wish.children or None,
        "partner": wish.partner,
        "external_id": wish.external_id,
        "answer": str(wish.answer) if wish.answer is not None else "",
    }
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def _tell_boxes(unit: Unit, case: Case, wish: Wish, actor: Actor, now: datetime) -> None:
    """Let the box learn what a person said about its newest episodes; another decision supersedes."""
    reason = RejectReason(wish.reason) if wish.action is CaseAction.REJECT else None
    judgement = judgement_of(wish.action, reason)
    if judgement is None or case.box is None:
        return
    box = unit.boxes.peek([case.box]).get(case.box)
    if box is None:
        return
    for episode in unit.cases.episodes([case.id]).get(case.id, ())[-EPISODES_TOLD_MAX:]:
        for event in unit.inbox.events(EventFilter(box=case.box, episode=episode.id), PageRequest(1)).items:
            scene = SceneEvent.model_validate(event.data)
            command = judged(case, scene, judgement, reason, now)
            record = CommandRecord(command, box.site, case.box, CommandState.REQUESTED, actor.name, now, now)
            unit.commands.add(record)


def _one(unit: Unit, case: str) -> Case:
    found = unit.cases.get([case]).get(case)
    if found is not None:
        return found
    stone = unit.retention.stone_of(case)
    raise CaseUnknown("there is no such case") if stone is None else CaseGone(stone)


def _views(unit: Unit, cases: Sequence[Case]) -> tuple[CaseView, ...]:
    absorbed = _absorbed(unit, [case.id for case in cases])
    parents = {case.id: [case.state.parent] if case.state.parent else [] for case in cases}
    everybody = sorted({one for case in cases for one in (case.id, *absorbed[case.id], *parents[case.id])})
    episodes, evidence = unit.cases.episodes(everybody), unit.evidence.of_cases(everybody)
    reports = unit.cases.reports(everybody)
    return tuple(
        CaseView(
            case,
            tuple(found for one in (case.id, *absorbed[case.id]) for found in episodes.get(one, ())),
            tuple(found for one in (*parents[case.id], case.id, *absorbed[case.id]) for found in evidence.get(one, ())),
            absorbed[case.id],
            tuple(found for one in (case.id, *absorbed[case.id]) for found in reports.get(one, ())),
        )
        for case in _located(unit, cases)
    )


def _absorbed(unit: Unit, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By case, those that are merged into it, and those merged into them."""
    found: dict[str, list[str]] = {case: [] for case in cases}
    ways = {case: [case] for case in cases}
    while ways:
        merged = unit.cases.merged_into(sorted(ways))
        further: dict[str, list[str]] = {}
        for survivor, ids in merged.items():
            for one in ids:
                further.setdefault(one, []).extend(ways[survivor])
                for case in ways[survivor]:
                    found[case].append(one)
        ways = further
    return {case: tuple(ids) for case, ids in found.items()}


def _located(unit: Unit, cases: Sequence[Case]) -> list[Case]:
    nowhere = sorted({case.camera for case in cases if case.camera is not None and not case.place})
    cameras = unit.cameras.get(nowhere)
    return [_placed(case, cameras) for case in cases]


def _placed(case: Case, cameras: Mapping[str, Camera]) -> Case:
    """Its place, also when the box said only later where the camera is."""
    camera = cameras.get(case.camera or "")
    return case if camera is None else replace(case, place=camera.place or camera.name)

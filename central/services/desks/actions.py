"""Changes cases inside one transaction: decides by the machine, and writes each row together with its history line."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from pydantic import JsonValue

from central.core.access import POSTS, Posts, doer_of
from central.core.camera_check import CHECK_POLICY, CheckPolicy
from central.core.case_machine import OPEN, CameraWord, CaseAction, CaseState, Doer, Survivor, Wish, act, begin
from central.core.case_machine.effects import task_of, with_tasks
from central.core.case_machine.stages import BUILT_IN_TIMING, Timing, timed
from central.core.cases.casefile import Case, CaseStep, Occurrence, Report, StepKind, case_digest, case_number
from central.core.cases.intake import CHINA, NEAR, Nearness
from central.core.values import PUBLIC_SOURCES, Actor, derived_id
from central.services.desks.facts import keep_facts
from central.stores.ports import Unit

NOTE_LENGTH_MAX = 1000


@dataclass(frozen=True, slots=True)
class CaseRules:
    """By what cases are worked on: whose days number them, which posts a role fills, how long each stage may take.

    `check`: by which terms cameras check what handlers say. `near`: which people's reports are about one case.
    """

    timezone: tzinfo = CHINA
    posts: Posts = field(default_factory=lambda: POSTS)
    timing: Timing = BUILT_IN_TIMING
    check: CheckPolicy = CHECK_POLICY
    near: Nearness = NEAR


class ActionDesk:
    """One person's, box's or rule's work on cases that are locked; `flush` writes everything."""

    def __init__(self, unit: Unit, rules: CaseRules, actor: Actor, now: datetime) -> None:
        self._unit = unit
        self._rules = rules
        self._actor = actor
        self._doer: Doer = doer_of(actor, rules.posts)
        self._now = now
        self._cases: dict[str, Case] = {}
        self._opened: dict[str, None] = {}
        self._changed: dict[str, None] = {}
        self._steps: list[CaseStep] = []

    def lock(self, ids: Sequence[str]) -> None:
        """Fetch cases and hold them, in the order of their ids; those that are not there are left out."""
        self._cases |= self._unit.cases.get(ids)

    def case(self, case: str) -> Case | None:
        """A locked case as it stands now."""
        return self._cases.get(case)

    def open(self, case: Case, wish: Wish) -> Case:
        """Begin a case; number, state and runs are given here. Raises `PostMissing`, `GuardRefused`."""
        state = begin(wish, self._doer, self._now, is_public=case.source in PUBLIC_SOURCES)
        opened = self._numbered([self._timed(case, None, state)])[0]
        self._opened[opened.id] = None
        self._put(opened, Occurrence.OPENED, None, wish, {"action": wish.action})
        return opened

    def join(self, case: Case, report: Report, evidence: Sequence[str]) -> Case:
        """Note that a person reports what a locked case is about; who told it stays out. Raises `PostMissing`."""
        wish = Wish(CaseAction.REPORT, note=report.description)
        begin(wish, self._doer, self._now)
        seen = replace(case, updated_at=self._now, last_seen_at=max(case.last_seen_at, report.at))
        self._changed[case.id] = None
        said: dict[str, JsonValue] = {"source": report.source, "place": report.place, "evidence": list(evidence)}
        self._put(seen, Occurrence.JOINED, case, wish, {name: value for name, value in said.items() if value})
        return seen

    def act(self, case: Case, wish: Wish, details: dict[str, JsonValue], into: str = "") -> Case:
        """Change a locked case. Raises `CaseProblem`; the case `into` must be locked too."""
        survivor = self._cases.get(into) if into != case.id else None
        if survivor is not None:
            wish = replace(wish, into=Survivor(survivor.id, survivor.status))
        state = act(case.state, wish, self._doer, self._now)
        after = replace(self._timed(case, case.state, state), version=case.version + 1, updated_at=self._now)
        self._changed[case.id] = None
        self._put(after, wish.action, case, wish, details)
        self._follow(case, after, wish)
        return after

    def tell(self, case: str, kind: StepKind, details: dict[str, JsonValue]) -> None:
        """A line about what befalls a locked case without changing it."""
        told = self._cases[case]
        self._put(told, kind, told, None, details)

    def hear_camera(self, case: Case, word: CameraWord, kind: Occurrence, details: dict[str, JsonValue]) -> Case:
        """Note on a locked case what the camera says, where that is no action of its own."""
        heard = replace(case, state=replace(case.state, camera=word), updated_at=self._now)
        self._changed[case.id] = None
        self._put(heard, kind, case, None, details)
        return heard

    def flush(self) -> None:
        """Write rows and lines."""
        opened = [self._cases[case] for case in self._opened]
        changed = [self._cases[case] for case in sorted(self._changed.keys() - self._opened.keys())]
        self._unit.cases.save(opened, changed, [])
        self._unit.history.append(self._steps)
        keep_facts(self._unit, self._cases, self._steps, self._rules.timing.clockwork)

    def _follow(self, before: Case, after: Case, wish: Wish) -> None:
        """What a step means for other cases."""
        match wish.action:
            case CaseAction.MERGE:
                self.tell(after.state.merged_into, Occurrence.TOOK_IN, {"case": after.id})
            case CaseAction.UNMERGE:
                self.tell(before.state.merged_into, Occurrence.GAVE_BACK, {"case": after.id})
            case CaseAction.SPLIT:
                self._split(after, wish.children)
            case _:
                pass
        parent, change = self._cases.get(after.state.parent), _goes_on(after.state) - _goes_on(before.state)
        if parent is not None and change:
            changed = replace(parent, state=with_tasks(parent.state, change), updated_at=self._now)
            self._changed[parent.id] = None
            self._cases[parent.id] = changed
            self.tell(parent.id, Occurrence.TASK_RESUMED if change > 0 else Occurrence.TASK_ENDED, {"case": after.id})

    def _split(self, parent: Case, count: int) -> None:
        ids = [derived_id("case", parent.id, str(parent.version), str(number)) for number in range(count)]
        task = replace(
            parent, version=1, runs=(), opened_at=self._now, updated_at=self._now, opened_by_event=None, spot=None,
            recurrence_of="", recurrence=0,
        )  # fmt: skip
        state = task_of(parent.state, parent.id)
        for child in self._numbered([self._timed(replace(task, id=one), None, state) for one in ids]):
            self._opened[child.id] = None
            self._put(child, Occurrence.OPENED, None, None, {"parent": parent.id})

    def _numbered(self, cases: Sequence[Case]) -> list[Case]:
        day = self._now.astimezone(self._rules.timezone).date()
        first = self._unit.case_numbers.take(day, len(cases))
        return [replace(case, number=case_number(day, first + at)) for at, case in enumerate(cases)]

    def _timed(self, case: Case, before: CaseState | None, after: CaseState) -> Case:
        state, runs = timed(case.runs, before, after, self._now, self._rules.timing)
        return replace(case, state=state, runs=runs)

    def _put(
        self, case: Case, kind: StepKind, before: Case | None, wish: Wish | None, details: dict[str, JsonValue]
    ) -> None:
        self._cases[case.id] = case
        self._steps.append(
            CaseStep(
                case=case.id,
                at=self._now,
                kind=kind,
                actor=self._actor,
                from_status=before.status if before is not None else None,
                to_status=case.status,
                reason=wish.reason if wish is not None else "",
                note=wish.note[:NOTE_LENGTH_MAX] if wish is not None else "",
                details=details,
                state=case_digest(case),
            )
        )


def _goes_on(state: CaseState) -> int:
    return int(state.status in OPEN)

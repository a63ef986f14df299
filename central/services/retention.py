"""Lets go of what only grows and nobody needs for ever, by the rules that a city sets; alerts and states are kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from central.core.cases.requests import ANSWERS_KEPT, ANSWERS_MAX
from central.core.fleet.watermark import QUIET, RECEIPTS_KEPT
from central.core.retention import (
    CaseAge,
    Kept,
    RetentionPolicy,
    Rule,
    Tombstone,
    families,
    may_go,
    rule_of,
)
from central.core.values import Page
from central.stores.ports import Buried, PageRequest, Stores, Unit

CASES_A_STEP_MAX = 200
REPORTS_A_STEP_MAX = 2_000
PICTURES_A_STEP_MAX = 200
KINSHIP_STEPS_MAX = 20
"""So many times kin of kin are looked up; a larger family stays."""
LETTERS_A_STEP_MAX = 2_000
NOTICES_A_STEP_MAX = 500
ANSWERS_A_STEP_MAX = 2_000
LEASES_A_STEP_MAX = 500
RECEIPTS_A_STEP_MAX = 2_000
CHANGES_A_STEP_MAX = 500
RUNS_A_STEP_MAX = 500


@dataclass(frozen=True, slots=True)
class _Bite:
    """What goes, how much of the bite goes and must stay, and where the next one begins (0: from the start)."""

    due: Sequence[str]
    count: int
    held: int
    next: int


_Find = Callable[[Unit, int, Rule], _Bite]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What one step let go of; `reports` are those of boxes, with their cases or on their own."""

    dead_letters: int = 0
    notices: int = 0
    cases: int = 0
    reports: int = 0
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """What a rule would let go of now: how many cases or reports; `held` by a legal hold, or by kin that must stay."""

    rule: Rule | None
    count: int = 0
    held: int = 0


class Retention:
    """Called regularly by one thread; each `step` is short, so that reception need not wait for it."""

    def __init__(self, stores: Stores, policy: RetentionPolicy) -> None:
        self._stores = stores
        self._policy = policy
        self._after: dict[Kept, int] = {}

    def step(self, now: datetime) -> Dropped:
        """Drop a bite of what is too old or too much, oldest first; raises `StoreUnavailable`."""
        with self._stores.writing() as unit:
            letters = unit.inbox.drop_dead_letters(
                self._policy.dead_letters_rows, self._policy.dead_letters_bytes, LETTERS_A_STEP_MAX
            )
            unit.answers.drop_old(now - ANSWERS_KEPT, ANSWERS_MAX, ANSWERS_A_STEP_MAX)
            unit.streams.forget(RECEIPTS_KEPT, now - QUIET, RECEIPTS_A_STEP_MAX)
            unit.leases.drop_ended(now, LEASES_A_STEP_MAX)
            unit.changes.drop_old(now - timedelta(days=self._policy.changes_days), CHANGES_A_STEP_MAX)
            seen_until = now - timedelta(days=self._policy.witness_days)
            unit.availability.drop_runs(seen_until, RUNS_A_STEP_MAX)
            unit.availability.drop_waits(seen_until, RUNS_A_STEP_MAX)
            notices = unit.notices.drop_old(now - timedelta(days=self._policy.notices_days), NOTICES_A_STEP_MAX)
        cases, loose = self._bury(Kept.CASES, now), self._bury(Kept.EVENTS, now)
        pictures, _ = self._pictures()
        return Dropped(letters, notices, cases.cases, cases.reports + loose.reports, pictures)

    def run(self, now: datetime) -> Iterator[Dropped]:
        """All cases and reports that are due, and their pictures, bite by bite. Raises `StoreUnavailable`."""
        self._after = {}
        for kept in (Kept.CASES, Kept.EVENTS):
            while True:
                buried = self._bury(kept, now)
                yield Dropped(cases=buried.cases, reports=buried.reports)
                if not self._after.get(kept):
                    break
        looked_at = 1
        while looked_at:
            gone, looked_at = self._pictures()
            yield Dropped(pictures=gone)

    def plan(self, now: datetime) -> Mapping[Kept, Planned]:
        """What `run` would delete of cases and of reports that belong to none; nothing is written."""
        return {kept: self._planned(kept, now) for kept in (Kept.CASES, Kept.EVENTS)}

    def tombstones(self, page: PageRequest) -> Page[Tombstone]:
        """Newest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.retention.tombstones(page)

    def _bury(self, kept: Kept, now: datetime) -> Buried:
        rule = rule_of(self._policy, kept, now)
        if rule is None:
            return Buried()
        with self._stores.writing() as unit:
            bite = _FIND[kept](unit, self._after.get(kept, 0), rule)
            bury = unit.retention.bury_cases if kept is Kept.CASES else unit.retention.bury_reports
            buried = bury(bite.due, rule, now)
        self._after[kept] = bite.next
        return buried

    def _planned(self, kept: Kept, now: datetime) -> Planned:
        rule = rule_of(self._policy, kept, now)
        if rule is None:
            return Planned(None)
        count = held = after = 0
        while True:
            with self._stores.reading() as unit:
                bite = _FIND[kept](unit, after, rule)
            count, held, after = count + bite.count, held + bite.held, bite.next
            if not after:
                return Planned(rule, count, held)

    def _pictures(self) -> tuple[int, int]:
        """Delete pictures that nothing refers to any more; how many, of how many that were looked at.

        Bytes go first: when this breaks off, none stays behind, and the next step ends it.
        """
        with self._stores.reading() as unit:
            if not unit.retention.released(1):
                return 0, 0
        with self._stores.writing() as unit:
            released = unit.retention.released(PICTURES_A_STEP_MAX)
            needed = unit.retention.still_needed(released)
            gone = [picture for picture in released if picture not in needed]
            for picture in gone:
                self._stores.blobs.delete(picture)
            unit.retention.forget_pictures(sorted(needed), gone)
        return len(gone), len(released)


def _due_cases(unit: Unit, after: int, rule: Rule) -> _Bite:
    """Old cases of the bite with all their kin, wherever these stand."""
    window = unit.retention.ended(after, rule.before, CASES_A_STEP_MAX)
    known: dict[str, CaseAge] = {}
    wanted = set(window.found)
    for _ in range(KINSHIP_STEPS_MAX):
        if not wanted:
            break
        known |= unit.retention.ages(sorted(wanted))
        wanted = {kin for case in known.values() for kin in case.kin} - known.keys()
    going = [family for family in families(known) if may_go([known[one] for one in family], rule.before)]
    due = {one for family in going for one in family}
    here = due.intersection(window.found)
    return _Bite(sorted(due), len(here), len(window.found) - len(here), window.next or 0)


def _due_reports(unit: Unit, after: int, rule: Rule) -> _Bite:
    window = unit.retention.loose_reports(after, rule.before, REPORTS_A_STEP_MAX)
    return _Bite(window.found, len(window.found), 0, window.next or 0)


_FIND: Mapping[Kept, _Find] = {Kept.CASES: _due_cases, Kept.EVENTS: _due_reports}

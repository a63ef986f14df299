"""Facts are folded from histories; one line at a time or all at once, they are the same."""

from collections import Counter as Tally
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from central.core.case_machine import CaseAction, CaseStatus
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK, StageRun
from central.core.cases.casefile import Occurrence
from central.core.kpis.facts import ByClockwork, CaseFact, after, folded
from central.core.kpis.page import formula_text
from central.core.kpis.registry.conditions import holds
from central.core.kpis.registry.counters import COUNTERS
from central.core.kpis.registry.indicators import INDICATORS, Duration
from central.core.kpis.registry.wording import FIELD_WORDS
from protocol.texts import Language
from tests.support.simulated_month import LAST_DAY, Lived, lived

COUNTING = ByClockwork(BUILT_IN_CLOCKWORK)
CASES = list(lived(400))
FACTS = [folded(None, one.case, one.steps, COUNTING) for one in CASES]


def test_line_by_line_as_it_happens_and_replayed_from_the_end_give_the_same() -> None:
    for one, replayed in zip(CASES, FACTS, strict=True):
        fact: CaseFact | None = None
        for step, case in zip(one.steps, one.after, strict=True):
            fact = after(fact, case, step, COUNTING)
        assert fact == replayed


def test_the_simulation_meets_every_status_and_most_actions() -> None:
    statuses = {one.case.status for one in CASES}
    kinds = {step.kind for one in CASES for step in one.steps}
    assert statuses >= set(CaseStatus) - {CaseStatus.SUSPENDED, CaseStatus.VERIFYING, CaseStatus.RETURNED}
    assert kinds >= {CaseAction.FAIL, CaseAction.REOPEN, CaseAction.LEFT, CaseAction.VOID, CaseAction.UPHOLD_APPEAL}


def _last(one: Lived, *kinds: CaseAction) -> datetime | None:
    return next((step.at for step in reversed(one.steps) if step.kind in kinds), None)


def _first(one: Lived, *kinds: CaseAction) -> datetime | None:
    return next((step.at for step in one.steps if step.kind in kinds), None)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_moments_are_those_of_the_lines(number: int) -> None:
    one, fact = CASES[number], FACTS[number]
    self_handled = one.steps[0].to_status is CaseStatus.AWAITING_CLOSE
    told = one.steps[0].at if one.steps[0].to_status is CaseStatus.REPORTED else _first(one, CaseAction.CONFIRM)
    assert fact.reported_at == (None if self_handled else told)
    assert fact.registered_at == _first(one, CaseAction.REGISTER)
    assert fact.dispatched_at == _first(one, CaseAction.DISPATCH)
    assert (fact.closed_at is not None) == (one.case.status is CaseStatus.CLOSED)
    assert (fact.merged_at is not None) == (one.case.status is CaseStatus.MERGED)
    assert (fact.gone_at is not None) == (one.case.status is CaseStatus.GONE)
    assert fact.is_reopened == (_last(one, CaseAction.REOPEN) is not None)


def test_a_candidate_that_nobody_confirmed_is_no_report() -> None:
    waiting = [fact for fact in FACTS if fact.status is CaseStatus.CANDIDATE]
    assert waiting
    assert all(fact.reported_at is None and fact.registered_at is None for fact in waiting)


def test_no_counter_of_a_cohort_is_always_or_never_met_but_those_that_need_rare_facts() -> None:
    met: Tally[str] = Tally()
    for fact in FACTS:
        for counter in COUNTERS.values():
            if getattr(fact, counter.cohort) is not None:
                met[counter.id] += holds(counter.condition, fact, LAST_DAY)
    assert set(COUNTERS) - set(met.elements()) <= {"tasks", "self_handled_voided"}


def test_an_overdue_that_an_appeal_excuses_stays_on_record() -> None:
    excused = [fact for fact in FACTS if fact.is_exempt]
    assert excused
    assert all(fact.is_late for fact in excused)


def test_a_deadline_is_that_of_its_stage() -> None:
    def due_of(run: StageRun) -> datetime | None:
        return run.deadline(BUILT_IN_CLOCKWORK).due

    for one, fact in zip(CASES, FACTS, strict=True):
        if one.case.state.due_at is not None:
            assert fact.handle_due_at == one.case.state.due_at
        assert {fact.handle_due_at} <= {None, *(due_of(run) for run in one.case.runs)}


def test_lines_that_decide_nothing_change_nothing() -> None:
    one, fact = CASES[0], FACTS[0]
    seen = one.steps[-1].__class__(
        one.case.id, LAST_DAY, Occurrence.EPISODE_SEEN, one.steps[0].actor, None, fact.status
    )
    assert after(fact, one.case, seen, COUNTING) == fact


def test_a_check_is_sent_when_the_camera_is_asked_and_a_verification_when_it_is_first_sent() -> None:
    one = next(one for one in CASES if [step.kind for step in one.steps].count(CaseAction.SUBMIT) == 1)
    number = next(number for number, step in enumerate(one.steps) if step.kind is CaseAction.SUBMIT)
    submitted = one.steps[number]
    asked = replace(submitted, kind=Occurrence.CAMERA_ASKED, at=submitted.at + timedelta(seconds=1))
    fact = folded(None, one.case, [*one.steps[: number + 1], asked, *one.steps[number + 1 :]], COUNTING)
    assert (fact.check_asked_at, fact.check_sent_at) == (submitted.at, asked.at)
    assert fact.check_send_due_at == submitted.at + timedelta(minutes=30)
    sent = [fact for fact in FACTS if fact.verify_sent_at is not None]
    assert sent
    assert all(fact.verify_sent_at <= fact.verify_asked_at for fact in sent)
    public = [fact for fact in FACTS if fact.verify_send_due_at is not None]
    assert all(fact.verify_send_due_at == fact.reported_at + timedelta(minutes=30) for fact in public)


DURATIONS = {one.id: one.formula for one in INDICATORS.values() if isinstance(one.formula, Duration)}


@pytest.mark.parametrize("name", DURATIONS)
def test_a_duration_says_in_words_between_which_moments_its_seconds_lie(name: str) -> None:
    formula = DURATIONS[name]
    begin, end = formula.interval
    spans = [
        (getattr(fact, begin), getattr(fact, end), getattr(fact, formula.field))
        for fact in FACTS
        if getattr(fact, formula.field) is not None
    ]
    assert spans
    for start, stop, seconds in spans:
        natural = max(0, round((stop - start).total_seconds()))
        assert seconds == (COUNTING.worked_s(start, stop) if formula.in_office_hours else natural)
    for language in Language:
        said = formula_text(formula, language)
        assert FIELD_WORDS[begin].say(language) in said
        assert FIELD_WORDS[end].say(language) in said
    texts = {formula_text(one, language) for one in DURATIONS.values() for language in Language}
    assert len(texts) == 2 * len(DURATIONS)


def test_a_spread_is_told_in_the_language_that_is_asked_for() -> None:
    formula = INDICATORS["fairness_spread"].formula
    assert formula_text(formula, Language.CHINESE) == "各社区中最高与最低之差：结案率"
    assert formula_text(formula, Language.ENGLISH) == "highest minus lowest closing rate by community"

"""Facts name the person whose step counts, and nobody where a machine took it or it was taken back."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.case_machine import CaseAction, CaseStatus
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.cases.casefile import CaseStep, Occurrence, StepKind
from central.core.kpis import COUNTERS, INDICATORS, PERSONS, ByClockwork, CaseFact, after, folded, group_of, moment_of
from central.core.kpis.composites import SHIPPED, Subject
from central.core.kpis.page import page
from central.core.kpis.registry.persons import JUDGED, judges
from central.core.kpis.registry.wording import FIELD_WORDS
from central.core.values import Actor, ActorKind, CaseSource, Role
from tests.support.simulated_month import LAST_DAY, lived

COUNTING = ByClockwork(BUILT_IN_CLOCKWORK)
CASE = replace(next(lived(1)).case, source=CaseSource.COLLECTOR, reporter="an", runs=())
AN, BO, CAI = (Actor(ActorKind.PERSON, name, Role.OPERATOR) for name in ("an", "bo", "cai"))
BOX, RULE, POLICE = (
    Actor(kind, name) for kind, name in ((ActorKind.BOX, "b1"), (ActorKind.RULE, "auto"), (ActorKind.PARTNER, "an"))
)
Do = CaseAction
Line = tuple[StepKind, Actor]


def steps_of(lines: Sequence[Line]) -> list[CaseStep]:
    """Lines an hour apart; what opens the case tells a report."""
    return [
        CaseStep(CASE.id, CASE.opened_at + timedelta(hours=hour), kind, who, None, _status(kind))
        for hour, (kind, who) in enumerate(lines)
    ]


def _status(kind: StepKind) -> CaseStatus:
    return CaseStatus.REPORTED if kind is Occurrence.OPENED else CaseStatus.AWAITING_CHECK


@pytest.mark.parametrize(
    ("lines", "field", "person"),
    [
        ([(Occurrence.OPENED, AN)], "reported_by", "an"),
        ([(Occurrence.OPENED, BO)], "reported_by", ""),
        ([(Occurrence.OPENED, POLICE)], "reported_by", ""),
        ([(Do.CONFIRM, AN)], "reported_by", ""),
        ([(Do.CONFIRM, AN)], "accepted_by", "an"),
        ([(Do.CONFIRM, RULE)], "accepted_by", ""),
        ([(Do.CONFIRM, RULE), (Do.ACCEPT, AN)], "accepted_by", ""),
        ([(Do.ACCEPT, AN), (Do.ACCEPT, BO)], "accepted_by", "an"),
        ([(Do.SEND_VERIFY, AN), (Do.VERIFY, BO), (Do.SEND_VERIFY, CAI)], "verify_sent_by", "an"),
        ([(Do.SEND_VERIFY, AN), (Do.VERIFY, BO)], "verified_by", "bo"),
        ([(Do.SEND_VERIFY, AN), (Do.VERIFY, BO), (Do.SEND_VERIFY, CAI)], "verified_by", ""),
        ([(Do.REGISTER, AN), (Do.SEND_BACK, CAI), (Do.REGISTER, BO)], "registered_by", "an"),
        ([(Do.DISPATCH, AN), (Do.RETURN, CAI), (Do.DISPATCH, BO)], "dispatched_by", "an"),
        ([(Do.SUBMIT, CAI), (Do.PASS, BO)], "checked_by", "bo"),
        ([(Do.SUBMIT, CAI), (Do.PASS, BOX)], "checked_by", ""),
        ([(Do.SUBMIT, CAI), (Do.FAIL, BO)], "checked_by", "bo"),
        ([(Do.SUBMIT, CAI), (Do.PASS, BOX), (Do.FAIL, BO)], "checked_by", ""),
        ([(Do.SUBMIT, CAI), (Do.FAIL, BOX), (Do.PASS, BO)], "checked_by", "bo"),
        ([(Do.SUBMIT, CAI), (Do.FAIL, BO), (Do.DISPATCH, AN), (Do.SUBMIT, CAI)], "checked_by", ""),
        ([(Do.CLOSE, AN)], "closed_by", "an"),
        ([(Do.CLOSE, RULE)], "closed_by", ""),
        ([(Do.CLOSE, AN), (Do.REOPEN, BO)], "closed_by", ""),
        ([(Do.CLOSE, AN), (Do.REOPEN, BO), (Do.FORCE_CLOSE, CAI)], "closed_by", "cai"),
        ([(Do.CLOSE, AN), (Do.APPEAL, BO), (Do.UPHOLD_APPEAL, CAI)], "closed_by", "an"),
    ],
)
def test_whose_step_counts(lines: Sequence[Line], field: str, person: str) -> None:
    assert getattr(folded(None, CASE, steps_of(lines), COUNTING), field) == person


@pytest.mark.parametrize("source", set(CaseSource) - {CaseSource.COLLECTOR})
def test_only_a_collector_is_named_for_a_report(source: CaseSource) -> None:
    told = folded(None, replace(CASE, source=source), steps_of([(Occurrence.OPENED, AN)]), COUNTING)
    assert (told.reported_at, told.reported_by) == (CASE.opened_at, "")


LINES = st.lists(
    st.tuples(
        st.sampled_from([*CaseAction, Occurrence.OPENED, Occurrence.CAMERA_ASKED, Occurrence.EPISODE_SEEN]),
        st.sampled_from([AN, BO, CAI, BOX, RULE, POLICE]),
    ),
    max_size=25,
)


@pytest.mark.parametrize("field", [field for field in PERSONS if field != "reported_by"])
def test_the_page_says_whose_step_counts_as_facts_are_folded(field: str) -> None:
    taking = {
        "accepted_by": Do.ACCEPT, "verify_sent_by": Do.SEND_VERIFY, "verified_by": Do.VERIFY, "checked_by": Do.PASS,
        "registered_by": Do.REGISTER, "dispatched_by": Do.DISPATCH, "closed_by": Do.CLOSE,
    }[field]  # fmt: skip
    fact = folded(None, CASE, steps_of([(taking, AN), (taking, BO)]), COUNTING)
    (line,) = (line for line in page().splitlines() if line.startswith(f"| `{field}` |"))
    which = "the first" if getattr(fact, field) == "an" else "the last, until it is taken back"
    assert f"| {which} |" in line


@given(LINES)
def test_a_named_person_took_the_step_of_that_moment(lines: Sequence[Line]) -> None:
    steps = steps_of(lines)
    fact = folded(None, CASE, steps, COUNTING)
    took = {step.at: step.actor for step in steps}
    for field in PERSONS:
        person, at = getattr(fact, field), getattr(fact, moment_of(field))
        if person:
            assert (took[at].kind, took[at].name) == (ActorKind.PERSON, person), field
        elif at is not None and field != "reported_by":
            assert took[at].kind is not ActorKind.PERSON, field


@given(LINES)
def test_line_by_line_and_at_once_name_the_same(lines: Sequence[Line]) -> None:
    steps, fact = steps_of(lines), None
    for step in steps:
        fact = after(fact, CASE, step, COUNTING)
    assert fact in {None, folded(None, CASE, steps, COUNTING)}


@given(LINES, st.integers(-1, 26))
def test_what_was_not_done_yet_was_nobodys(lines: Sequence[Line], hour: int) -> None:
    fact, as_of = folded(None, CASE, steps_of(lines), COUNTING), CASE.opened_at + timedelta(hours=hour)
    for field in PERSONS:
        at: datetime | None = getattr(fact, moment_of(field))
        assert group_of(fact, field, as_of) == (getattr(fact, field) if at is not None and at <= as_of else "")
        assert group_of(fact, field, LAST_DAY + timedelta(days=90)) == getattr(fact, field)
    assert group_of(fact, "unit", as_of) == fact.unit


def test_everything_that_judges_is_there_and_has_words() -> None:
    known = {field.name for field in fields(CaseFact)}
    for field, judged in JUDGED.items():
        assert {field, moment_of(field)} <= known
        assert field in FIELD_WORDS
        for name in judged:
            assert (name in COUNTERS) != (name in INDICATORS)
            assert judges(name) == field
    assert judges("closing_rate") == ""


def test_of_delivered_posts_only_what_no_line_names_judges_nobody() -> None:
    parts = {part.of.id for one in SHIPPED.values() if one.subject is Subject.POST for part in one.parts}
    assert {name for name in parts if not judges(name)} == {"check_sent_in_time_rate", "missed_report_rate"}

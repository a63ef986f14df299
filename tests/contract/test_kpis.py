"""Figures: the same from Python's conditions, from SQL, and from a recount of the histories, on both databases."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from central.core.case_machine import CaseAction, CaseStatus, Closing, Stage
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import (
    COUNTERS,
    GROUPS,
    INDICATORS,
    PERSONS,
    Baseline,
    ByClockwork,
    CaseFact,
    Measured,
    Note,
    folded,
    group_of,
    holds,
    notes_on,
    period_of,
    times_of,
)
from central.core.kpis.periods import CalendarUnit
from central.core.values import CaseSource
from central.services.desks.facts import replay_facts
from central.services.figures.availability import Availability
from central.services.figures.fact_keeping import CASES_A_STEP
from central.services.figures.kpis import Kpis, KpiUnknown
from central.stores.ports import Asked, BadCursor, Kept, PageRequest, Stores, Unit
from tests.support.casework import Staff
from tests.support.simulated_month import LAST_DAY, Lived, lived

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 15))
COUNTING = ByClockwork(BUILT_IN_CLOCKWORK)
MOMENTS = (LAST_DAY, MARCH.begin + timedelta(days=20), MARCH.begin + timedelta(hours=3))


@cache
def histories() -> tuple[Lived, ...]:
    """The simulated time."""
    return tuple(lived(260, seed=7))


@cache
def facts() -> tuple[CaseFact, ...]:
    """Its facts."""
    return tuple(folded(None, one.case, one.steps, COUNTING) for one in histories())


@pytest.fixture
def filled(stores: Stores) -> Stores:
    """Return stores that lived through the simulated time, without facts."""
    with stores.writing() as unit:
        unit.cases.save([one.case for one in histories()], [], [])
        unit.history.append([step for one in histories() for step in one.steps])
    return stores


@pytest.fixture
def known(filled: Stores) -> Stores:
    """Return the same with facts."""
    assert Kpis(filled, BUILT_IN_CLOCKWORK).facts.catch_up() == len(histories())
    return filled


def _in(moment: datetime | None, as_of: datetime) -> bool:
    return moment is not None and MARCH.begin <= moment < MARCH.end and moment <= as_of


def test_facts_come_back_as_they_were(known: Stores) -> None:
    with known.reading() as unit:
        assert unit.facts.get([fact.case for fact in facts()]) == {fact.case: fact for fact in facts()}
        assert unit.facts.is_complete()
        assert unit.facts.missing(None, 9) == []


def test_sql_counts_what_python_counts(known: Stores) -> None:
    for as_of in MOMENTS:
        for group_by in (None, *GROUPS, *PERSONS):
            with known.reading() as unit:
                found = unit.facts.counts(Asked(MARCH, as_of, group_by))
            expected = _counted(as_of, group_by)
            assert {group: dict(counts) for group, counts in found.items()} == expected, (as_of, group_by)


def _counted(as_of: datetime, group_by: str | None) -> dict[str, dict[str, int]]:
    expected: dict[str, dict[str, int]] = {}
    for fact in facts():
        group = "" if group_by is None else group_of(fact, group_by, as_of)
        for counter in COUNTERS.values():
            if _in(getattr(fact, counter.cohort), as_of):
                counts = expected.setdefault(group, dict.fromkeys(COUNTERS, 0))
                counts[counter.id] += holds(counter.condition, fact, as_of)
    return expected


def _first(one: Lived, *kinds: CaseAction) -> datetime | None:
    return next((step.at for step in one.steps if step.kind in kinds), None)


def _reported(one: Lived) -> datetime | None:
    opening = one.steps[0]
    return opening.at if opening.to_status is CaseStatus.REPORTED else _first(one, CaseAction.CONFIRM)


def _registered(one: Lived) -> datetime | None:
    return _first(one, CaseAction.REGISTER)


def _handled(one: Lived) -> bool:
    """Whether nothing has taken back the last word that it is done, read backwards, and it was there to be done."""
    if one.case.status is CaseStatus.GONE:
        return False
    for step in reversed(one.steps):
        if step.kind in {CaseAction.SUBMIT, CaseAction.LEFT, CaseAction.PASS}:
            return True
        if step.kind in {CaseAction.FAIL, CaseAction.REOPEN}:
            return False
    return False


def _given_up(one: Lived) -> bool:
    return one.case.status in {CaseStatus.VOIDED, CaseStatus.GONE, CaseStatus.MERGED, CaseStatus.REJECTED}


def _limit_passed(one: Lived) -> bool:
    runs = [run for run in one.case.runs if run.stage is Stage.HANDLING]
    due = COUNTING.due_of(runs[-1]) if runs else None
    return due is not None and due < LAST_DAY


def _closed(one: Lived) -> bool:
    return one.case.status is CaseStatus.CLOSED


_Recount = tuple[str, Callable[[Lived], datetime | None], Callable[[Lived], bool]]
RECOUNTS: Sequence[_Recount] = (
    ("reported", _reported, lambda _: True),
    ("reported_registered", _reported, lambda one: _registered(one) is not None),
    ("merged", _reported, lambda one: one.case.status is CaseStatus.MERGED),
    ("registered", _registered, lambda _: True),
    ("voided", _registered, lambda one: one.case.status is CaseStatus.VOIDED),
    ("registered_public", _registered, lambda one: one.case.source in {CaseSource.HOTLINE, CaseSource.WEB}),
    ("dispatched", _registered, lambda one: _first(one, CaseAction.DISPATCH) is not None),
    (
        "to_handle",
        _registered,
        lambda one: _first(one, CaseAction.DISPATCH) is not None and one.case.status is not CaseStatus.GONE,
    ),
    ("handled", _registered, lambda one: _first(one, CaseAction.DISPATCH) is not None and _handled(one)),
    ("closed", _registered, _closed),
    ("closed_special", _registered, lambda one: _closed(one) and one.case.state.closing is Closing.SPECIAL),
    (
        "to_close",
        _registered,
        lambda one: _closed(one) or (not _given_up(one) and (_handled(one) or _limit_passed(one))),
    ),
    (
        "closed_after_limit_met",
        _registered,
        lambda one: (
            _closed(one)
            and _handled(one)
            and (one.case.state.exempt or not (one.case.state.overtime or _ended_late(one)))
        ),
    ),
    ("self_handled", lambda one: one.case.opened_at, lambda one: one.case.state.is_self_handled),
    ("candidates", lambda one: one.case.opened_at, lambda one: one.case.source is CaseSource.DETECTOR),
)


def _ended_late(one: Lived) -> bool:
    run = [run for run in one.case.runs if run.stage is Stage.HANDLING][-1]
    due = COUNTING.due_of(run)
    return due is None or run.ended_at is None or run.ended_at > due


def test_a_recount_of_the_histories_gives_the_same(known: Stores) -> None:
    with known.reading() as unit:
        counts = unit.facts.counts(Asked(MARCH, LAST_DAY))[""]
    for name, moment, counted in RECOUNTS:
        expected = sum(_in(moment(one), LAST_DAY) and counted(one) for one in histories())
        assert expected > 0 or name == "closed_special", name
        assert counts[name] == expected, name


def test_durations_are_those_of_the_facts(known: Stores) -> None:
    figure = Kpis(known, BUILT_IN_CLOCKWORK).figure("handling_time", MARCH, LAST_DAY)
    timed = COUNTERS["timed"].condition
    seconds = [
        fact.dispatched_to_handled_s
        for fact in facts()
        if _in(fact.registered_at, LAST_DAY)
        and holds(timed, fact, LAST_DAY)
        and fact.dispatched_to_handled_s is not None
    ]
    assert figure.times == times_of(seconds)
    assert figure.open is not None
    assert figure.open.count > 0


def test_all_figures_are_what_each_is_alone(known: Stores) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    assert list(kpis.all(MARCH, LAST_DAY)) == [kpis.figure(name, MARCH, LAST_DAY) for name in INDICATORS]


def test_rows_of_a_counter_are_all_its_cases_once_in_order(known: Stores) -> None:
    asked = Asked(MARCH, LAST_DAY)
    for counter in (COUNTERS["reported"], COUNTERS["to_close"], COUNTERS["candidates"]):
        with known.reading() as unit:
            found = _listed(unit, asked, Kept(counter.cohort, counter.condition))
            counted = unit.facts.counts(asked)[""][counter.id]
        assert len({fact.case for fact in found}) == len(found) == counted
        moments = [getattr(fact, counter.cohort) for fact in found]
        assert moments == sorted(moments)


def _listed(unit: Unit, asked: Asked, kept: Kept) -> list[CaseFact]:
    found, cursor = [], None
    while True:
        page = unit.facts.rows(asked, kept, PageRequest(17, cursor))
        found += page.items
        if page.next is None:
            return found
        cursor = page.next


def test_rows_say_which_are_hits_and_whose_they_are(known: Stores) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    figure = kpis.grouped("closing_rate", MARCH, LAST_DAY, "unit")[-1]
    rows = kpis.rows("closing_rate", Asked(MARCH, LAST_DAY, "unit"), figure.group, PageRequest(500)).items
    assert (sum(row.hit for row in rows), len(rows)) == (figure.hits, figure.total)
    assert {row.fact.unit for row in rows} == {figure.group}


def test_rows_of_a_person_are_theirs_as_of_a_moment(known: Stores) -> None:
    kpis, as_of = Kpis(known, BUILT_IN_CLOCKWORK), MARCH.begin + timedelta(days=9)
    figures = kpis.grouped("dispatch_accuracy", MARCH, as_of, "dispatched_by")
    assert len(figures) > 5
    for figure in figures:
        asked = Asked(MARCH, as_of, "dispatched_by")
        rows = kpis.rows("dispatch_accuracy", asked, figure.group, PageRequest(500)).items
        assert (sum(row.hit for row in rows), len(rows)) == (figure.hits, figure.total)
        assert {group_of(row.fact, "dispatched_by", as_of) for row in rows} == {figure.group}
    later_on = [row for row in rows if row.fact.dispatched_by and not figure.group]
    assert all(row.fact.dispatched_at is not None and row.fact.dispatched_at > as_of for row in later_on)


def test_a_cursor_of_another_list_is_refused(known: Stores) -> None:
    for cursor in ("x", "MjAyNi0wMS0wMXwx", "////", "é"):
        with pytest.raises(BadCursor):
            Kpis(known, BUILT_IN_CLOCKWORK).rows("closing_rate", Asked(MARCH, LAST_DAY), None, PageRequest(5, cursor))


def test_an_empty_period_has_no_numbers_and_says_why(known: Stores) -> None:
    empty = period_of(CalendarUnit.MONTH, date(2020, 1, 1))
    for figure in Kpis(known, BUILT_IN_CLOCKWORK).all(empty, LAST_DAY):
        assert figure.value is None
        assert figure.reason is not None


def test_what_there_is_not_is_named(known: Stores) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    with pytest.raises(KpiUnknown, match="'nope'"):
        kpis.figure("nope", MARCH, LAST_DAY)
    with pytest.raises(KpiUnknown, match="community"):
        kpis.grouped("closing_rate", MARCH, LAST_DAY, "number")
    with pytest.raises(KpiUnknown, match="parts"):
        kpis.rows("field_recall", Asked(MARCH, LAST_DAY), None, PageRequest(5))


def test_a_figure_stands_beside_others(known: Stores) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK, before=Baseline(period_of(CalendarUnit.MONTH, date(2026, 2, 1))))
    outlook = kpis.outlook("closing_rate", MARCH, LAST_DAY)
    assert [one.beside for one in outlook.beside] == ["last_period", "last_year", "baseline", "plan"]
    february = kpis.figure("closing_rate", MARCH.last, LAST_DAY)
    assert outlook.beside[0].other == february.value == outlook.beside[2].other
    assert outlook.beside[1].other is None


def test_all_outlooks_are_what_each_is_alone(known: Stores) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK, before=Baseline(period_of(CalendarUnit.MONTH, date(2026, 2, 1))))
    assert list(kpis.outlooks(MARCH, LAST_DAY)) == [kpis.outlook(name, MARCH, LAST_DAY) for name in INDICATORS]


def test_catching_up_in_between_changes_nothing(filled: Stores) -> None:
    some = [one.case.id for one in histories()[100:200]]
    with filled.writing() as unit:
        replay_facts(unit, some, BUILT_IN_CLOCKWORK)
    assert Kpis(filled, BUILT_IN_CLOCKWORK).facts.catch_up() == len(histories()) - len(some)
    with filled.reading() as unit:
        assert set(unit.facts.get([fact.case for fact in facts()]).values()) == set(facts())


def test_facts_are_kept_in_the_transaction_of_each_change(stores: Stores) -> None:
    staff = Staff(stores)
    case = staff.report().case
    staff.walk(case.id, CaseAction.ACCEPT, CaseAction.REGISTER, CaseAction.DISPATCH)
    with stores.reading() as unit:
        kept = unit.facts.get([case.id])[case.id]
        assert (kept.status, kept.number) == (CaseStatus.DISPATCHED, case.number)
    with stores.writing() as unit:
        replay_facts(unit, [case.id], BUILT_IN_CLOCKWORK)
    with stores.reading() as unit:
        assert unit.facts.get([case.id])[case.id] == kept


def test_while_facts_lack_every_figure_says_so_and_each_step_is_bounded(filled: Stores) -> None:
    kpis, seen = Kpis(filled, BUILT_IN_CLOCKWORK), list[int]()
    noted = {one.id: notes_on(one, (Note.INCOMPLETE_FACTS,)) for one in INDICATORS.values()}
    measured = {name for name, notes in noted.items() if notes and isinstance(INDICATORS[name].formula, Measured)}
    assert measured == {
        "missed_report_rate",
        "public_participation",
        "case_usage",
        "camera_usage",
        "cost_per_closed_case",
        "field_recall",
    }
    with filled.writing() as unit:
        oldest = histories()[0].case.id
        replay_facts(unit, [oldest], BUILT_IN_CLOCKWORK)
    while count := kpis.facts.step():
        seen.append(count)
        if sum(seen) < len(histories()) - 1:
            assert all(one.notes == noted[one.indicator] for one in kpis.all(MARCH, LAST_DAY))
            assert kpis.grouped("closing_rate", MARCH, LAST_DAY, "unit")[0].notes == (Note.INCOMPLETE_FACTS,)
    assert (max(seen), sum(seen)) == (CASES_A_STEP, len(histories()) - 1)
    assert {one.notes for one in kpis.all(MARCH, LAST_DAY)} == {()}


def test_phases_add_up_to_the_whole_and_open_to_their_rows(known: Stores) -> None:
    formal_since = MARCH.begin + timedelta(days=9)
    kpis = Kpis(known, BUILT_IN_CLOCKWORK, availability=Availability(known, formal_since))
    for name in ("registration_rate", "closing_rate", "handling_time"):
        whole, parts = kpis.figure(name, MARCH, LAST_DAY), kpis.grouped(name, MARCH, LAST_DAY, "phase")
        assert [one.group for one in parts] == ["trial", "formal"]
        assert sum(one.total for one in parts) == whole.total > 0
        assert sum(one.hits for one in parts) == whole.hits
        assert whole.notes == parts[0].notes == (Note.TRIAL_OPERATION,)
        assert parts[1].notes == ()
        for part in parts:
            asked = Asked(MARCH, LAST_DAY, "phase")
            rows = kpis.rows(name, asked, part.group, PageRequest(500)).items
            assert len(rows) == part.total
            assert {row.phase for row in rows} <= {part.group}
    assert len(kpis.rows("closing_rate", Asked(MARCH, LAST_DAY, "phase"), None, PageRequest(500)).items) > 0
    with pytest.raises(KpiUnknown, match="no part in the phase"):
        kpis.rows("closing_rate", Asked(MARCH, LAST_DAY, "phase"), "nope", PageRequest(5))

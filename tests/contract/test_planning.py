"""Why a mean changed, and what may be asked of a figure: exact, the same from SQL and Python, on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from central.core.case_machine import CaseAction
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import (
    INDICATORS,
    Beside,
    Better,
    ByClockwork,
    CalendarUnit,
    CaseFact,
    Duration,
    Note,
    Period,
    cells_of,
    folded,
    judges,
    period_of,
    whole_seconds,
)
from central.core.kpis.composites import BANDS, SHIPPED, Part, Share, Subject
from central.core.kpis.figures import NO_PUBLIC
from central.core.values import Actor, ActorKind, CaseSource, Role
from central.services.figures.availability import Availability
from central.services.figures.fact_keeping import FactKeeping
from central.services.figures.kpis import Kpis, KpiUnknown
from central.services.figures.planning.changes import Changes
from central.services.figures.planning.proposing import Proposing
from central.services.figures.planning.scores import OF_NOBODY, Scores, ScoresUnknown
from central.stores.ports import Asked, Stores
from tests.support.casework import Staff
from tests.support.simulated_month import DAYS, FIRST_DAY, LAST_DAY, lived

HISTORIES = tuple(lived(260, seed=7))
FACTS = tuple(folded(None, one.case, one.steps, ByClockwork(BUILT_IN_CLOCKWORK)) for one in HISTORIES)
DURATIONS = [one for one in INDICATORS.values() if isinstance(one.formula, Duration)]
HALF = Period(FIRST_DAY + timedelta(days=DAYS // 2), LAST_DAY)


@pytest.fixture
def known(stores: Stores) -> Stores:
    """Return stores that have the facts of the simulated time."""
    with stores.writing() as unit:
        unit.facts.save(FACTS)
    return stores


def facts_of(stores: Stores) -> FactKeeping:
    """Keep facts as central does."""
    return FactKeeping(stores, BUILT_IN_CLOCKWORK)


def _in(period: Period, moment: datetime | None) -> bool:
    return moment is not None and period.begin <= moment < period.end and moment <= LAST_DAY


@pytest.mark.parametrize("name", [one.id for one in DURATIONS])
def test_effects_sum_to_the_change_of_the_printed_means_exactly(known: Stores, name: str) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    found = Changes(known, kpis.facts).explain(name, HALF, Beside.LAST_PERIOD, LAST_DAY)
    before, after = (kpis.figure(name, one, LAST_DAY) for one in (HALF.last, HALF))
    change = found.change
    assert change.before is not None
    assert change.after is not None
    assert (float(change.before), float(change.after)) == (pytest.approx(before.value), pytest.approx(after.value))
    assert change.seconds == change.after - change.before
    assert sum((one.seconds for one in change.effects), Fraction(0)) == change.seconds
    whole = whole_seconds(change.effects)
    assert abs(sum(whole) - change.seconds) <= Fraction(1, 2)


def test_cells_are_those_that_python_makes(known: Stores) -> None:
    for one in DURATIONS:
        assert isinstance(one.formula, Duration)
        with known.reading() as unit:
            cells = unit.fact_sums.cells(Asked(HALF, LAST_DAY), one.formula)
        mine: list[CaseFact] = [fact for fact in FACTS if _in(HALF, fact.registered_at)]
        expected = cells_of(mine, one.formula.field, LAST_DAY, one.formula.counter)
        assert sorted(cells, key=lambda cell: (cell.code, cell.unit)) == list(expected)
        assert len(expected) > 2


def test_sums_of_durations_are_those_of_the_figures(known: Stores) -> None:
    formulas = [one.formula for one in DURATIONS if isinstance(one.formula, Duration)]
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    with known.reading() as unit:
        sums = unit.fact_sums.durations(Asked(HALF, LAST_DAY), formulas)
        none = unit.fact_sums.durations(Asked(HALF, HALF.begin - timedelta(days=1)), formulas)
    for one in DURATIONS:
        assert isinstance(one.formula, Duration)
        figure = kpis.figure(one.id, HALF, LAST_DAY)
        assert figure.value == pytest.approx(sums[one.formula].seconds / sums[one.formula].cases)
        assert figure.total == sums[one.formula].cases
        assert (none[one.formula].cases, none[one.formula].seconds) == (0, 0)


def test_a_period_without_cases_splits_into_nothing_and_says_why(known: Stores) -> None:
    change = Changes(known, facts_of(known)).explain("handling_time", HALF, Beside.LAST_YEAR, LAST_DAY).change
    assert (change.before, change.effects, change.seconds) == (None, (), None)
    assert change.reason is not None


@pytest.mark.parametrize(
    ("name", "beside", "why"),
    [
        ("nope", Beside.LAST_PERIOD, "handling_time"),
        ("closing_rate", Beside.LAST_PERIOD, "no mean of durations"),
        ("handling_time", Beside.PLAN, "no cases to look into"),
        ("handling_time", Beside.BASELINE, "no cases to look into"),
    ],
)
def test_what_cannot_be_split_is_told(known: Stores, name: str, beside: Beside, why: str) -> None:
    with pytest.raises(KpiUnknown, match=why):
        Changes(known, facts_of(known)).explain(name, HALF, beside, LAST_DAY)


def _shifted(months: int) -> list[CaseFact]:
    """The facts of the simulated time again, so many times 30 days apart."""
    names = [name for name in CaseFact.__slots__ if name.endswith("_at")]
    told: list[CaseFact] = []
    for month in range(months):
        for fact in FACTS:
            moments = {name: getattr(fact, name) for name in names}
            moved = {name: at and at - timedelta(days=30 * month) for name, at in moments.items()}
            values = {name: getattr(fact, name) for name in CaseFact.__slots__} | moved
            told.append(CaseFact(**{**values, "case": f"{fact.case}-{month}"}))
    return told


def test_too_few_months_are_a_sentence(known: Stores) -> None:
    proposals = Proposing(known, facts_of(known)).propose(2027, LAST_DAY).each
    assert {one.levels for one in proposals} == {()}
    assert all(
        "needs 12" in one.words.en for one in proposals if INDICATORS[one.indicator].better is not Better.NEITHER
    )
    assert len(proposals) > 30


def test_levels_are_values_of_own_months_with_the_chance_of_each(stores: Stores) -> None:
    with stores.writing() as unit:
        unit.facts.save(_shifted(18))
    proposals = {one.indicator: one for one in Proposing(stores, facts_of(stores)).propose(2026, LAST_DAY).each}
    one = proposals["closing_rate"]
    kpis = Kpis(stores, BUILT_IN_CLOCKWORK)
    history = [kpis.figure("closing_rate", _month(2025, month), LAST_DAY) for month in range(1, 13)]
    values = [figure.value for figure in history if figure.value is not None]
    assert one.months >= len(values) == 12
    floor, target, stretch = one.levels
    assert floor.value <= target.value <= stretch.value
    assert floor.chance >= target.chance >= stretch.chance
    assert sum(value >= floor.value for value in values) <= floor.reached
    time = proposals["handling_time"]
    assert [level.value for level in time.levels] == sorted((level.value for level in time.levels), reverse=True)
    formal = Proposing(stores, facts_of(stores), formal_since=_month(2025, 3).begin).propose(2026, LAST_DAY).each
    in_trial = {one.indicator: one for one in formal}["closing_rate"]
    assert (in_trial.levels, in_trial.months, one.trial_months) == (one.levels, one.months, 0)
    assert in_trial.trial_months == one.months - 10
    assert "trial operation" in in_trial.words.en


def _month(year: int, month: int) -> Period:
    return period_of(CalendarUnit.MONTH, date(year, month, 1))


def test_every_score_is_what_its_figures_give(known: Stores) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    scores = Scores(known, SHIPPED, kpis)
    found = scores.score("department", HALF, LAST_DAY)
    assert (found.group_by, found.total) == ("unit", len(found.scores))
    assert {one.composite.group for one in found.scores} == {fact.unit for fact in FACTS if fact.unit}
    by_unit = {one.group: one for one in kpis.grouped("closing_rate", HALF, LAST_DAY, "unit")}
    for one in found.scores:
        made = one.composite
        assert one.figures["closing_rate"] == by_unit[made.group]
        assert all(part.points is not None for part in made.parts) == (made.points is not None)
        if made.points is not None:
            expected = sum(Fraction(part.part.weight) * (part.points or 0) for part in made.parts)
            assert made.points == expected
    assert any(one.composite.points is not None for one in found.scores)


def test_regions_by_grid_or_community_and_a_post_as_a_whole(known: Stores) -> None:
    scores = Scores(known, SHIPPED, Kpis(known, BUILT_IN_CLOCKWORK))
    grids = scores.score("region_1", HALF, LAST_DAY)
    assert (grids.group_by, {len(one.composite.group) for one in grids.scores}) == ("grid", {15})
    communities = scores.score("region_1", HALF, LAST_DAY, "community")
    assert {len(one.composite.group) for one in communities.scores} == {12}
    assert (grids.whole, communities.whole) == (None, None)
    (leaders,) = scores.score("shift_leader", HALF, LAST_DAY).scores
    assert leaders.composite.group == ""
    assert leaders.composite.points is not None
    (collectors,) = scores.score("collector", HALF, LAST_DAY, "post").scores
    assert collectors.composite.points is None
    assert collectors.composite.reason is not None
    assert "missed report rate" in collectors.composite.reason.en
    (nobody,) = scores.score("dispatcher", HALF, HALF.begin - timedelta(days=1), "post").scores
    assert nobody.composite.points is None


def test_while_facts_lack_all_answers_say_so_at_once(stores: Stores) -> None:
    with stores.writing() as unit:
        unit.cases.save([one.case for one in HISTORIES], [], [])
        unit.history.append([step for one in HISTORIES for step in one.steps])
    kpis = Kpis(stores, BUILT_IN_CLOCKWORK)
    facts = kpis.facts
    for expected in ((Note.INCOMPLETE_FACTS,), ()):
        assert Scores(stores, SHIPPED, kpis).score("department", HALF, LAST_DAY).notes == expected
        assert Changes(stores, facts).explain("handling_time", HALF, Beside.LAST_YEAR, LAST_DAY).notes == expected
        assert Proposing(stores, facts).propose(2027, LAST_DAY).notes == expected
        assert facts_of(stores).is_complete() is not bool(expected)
        facts.catch_up()


@pytest.mark.parametrize("table", [name for name, one in SHIPPED.items() if one.subject is Subject.POST])
def test_persons_score_by_what_they_did_themselves(known: Stores, table: str) -> None:
    kpis = Kpis(known, BUILT_IN_CLOCKWORK)
    found = Scores(known, SHIPPED, kpis).score(table, HALF, LAST_DAY, "person")
    assert (found.group_by, found.total) == ("person", len(found.scores))
    people = {f"p{number}" for number in range(7)}
    assert {one.composite.group for one in found.scores} == people, "no rule, no box, nobody"
    assert found.whole == Scores(known, SHIPPED, kpis).score(table, HALF, LAST_DAY, "post").scores[0]
    for part in SHIPPED[table].parts:
        if not isinstance(part.of, Share) or not judges(part.of.id):
            continue
        told = {one.group: one for one in kpis.grouped(part.of.id, HALF, LAST_DAY, judges(part.of.id))}
        for one in found.scores:
            figure, group = one.figures[part.of.id], one.composite.group
            assert (figure.hits, figure.total) == ((told[group].hits, told[group].total) if group in told else (0, 0))
            assert (figure.value is None) == (figure.total == 0)
    known_points = [one.composite.points for one in found.scores if one.composite.points is not None]
    assert known_points == sorted(known_points, reverse=True)
    assert bool(known_points) == (table in {"shift_leader", "dispatcher"})


def test_who_did_nothing_of_a_part_has_no_score_and_the_reason(stores: Stores) -> None:
    staff, day = Staff(stores), Role.LEADER
    first, second = (Actor(ActorKind.PERSON, name, day) for name in ("zhao", "sun"))
    case = staff.report().case.id
    staff.act(case, CaseAction.ACCEPT)
    staff.act(case, CaseAction.REGISTER, first)
    staff.walk(case, CaseAction.DISPATCH, CaseAction.TAKE, CaseAction.SUBMIT, CaseAction.PASS)
    staff.act(case, CaseAction.CLOSE, second)
    now = staff.now + timedelta(minutes=1)
    scores = Scores(stores, SHIPPED, Kpis(stores, BUILT_IN_CLOCKWORK))
    found = scores.score("shift_leader", Period(now - timedelta(days=1), now), now, naming=True)
    assert [one.composite.group for one in found.scores] == ["sun", "zhao"]
    for one, lacking in zip(found.scores, (2, 1), strict=True):
        assert (one.composite.points, one.composite.band) == (None, None)
        assert one.composite.reason is not None
        assert "nothing to divide" in one.composite.reason.en
        assert len(one.composite.lacking) == lacking
    assert found.whole is not None
    assert (found.whole.composite.points, found.whole.composite.band) == (100, BANDS[0])
    nobody = scores.score("acceptor", Period(now - timedelta(days=3), now - timedelta(days=2)), now, "person")
    assert nobody.scores == ()
    (acceptor,) = scores.score("acceptor", Period(now - timedelta(days=1), now), now, "person").scores
    assert [part.reason for part in acceptor.composite.parts][-1] == OF_NOBODY
    assert acceptor.counts == {"reported_accepted": 1}


@pytest.mark.parametrize(
    ("table", "by", "why"),
    [("nope", None, "department"), ("department", "grid", "unit"), ("acceptor", "unit", "person, post")],
)
def test_what_is_not_scored_is_told(known: Stores, table: str, by: str | None, why: str) -> None:
    with pytest.raises(ScoresUnknown, match=why):
        Scores(known, SHIPPED, Kpis(known, BUILT_IN_CLOCKWORK)).score(table, HALF, LAST_DAY, by)


def test_the_channel_of_the_public_is_asked_of_the_city_and_not_of_each_grid(stores: Stores) -> None:
    at, quiet, loud = HALF.begin + timedelta(days=1), "330402001001001", "330402001002001"
    closed = replace(
        FACTS[0], source=CaseSource.COLLECTOR, grid=quiet, community=quiet[:12], reported_at=at, registered_at=at,
        handled_at=at, handle_due_at=at, closed_at=at, is_late=False, gone_at=None, voided_at=None,
        merged_at=None,
    )  # fmt: skip
    complaint = replace(closed, case="told", source=CaseSource.HOTLINE, grid=loud, community=loud[:12])
    with stores.writing() as unit:
        unit.facts.save([*(replace(closed, case=f"own-{number}") for number in range(40)), complaint])
    kpis = Kpis(stores, BUILT_IN_CLOCKWORK)
    for name, hits in (("active_finding_rate", 40), ("public_verified_rate", 0), ("public_report_rate", 0)):
        one = kpis.grouped(name, HALF, LAST_DAY, "grid")[0]
        assert (one.group, one.value, one.hits, one.total) == (quiet, hits / 40, hits, 40)
        assert one in kpis.by_group(HALF, LAST_DAY, "grid")[quiet]
        assert kpis.figure(name, HALF, LAST_DAY).value is not None
    for by, group in (("grid", quiet), ("community", quiet[:12])):
        scored = {
            one.composite.group: one
            for one in Scores(stores, SHIPPED, kpis).score("region_1", HALF, LAST_DAY, by).scores
        }
        assert scored[group].composite.points is not None
        assert scored[group].figures["public_verified_rate"].value == 0
    with stores.writing() as unit:
        unit.facts.save([replace(complaint, source=CaseSource.COLLECTOR)])
    alone = kpis.grouped("active_finding_rate", HALF, LAST_DAY, "grid")
    assert [one.reason for one in (*alone, kpis.figure("active_finding_rate", HALF, LAST_DAY))] == [NO_PUBLIC] * 3


def test_phases_of_a_period_hear_the_public_together(stores: Stores) -> None:
    early, late = HALF.begin + timedelta(days=1), HALF.begin + timedelta(days=9)
    own = replace(FACTS[0], source=CaseSource.COLLECTOR, reported_at=early, registered_at=early)
    told = replace(own, case="told", source=CaseSource.HOTLINE, reported_at=late, registered_at=late)
    with stores.writing() as unit:
        unit.facts.save([own, told])
    kpis = Kpis(stores, BUILT_IN_CLOCKWORK, availability=Availability(stores, HALF.begin + timedelta(days=5)))
    trial, formal = kpis.grouped("active_finding_rate", HALF, LAST_DAY, "phase")
    assert (trial.group, trial.value, formal.group, formal.value) == ("trial", 1, "formal", 0)


def test_no_points_at_all_come_before_no_score(stores: Stores) -> None:
    at = HALF.begin + timedelta(days=1)
    done = replace(FACTS[0], registered_at=at, dispatched_at=at, handled_at=at, is_reworked=True)
    with stores.writing() as unit:
        unit.facts.save([replace(done, case="1", unit="b"), replace(done, case="2", unit="a", handled_at=None)])
    rework = replace(SHIPPED["department"], parts=(Part(Share("rework_rate"), Decimal(1)),))
    found = Scores(stores, {"rework": rework}, Kpis(stores, BUILT_IN_CLOCKWORK)).score("rework", HALF, LAST_DAY)
    assert [(one.composite.group, one.composite.points) for one in found.scores] == [("b", 0), ("a", None)]

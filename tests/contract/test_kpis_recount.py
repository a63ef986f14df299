"""Every figure of cases equals a brute-force recount over a simulated month, on both databases."""

from datetime import date, timedelta
from functools import cache

import pytest

from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import INDICATORS, ByClockwork, Duration, Ratio, Spread, judges, period_of
from central.core.kpis.periods import CalendarUnit
from central.services.figures.kpis import Kpis
from central.stores.ports import Stores
from tests.support.recount import DURATIONS, RATIOS, Told, lasted, recounted, summed_up
from tests.support.simulated_month import LAST_DAY, Lived, lived

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 15))
COUNTING = ByClockwork(BUILT_IN_CLOCKWORK)
AS_OF = LAST_DAY + timedelta(days=90)
"""After the last line: a recount knows the whole history."""


@cache
def histories() -> tuple[Lived, ...]:
    """The simulated time."""
    return tuple(lived(700, seed=11))


@cache
def told() -> tuple[Told, ...]:
    """The same as its lines tell it."""
    return tuple(Told(one, COUNTING, AS_OF) for one in histories())


@pytest.fixture
def kpis(stores: Stores) -> Kpis:
    with stores.writing() as unit:
        unit.cases.save([one.case for one in histories()], [], [])
        unit.history.append([step for one in histories() for step in one.steps])
    found = Kpis(stores, BUILT_IN_CLOCKWORK)
    found.facts.catch_up()
    return found


def test_every_ratio_duration_and_spread_is_recounted() -> None:
    ratios = {name for name, one in INDICATORS.items() if isinstance(one.formula, Ratio)}
    durations = {name.removesuffix("_work") for name, one in INDICATORS.items() if isinstance(one.formula, Duration)}
    assert (ratios, durations) == (RATIOS.keys(), DURATIONS.keys())
    assert [name for name, one in INDICATORS.items() if isinstance(one.formula, Spread)] == ["fairness_spread"]


def test_the_recount_gives_the_same(kpis: Kpis) -> None:
    figures = {one.indicator: one for one in kpis.all(MARCH, AS_OF)}
    assert max(step.at for one in histories() for step in one.steps) < AS_OF
    for name in RATIOS:
        hits, total = recounted(told(), name, MARCH.begin, MARCH.end)
        assert 0 < hits <= total, name
        assert (figures[name].hits, figures[name].total, figures[name].value) == (hits, total, hits / total), name
    for name, one in INDICATORS.items():
        if isinstance(one.formula, Duration):
            count, mean, p50, p90, quick = summed_up(lasted(told(), name, MARCH.begin, MARCH.end))
            times = figures[name].times
            assert times is not None
            assert (times.count, times.p50_s, times.p90_s) == (count, p50, p90), name
            assert (times.mean_s, times.quick) == (pytest.approx(mean), pytest.approx(quick)), name
            assert figures[name].value == times.mean_s


def test_so_it_does_of_each_community_and_of_their_spread(kpis: Kpis) -> None:
    rates = {}
    for community in sorted({one.community for one in told()}):
        mine = [one for one in told() if one.community == community]
        hits, total = recounted(mine, "closing_rate", MARCH.begin, MARCH.end)
        rates[community] = hits / total
        assert total >= INDICATORS["closing_rate"].minimum_sample
    grouped = kpis.grouped("closing_rate", MARCH, AS_OF, "community")
    assert {one.group: one.value for one in grouped} == rates
    assert len(rates) > 1
    spread = kpis.figure("fairness_spread", MARCH, AS_OF)
    assert spread.value == max(rates.values()) - min(rates.values()) > 0


def test_so_it_does_of_each_person_whom_a_figure_judges(kpis: Kpis) -> None:
    judging = {name: judges(name) for name in RATIOS if judges(name)}
    assert len(judging) > 10
    for name, field in judging.items():
        expected = {}
        for person in sorted({one.who(field) for one in told()}):
            mine = [one for one in told() if one.who(field) == person]
            expected[person] = recounted(mine, name, MARCH.begin, MARCH.end)
        grouped = {one.group: (one.hits, one.total) for one in kpis.grouped(name, MARCH, AS_OF, field)}
        assert grouped == {person: found for person, found in expected.items() if person in grouped}, name
        assert all(found == (0, 0) for person, found in expected.items() if person not in grouped), name
        whole = kpis.figure(name, MARCH, AS_OF)
        assert tuple(map(sum, zip(*grouped.values(), strict=True))) == (whole.hits, whole.total), name
        assert len(grouped) > 3, name

"""Why a mean duration changed: by which classes came, to which departments they went, how long each stage took.

The mean is the sum, over classes and departments, of the class's share, times the department's share of the class,
times the mean of each stage. A change of a product of three is split evenly over the orders in which the three may
change, so that the effects add up to the change exactly and the change back has the same effects with the other sign.
What only one of the periods has is compared with itself: that a class or a department is new is no change of its speed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from central.core.kpis.facts import CaseFact
from central.core.kpis.registry.conditions import holds
from central.core.kpis.registry.counters import COUNTERS
from protocol.texts import Words

STAGED = "found_to_handled_s"
"""The duration that has three stages."""
NO_CASES = Words(zh="本期或对比期没有计时案件，无法分解", en="one of the periods has no timed cases: nothing to split")


class Factor(StrEnum):
    """By what a mean changes."""

    CLASS_MIX = "class_mix"
    DEPARTMENT = "department"
    STAGE = "stage"


class Leg(StrEnum):
    """The stages of the time from finding to handling."""

    TO_REGISTRATION = "to_registration"
    TO_DISPATCH = "to_dispatch"
    HANDLING = "handling"


LEG_WORDS: dict[Leg, Words] = {
    Leg.TO_REGISTRATION: Words(zh="发现至立案", en="finding to registration"),
    Leg.TO_DISPATCH: Words(zh="立案至派遣", en="registration to dispatch"),
    Leg.HANDLING: Words(zh="处置", en="handling"),
}
FACTOR_WORDS: dict[Factor, Words] = {
    Factor.CLASS_MIX: Words(zh="案件类别构成", en="mix of classes"),
    Factor.DEPARTMENT: Words(zh="责任单位构成", en="mix of departments"),
    Factor.STAGE: Words(zh="各阶段用时", en="time of the stages"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of one class with one department: how many, and the seconds of all of them by stage."""

    code: str
    unit: str
    cases: int
    seconds: Mapping[Leg, int]

    def __post_init__(self) -> None:
        if self.cases < 1:
            raise ValueError(f"a cell has cases, not {self.cases}; leave it out")


@dataclass(frozen=True, slots=True)
class Timed:
    """One case's duration in seconds, and the moments by which it falls into stages."""

    code: str
    unit: str
    seconds: int
    found_at: datetime
    registered_at: datetime | None = None
    dispatched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Seconds of the change that one class, department or stage makes; `of`: its code, unit or stage."""

    factor: Factor
    of: str
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class Change:
    """The means of two periods in seconds, and the effects, which sum to their difference exactly.

    Where a period has no cases its mean is None and `reason` says so; there are no effects then.
    """

    before: Fraction | None
    after: Fraction | None
    effects: tuple[Effect, ...] = ()
    reason: Words | None = None

    @property
    def seconds(self) -> Fraction | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before

    def total(self, factor: Factor) -> Fraction:
        """What one factor makes of the change."""
        return sum((one.seconds for one in self.effects if one.factor is factor), Fraction(0))


def cells_of(facts: Iterable[CaseFact], duration: str, as_of: datetime, counter: str = "timed") -> tuple[Cell, ...]:
    """The cases of a counter, by class and department; `duration` is the field that an indicator names."""
    counted = COUNTERS[counter].condition
    return joined(
        (
            Timed(fact.code, fact.unit, whole, fact.found_at, fact.registered_at, fact.dispatched_at)
            for fact in facts
            if (whole := getattr(fact, duration)) is not None and holds(counted, fact, as_of)
        ),
        duration,
    )


def joined(times: Iterable[Timed], duration: str) -> tuple[Cell, ...]:
    """Durations by class and department.

    The time from finding to handling (`STAGED`) has three stages, any other is one. A moment that is missing or lies
    outside its neighbours takes no time of its own, so that the stages of a case sum to its duration.
    """
    cases: dict[tuple[str, str], int] = {}
    seconds: dict[tuple[str, str], dict[Leg, int]] = {}
    for one in times:
        key = (one.code, one.unit)
        cases[key] = cases.get(key, 0) + 1
        mine = seconds.setdefault(key, {})
        for leg, spent in _legs(one, duration).items():
            mine[leg] = mine.get(leg, 0) + spent
    return tuple(Cell(*key, count, seconds[key]) for key, count in sorted(cases.items()))


def change_of_mean(before: Sequence[Cell], after: Sequence[Cell]) -> Change:
    """The change between two periods, split; cells of the same class and department are joined."""
    old, new = _Mix(before), _Mix(after)
    if not old.cases or not new.cases:
        return Change(old.mean if old.cases else None, new.mean if new.cases else None, reason=NO_CASES)
    codes = sorted({*old.codes, *new.codes})
    legs = [leg for leg in Leg if leg in old.legs | new.legs]
    mix: dict[str, Fraction] = {}
    departments: dict[str, Fraction] = {}
    stages: dict[str, Fraction] = dict.fromkeys(legs, Fraction(0))
    middle = (old.mean + new.mean) / 2
    for code in codes:
        p0, p1 = old.share(code), new.share(code)
        a, b = (old if code in old.codes else new), (new if code in new.codes else old)
        centre = (a.mean_of(code) + b.mean_of(code)) / 2
        mix[code] = -(p1 - p0) * middle
        for unit in sorted({*a.units(code), *b.units(code)}):
            q0, q1 = a.share_in(code, unit), b.share_in(code, unit)
            m0 = (a if q0 else b).times(code, unit)
            m1 = (b if q1 else a).times(code, unit)
            t0, t1 = sum(m0.values(), Fraction(0)), sum(m1.values(), Fraction(0))
            mix[code] += (p1 - p0) * _even(q0, q1, t0, t1)
            share = (q1 - q0) * _even(p0, p1, t0 - centre, t1 - centre)
            departments[unit] = departments.get(unit, Fraction(0)) + share
            weight = _even(p0, p1, q0, q1)
            for leg in legs:
                stages[leg] += (m1.get(leg, Fraction(0)) - m0.get(leg, Fraction(0))) * weight
    named = ((Factor.CLASS_MIX, mix), (Factor.DEPARTMENT, departments), (Factor.STAGE, stages))
    effects = tuple(Effect(factor, str(of), value) for factor, by in named for of, value in sorted(by.items()))
    return Change(old.mean, new.mean, effects)


def whole_seconds(effects: Sequence[Effect]) -> tuple[int, ...]:
    """The effects as whole seconds that sum to the rounded change; what is left over goes to the largest fractions.

    Turning all signs turns the signs of the answer.
    """
    cut = [int(one.seconds) for one in effects]
    rest = [one.seconds - whole for one, whole in zip(effects, cut, strict=True)]
    over = _nearest(sum((one.seconds for one in effects), Fraction(0))) - sum(cut)
    sign = 1 if over > 0 else -1
    ranked = sorted(range(len(cut)), key=lambda at: (-sign * rest[at], effects[at].factor, effects[at].of))
    for at in ranked[: abs(over)]:
        cut[at] += sign
    return tuple(cut)


class _Mix:
    """The cells of one period as shares and means."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells: dict[str, dict[str, tuple[int, dict[Leg, int]]]] = {}
        for cell in cells:
            units = self._cells.setdefault(cell.code, {})
            count, seconds = units.get(cell.unit, (0, {}))
            joined = {leg: seconds.get(leg, 0) + cell.seconds.get(leg, 0) for leg in {*seconds, *cell.seconds}}
            units[cell.unit] = (count + cell.cases, joined)
        self.codes = self._cells.keys()
        self.legs = {leg for cell in cells for leg in cell.seconds}
        self._of_code = {code: sum(count for count, _ in units.values()) for code, units in self._cells.items()}
        self.cases = sum(self._of_code.values())

    @property
    def mean(self) -> Fraction:
        return sum((self.share(code) * self.mean_of(code) for code in self.codes), Fraction(0))

    def mean_of(self, code: str) -> Fraction:
        spent = sum(sum(seconds.values()) for _, seconds in self._cells[code].values())
        return Fraction(spent, self._of_code[code])

    def share(self, code: str) -> Fraction:
        return Fraction(self._of_code.get(code, 0), self.cases)

    def units(self, code: str) -> Iterable[str]:
        return self._cells[code]

    def share_in(self, code: str, unit: str) -> Fraction:
        count, _ = self._cells[code].get(unit, (0, {}))
        return Fraction(count, self._of_code[code])

    def times(self, code: str, unit: str) -> dict[Leg, Fraction]:
        count, seconds = self._cells[code][unit]
        return {leg: Fraction(spent, count) for leg, spent in seconds.items()}


def _even(x0: Fraction, x1: Fraction, y0: Fraction, y1: Fraction) -> Fraction:
    """By what a third number's change is multiplied, evenly over all orders in which x, y and it may change."""
    return (x0 * y0 + x1 * y1) / 3 + (x0 * y1 + x1 * y0) / 6


def _nearest(value: Fraction) -> int:
    """A half goes away from 0."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def _legs(one: Timed, duration: str) -> dict[Leg, int]:
    whole = one.seconds
    if duration != STAGED:
        return {Leg.HANDLING: whole}
    ends = [whole]
    for moment in (one.dispatched_at, one.registered_at):
        offset = ends[0] if moment is None else round((moment - one.found_at).total_seconds())
        ends.insert(0, min(max(0, offset), ends[0]))
    registration, dispatch, _ = ends
    return {
        Leg.TO_REGISTRATION: registration,
        Leg.TO_DISPATCH: dispatch - registration,
        Leg.HANDLING: whole - dispatch,
    }

"""Which cases may go, and which go together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.case_machine import OPEN, CaseStatus
from central.core.retention import CaseAge, Kept, RetentionPolicy, Rule, families, may_go, rule_of
from tests.support.speaking_box import later

NOW = later(0)
OLD, NEW = NOW - timedelta(days=2), NOW


def age(name: str, *kin: str, status: CaseStatus = CaseStatus.CLOSED, held: bool = False, new: bool = False) -> CaseAge:
    return CaseAge(name, name, status, NEW if new else OLD, held, frozenset(kin))


@pytest.mark.parametrize("status", list(CaseStatus))
def test_only_what_has_ended_may_go(status: CaseStatus) -> None:
    assert may_go([age("a", status=status)], NOW) == (status not in OPEN)


@pytest.mark.parametrize("one", [age("b", held=True), age("b", new=True), age("b", status=CaseStatus.RETURNED)])
def test_one_that_must_stay_keeps_its_family(one: CaseAge) -> None:
    assert may_go([age("a")], NOW)
    assert not may_go([age("a"), one], NOW)


def test_rules_name_their_limit() -> None:
    assert rule_of(RetentionPolicy(), Kept.CASES, NOW) is None
    assert rule_of(RetentionPolicy(cases_days=2), Kept.CASES, NOW) == Rule("cases_days=2", OLD)


def test_a_family_with_a_member_out_of_sight_is_left_out() -> None:
    known = {"a": age("a", "b"), "b": age("b", "a", "elsewhere"), "c": age("c")}
    assert families(known) == [("c",)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_families_part_the_cases(pairs: list[tuple[int, int]]) -> None:
    kin: dict[str, set[str]] = {str(number): set() for number in range(10)}
    for one, other in pairs:
        kin[str(one)].add(str(other))
        kin[str(other)].add(str(one))
    found = families({name: age(name, *others) for name, others in kin.items()})
    assert sorted(name for family in found for name in family) == sorted(kin)
    home = {name: family for family in found for name in family}
    assert all(home[str(one)] == home[str(other)] for one, other in pairs)

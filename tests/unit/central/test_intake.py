"""What a sighting does."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.case_machine import CaseState, CaseStatus
from central.core.casefile import Case, Episode
from central.core.intake import (
    AttachTo,
    Ignore,
    IgnoreReason,
    IntakePolicy,
    MergeInto,
    OpenCase,
    Sighting,
    decide,
    stays,
)
from central.core.values import CaseSource
from protocol.messages import EndReason
from tests.support.speaking_box import later

POLICY = IntakePolicy(merge_window_s=100)


def sighting(first_s: float = 0, last_s: float = 0, scene: str = "stay") -> Sighting:
    return Sighting("ep-1", "b1.cam-1/z1/stay", scene, later(first_s), later(last_s))


def case(first_s: float, last_s: float, name: str = "case-1") -> Case:
    return Case(
        id=name,
        number="E1",
        state=CaseState(CaseStatus.CANDIDATE),
        source=CaseSource.DETECTOR,
        reporter="b1",
        opened_at=later(0),
        updated_at=later(0),
        first_seen_at=later(first_s),
        last_seen_at=later(last_s),
    )


@pytest.mark.parametrize(
    ("first_s", "last_s", "merges"),
    [(0, 10, True), (110, 120, True), (111, 120, False), (-200, -100, True), (-200, -101, False), (-300, 300, True)],
)
def test_near_in_time_is_one_case(first_s: float, last_s: float, *, merges: bool) -> None:
    decision = decide(sighting(first_s, last_s), None, [case(0, 10)], POLICY)
    assert decision == (MergeInto("case-1") if merges else OpenCase())


def test_the_nearest_case_is_taken() -> None:
    decision = decide(sighting(50, 60), None, [case(0, 10, "far"), case(65, 70, "near")], POLICY)
    assert decision == MergeInto("near")


def test_a_known_episode_stays_with_its_case_whatever_else_is_open() -> None:
    assert decide(sighting(), "old", [case(0, 10)], POLICY) == AttachTo("old")


def test_a_scene_that_the_city_does_not_want_is_ignored_with_a_reason() -> None:
    policy = IntakePolicy(scenes_ignored=frozenset({"stay"}))
    assert decide(sighting(), None, [], policy) == Ignore(IgnoreReason.SCENE_IGNORED)


@given(st.permutations([case(0, 10, "a"), case(20, 30, "b"), case(500, 600, "c")]))
def test_the_order_of_open_cases_does_not_matter(cases: list[Case]) -> None:
    assert decide(sighting(15, 15), None, cases, POLICY) == MergeInto("a")


@pytest.mark.parametrize(("reason", "expected"), [(None, True), (EndReason.INTERRUPTED, True), (EndReason.LEFT, False)])
def test_only_what_was_seen_to_leave_has_left(reason: EndReason | None, *, expected: bool) -> None:
    ended_at = later(0) + timedelta(seconds=1) if reason else None
    assert stays(Episode("ep-1", "case-1", ended_at, reason)) is expected

"""What a report does: of a camera, and of a person."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.case_machine import OPEN, CaseState, CaseStatus, Closing, StageLimit, UnderStandard
from central.core.cases.casefile import Case, Episode
from central.core.cases.intake import (
    AttachTo,
    Ignore,
    IgnoreReason,
    IntakeDecision,
    IntakePolicy,
    MergeInto,
    Nearness,
    OpenCase,
    Reopen,
    Sighting,
    Told,
    decide,
    decide_told,
    near_of,
    stays,
)
from central.core.clocks import Limit, LimitUnit
from central.core.places import Position, cell_of
from central.core.standards import Recurrence
from central.core.values import CaseSource
from protocol.messages import EndReason
from tests.support.speaking_box import later

SPOT = "b1.cam-1/z1/stay"
POLICY = IntakePolicy(Nearness(window_s=100, radius_m=50), reopen_window_s=1000, repeat_window_s=5000)
HERE = Position(34.7368, 105.3382)
CLOSED_AT_S = 600.0


def north(metres: float) -> Position:
    """Return a place so far north of HERE."""
    return Position(HERE.latitude + metres / 111_195, HERE.longitude)


def sighting(first_s: float = 0, last_s: float | None = None, **more: object) -> Sighting:
    told = {"camera": "b1.cam-1", "position": HERE} | more
    return Sighting("ep-1", SPOT, "stay", later(first_s), later(first_s if last_s is None else last_s), **told)  # type: ignore[arg-type]


def case(first_s: float, last_s: float, name: str = "case-1", **more: object) -> Case:
    told = {"state": CaseState(CaseStatus.CANDIDATE), "source": CaseSource.DETECTOR, "spot": SPOT, "scene": "stay"}
    return Case(  # type: ignore[arg-type]
        id=name,
        number="E1",
        reporter="b1",
        opened_at=later(0),
        updated_at=later(CLOSED_AT_S),
        first_seen_at=later(first_s),
        last_seen_at=later(last_s),
        **(told | more),
    )


def closed(recurrence: Recurrence | None, closing: Closing = Closing.NORMAL, **more: object) -> Case:
    """Return a case that was closed at CLOSED_AT_S."""
    under = None
    if recurrence is not None:
        limit = StageLimit(Limit(Decimal(2), LimitUnit.URGENT_HOURS))
        under = UnderStandard("E-1", 1, "04-01", "取缔", limit, recurrence)
    return case(0, 10, state=CaseState(CaseStatus.CLOSED, closing=closing, standard=under), **more)


def told_case(**more: object) -> Case:
    """Return an open case that a person reported."""
    state = CaseState(CaseStatus.REPORTED)
    place = {"latitude": HERE.latitude, "longitude": HERE.longitude}
    return case(0, 0, "told", **({"spot": None, "state": state, "source": CaseSource.HOTLINE} | place | more))


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
    assert decide(sighting(), case(900, 900, "old"), [case(0, 10)], POLICY) == AttachTo("old")


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


NEW, AGAIN = Recurrence.NEW_CASE, Recurrence.REOPEN
LINKED, REOPENED, ALONE = OpenCase("case-1"), Reopen("case-1"), OpenCase()


@pytest.mark.parametrize(
    ("before", "seen", "expected"),
    [
        # The vendor comes back: a violation of its own, linked to the one before.
        (closed(NEW), sighting(700), LINKED),
        (closed(NEW), sighting(CLOSED_AT_S + 5000), LINKED),
        (closed(NEW), sighting(CLOSED_AT_S + 5001), ALONE),
        # What lies there still, or again, is the old problem.
        (closed(AGAIN), sighting(700), REOPENED),
        (closed(AGAIN), sighting(CLOSED_AT_S + 1000), REOPENED),
        (closed(AGAIN), sighting(CLOSED_AT_S + 1001), LINKED),
        (closed(AGAIN), sighting(20, 700), REOPENED),
        # Seen before the close, told after it: no recurrence, and closed cases are not joined.
        (closed(NEW), sighting(20, CLOSED_AT_S), ALONE),
        (closed(AGAIN), sighting(20, CLOSED_AT_S), ALONE),
        # It has left already; somebody closed by force; no table of standards.
        (closed(AGAIN), sighting(700, has_left=True), LINKED),
        (closed(AGAIN, Closing.SPECIAL), sighting(700), LINKED),
        (closed(AGAIN, Closing.LATE), sighting(700), REOPENED),
        (closed(None), sighting(700), LINKED),
    ],
)
def test_what_comes_back_after_the_close(before: Case, seen: Sighting, expected: IntakeDecision) -> None:
    assert decide(seen, None, [before], POLICY) == expected


@pytest.mark.parametrize("status", sorted({*CaseStatus} - OPEN - {CaseStatus.CLOSED}))
def test_what_was_refused_or_given_up_does_not_come_back(status: CaseStatus) -> None:
    over = closed(AGAIN)
    assert decide(sighting(700), None, [replace(over, state=replace(over.state, status=status))], POLICY) == ALONE


@pytest.mark.parametrize(
    ("before", "last_s", "expected"),
    [
        (closed(AGAIN), 700, REOPENED),
        (closed(AGAIN), CLOSED_AT_S, AttachTo("case-1")),
        (closed(NEW), 700, AttachTo("case-1")),
    ],
)
def test_an_episode_that_outlasts_the_close(before: Case, last_s: float, expected: IntakeDecision) -> None:
    assert decide(sighting(20, last_s), before, [before], POLICY) == expected


def test_an_open_case_goes_before_a_closed_one() -> None:
    assert decide(sighting(700), None, [closed(AGAIN), case(690, 700, "open")], POLICY) == MergeInto("open")


def test_the_last_of_several_closed_cases_counts() -> None:
    earlier = replace(closed(AGAIN), id="earlier", updated_at=later(500))
    assert decide(sighting(700), None, [earlier, closed(NEW)], POLICY) == LINKED


@pytest.mark.parametrize(
    ("open_case", "joins"),
    [
        (told_case(), True),
        (told_case(camera="b1.cam-1", latitude=None, longitude=None), True),
        (told_case(latitude=north(49).latitude), True),
        (told_case(latitude=north(51).latitude), False),
        (told_case(latitude=None, longitude=None), False),
        (told_case(scene="bike_parking"), False),
        (told_case(scene=None), False),
        (told_case(state=CaseState(CaseStatus.CLOSED)), False),
        (told_case(state=CaseState(CaseStatus.REGISTERED, parent="case-0")), False),
        (case(0, 0, "told", spot="b1.cam-1/z2/stay", latitude=HERE.latitude, longitude=HERE.longitude), False),
    ],
)
def test_a_camera_joins_what_a_person_reported_near_by(open_case: Case, *, joins: bool) -> None:
    assert decide(sighting(5), None, [open_case], POLICY) == (MergeInto("told") if joins else ALONE)


@pytest.mark.parametrize(
    ("told", "joins"),
    [
        (Told(later(50), "stay", "b1.cam-1"), True),
        (Told(later(50), "stay", None, north(49)), True),
        (Told(later(50), "stay", None, north(51)), False),
        (Told(later(110), "stay", "b1.cam-1"), True),
        (Told(later(111), "stay", "b1.cam-1"), False),
        (Told(later(50), "stay", "b1.cam-2"), False),
        (Told(later(50), "stay"), False),
        (Told(later(50), "bike_parking", "b1.cam-1"), False),
        (Told(later(50), None, "b1.cam-1", HERE), False),
    ],
)
def test_a_person_joins_what_a_camera_saw_near_by(told: Told, *, joins: bool) -> None:
    seen = case(0, 10, camera="b1.cam-1", latitude=HERE.latitude, longitude=HERE.longitude)
    assert decide_told(told, [seen], POLICY.near) == (MergeInto("case-1") if joins else ALONE)


TIMES = st.floats(-2000, 8000)


@given(
    first_s=TIMES,
    long_s=st.floats(0, 500),
    status=st.sampled_from(CaseStatus),
    recurrence=st.sampled_from([None, NEW, AGAIN]),
    known=st.booleans(),
)
def test_only_open_cases_are_joined_and_only_closed_ones_opened_again(
    first_s: float, long_s: float, status: CaseStatus, recurrence: Recurrence | None, *, known: bool
) -> None:
    before = closed(recurrence)
    before = replace(before, state=replace(before.state, status=status))
    seen = sighting(first_s, first_s + long_s)
    match decide(seen, before if known else None, [before], POLICY):
        case MergeInto():
            assert status in OPEN
        case Reopen():
            assert (status, recurrence) == (CaseStatus.CLOSED, AGAIN)
            assert seen.last_seen_at > before.ended_at
        case OpenCase(recurrence_of=linked):
            assert not known
            assert not linked or status is CaseStatus.CLOSED
        case AttachTo():
            assert known


@given(st.floats(-0.001, 0.001), st.floats(-0.001, 0.001), st.floats(0, 100))
def test_what_may_be_joined_is_looked_for(north_deg: float, east_deg: float, radius_m: float) -> None:
    place = Position(HERE.latitude + north_deg, HERE.longitude + east_deg)
    near = Nearness(radius_m=radius_m)
    seen = case(0, 10, latitude=HERE.latitude, longitude=HERE.longitude)
    if decide_told(Told(later(0), "stay", None, place), [seen], near) != ALONE:
        assert cell_of(HERE) in near_of(None, place, near).cells

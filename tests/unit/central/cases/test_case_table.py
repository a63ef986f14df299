"""Every cell of the case machine, legal and not, and what no walk through it may ever do."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.case_machine import (
    OPEN,
    OPENINGS,
    TABLE,
    Asked,
    CameraWord,
    CaseAction,
    CaseState,
    CaseStatus,
    Closing,
    Doer,
    Guard,
    GuardRefused,
    IllegalTransition,
    Petition,
    Post,
    PostMissing,
    Survivor,
    TransferAnswer,
    Wish,
    act,
    begin,
    choices,
)
from central.core.case_machine.effects import APPROVERS
from central.core.case_machine.guards import CHECKS, WORDS
from central.core.case_machine.words import OF_SYSTEMS

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
UNIT = "sanitation"
ASKED = {
    CaseAction.GRANT_EXTENSION: Petition.EXTENSION,
    CaseAction.REFUSE_EXTENSION: Petition.EXTENSION,
    CaseAction.APPROVE_SUSPENSION: Petition.SUSPENSION,
    CaseAction.REFUSE_SUSPENSION: Petition.SUSPENSION,
    CaseAction.UPHOLD_APPEAL: Petition.APPEAL,
    CaseAction.DISMISS_APPEAL: Petition.APPEAL,
}
CAMERA_SAID = {
    (CaseStatus.REGISTERED, CaseAction.PASS): CameraWord.STILL_THERE,
    (CaseStatus.AWAITING_CLOSE, CaseAction.FAIL): CameraWord.CLEAR,
    (CaseStatus.AWAITING_CHECK, CaseAction.PASS): CameraWord.LOOKING,
    (CaseStatus.AWAITING_CHECK, CaseAction.GONE): CameraWord.STILL_THERE,
}
EVERYTHING = Doer("zhou", frozenset(Post) - OF_SYSTEMS, UNIT)
PARTY = Doer("police", frozenset({Post.PARTNER}))


def ready(status: CaseStatus, action: CaseAction) -> CaseState:
    """A case of that status at which nothing but the person is in the way."""
    petition = ASKED.get(action)
    asked = None
    if petition is not None:
        last = APPROVERS[petition][:-1] if action is not CaseAction.GRANT_EXTENSION else ()
        asked = Asked(petition, "wu", NOW, "why", tuple((post, "zheng") for post in last), NOW + timedelta(days=9))
    return CaseState(
        status,
        is_public=True,
        unit=UNIT,
        handled_by="qian",
        overtime=action is CaseAction.APPEAL,
        asked=asked,
        suspended_from=CaseStatus.IN_PROGRESS,
        merged_from=CaseStatus.ACCEPTED,
        gone_from=CaseStatus.AWAITING_CHECK,
        transferred_to="police" if action is CaseAction.RECEIPT else "",
        camera=CAMERA_SAID.get((status, action)),
    )


def full(action: CaseAction) -> Wish:
    return Wish(
        action, "duplicate", "note", "condition", UNIT, NOW + timedelta(days=3),
        Survivor("case-2", CaseStatus.ACCEPTED), 1,
        genuine=True, children=2, partner="police", answer=TransferAnswer.ACCEPTED,
    )  # fmt: skip


CELLS = list(itertools.product(CaseStatus, CaseAction))


@pytest.mark.parametrize(("status", "action"), CELLS)
def test_what_the_table_does_not_know_is_illegal_and_says_what_is_allowed(
    status: CaseStatus, action: CaseAction
) -> None:
    if (status, action) in TABLE:
        cell = TABLE[status, action]
        after = act(ready(status, action), full(action), EVERYTHING, NOW)
        back = {
            CaseAction.RESUME: CaseStatus.IN_PROGRESS,
            CaseAction.UNMERGE: CaseStatus.ACCEPTED,
            CaseAction.NOT_GONE: CaseStatus.AWAITING_CHECK,
        }
        assert after.status is (cell.to or back[action])
        return
    with pytest.raises(IllegalTransition) as refused:
        act(ready(status, action), full(action), EVERYTHING, NOW)
    assert set(refused.value.allowed) <= {known for at, known in TABLE if at is status}


@pytest.mark.parametrize(("status", "action"), sorted(TABLE))
@pytest.mark.parametrize("post", Post)
def test_only_the_posts_of_the_cell_may(status: CaseStatus, action: CaseAction, post: Post) -> None:
    doer = Doer("police", frozenset({post}), UNIT)
    state = ready(status, action)
    if post not in TABLE[status, action].posts:
        with pytest.raises(PostMissing):
            act(state, full(action), doer, NOW)
        return
    petition = ASKED.get(action)
    if petition is not None and APPROVERS[petition][-1] is not post:
        with pytest.raises(GuardRefused, match="another post's turn"):
            act(state, full(action), doer, NOW)
        return
    assert act(state, full(action), doer, NOW) is not None


BREAKS: dict[Guard, tuple[dict[str, object], dict[str, object]]] = {
    Guard.REASON: ({}, {"reason": " "}),
    Guard.TYPED_REASON: ({}, {"reason": "in a bad mood"}),
    Guard.NOTE: ({}, {"note": ""}),
    Guard.CONDITION: ({}, {"condition": ""}),
    Guard.UNIT: ({}, {"unit": ""}),
    Guard.PICTURE: ({}, {"pictures": 0}),
    Guard.PUBLIC: ({"is_public": False}, {}),
    Guard.FINDING: ({}, {"genuine": None}),
    Guard.OWN_CASE: ({"unit": "greening"}, {}),
    Guard.NOT_THE_HANDLER: ({"handled_by": "zhou"}, {}),
    Guard.CHILDREN_CLOSED: ({"children_open": 1}, {}),
    Guard.BEFORE_DUE: ({"due_at": NOW - timedelta(seconds=1)}, {}),
    Guard.EXTENSIONS_LEFT: ({"extensions": 2}, {}),
    Guard.NEVER_SUSPENDED: ({"was_suspended": True}, {}),
    Guard.WITHIN_A_YEAR: ({}, {"until": NOW + timedelta(days=367)}),
    Guard.NOTHING_ASKED: ({"asked": Asked(Petition.EXTENSION, "wu", NOW, "why")}, {}),
    Guard.EXTENSION_ASKED: ({"asked": None}, {}),
    Guard.SUSPENSION_ASKED: ({"asked": None}, {}),
    Guard.APPEAL_ASKED: ({"asked": None}, {}),
    Guard.SURVIVOR_OPEN: ({}, {"into": Survivor("case-2", CaseStatus.MERGED)}),
    Guard.OVERTIME: ({"overtime": False}, {}),
    Guard.NEVER_APPEALED: ({"was_appealed": True}, {}),
    Guard.SPLIT_SIZE: ({}, {"children": 1}),
    Guard.PARTNER: ({}, {"partner": ""}),
    Guard.NOT_TRANSFERRED: ({"transferred_to": "police"}, {}),
    Guard.TRANSFERRED: ({"transferred_to": ""}, {}),
    Guard.OWN_TRANSFER: ({"transferred_to": "hotline_12345"}, {}),
    Guard.ANSWER: ({}, {"answer": None}),
    Guard.OVERRIDE: ({}, {"reason": " "}),
    Guard.CAMERA_PASSED: ({"camera": CameraWord.CANNOT_TELL}, {}),
    Guard.CAMERA_FAILED: ({"camera": CameraWord.CLEAR}, {}),
}


@pytest.mark.parametrize(
    ("status", "action", "guard"),
    [(*cell, guard) for cell in sorted(TABLE) for guard in TABLE[cell].guards if guard is not Guard.APPROVERS_TURN],
)
def test_each_guard_of_each_cell_refuses_alone(status: CaseStatus, action: CaseAction, guard: Guard) -> None:
    of_case, of_wish = BREAKS[guard]
    state = replace(ready(status, action), **of_case)  # type: ignore[arg-type]
    wish = replace(full(action), **of_wish)  # type: ignore[arg-type]
    with pytest.raises(GuardRefused) as refused:
        act(state, wish, PARTY if guard is Guard.OWN_TRANSFER else EVERYTHING, NOW)
    assert guard in refused.value.guards
    assert str(refused.value)


def test_every_guard_has_a_check_words_and_a_cell() -> None:
    used = {guard for cell in (*TABLE.values(), *OPENINGS.values()) for guard in cell.guards}
    assert set(CHECKS) == set(WORDS) == used == set(Guard)
    assert all(words.zh and words.en for words in WORDS.values())


@pytest.mark.parametrize("action", sorted(OPENINGS))
@pytest.mark.parametrize("post", Post)
def test_a_case_begins_by_its_posts_only(action: CaseAction, post: Post) -> None:
    doer, cell = Doer("sun", frozenset({post})), OPENINGS[action]
    if post not in cell.posts:
        with pytest.raises(PostMissing):
            begin(Wish(action, pictures=2), doer, NOW)
        return
    state = begin(Wish(action, pictures=2), doer, NOW, is_public=True)
    assert (state.status, state.is_public) == (cell.to, True)
    assert state.is_self_handled is (action is CaseAction.SELF_HANDLE)


def test_what_was_handled_at_once_shows_before_and_after() -> None:
    with pytest.raises(GuardRefused) as refused:
        begin(Wish(CaseAction.SELF_HANDLE, pictures=1), Doer("wu", frozenset({Post.COLLECTOR})), NOW)
    assert refused.value.guards == (Guard.TWO_PICTURES,)


def step(state: CaseState, action: CaseAction, **more: object) -> CaseState:
    return act(state, replace(full(action), **more), EVERYTHING, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", sorted(status for status, action in TABLE if action is CaseAction.GONE))
def test_what_was_called_gone_and_is_not_goes_back_to_where_it_stood(status: CaseStatus) -> None:
    begun = ready(status, CaseAction.GONE)
    gone = step(replace(begun, gone_from=None), CaseAction.GONE)
    back = step(gone, CaseAction.NOT_GONE)
    assert (gone.status, gone.gone_from, back.status, back.gone_from) == (CaseStatus.GONE, status, status, None)


@pytest.mark.parametrize(("units", "to"), [((UNIT,), CaseStatus.AWAITING_CHECK), ((), CaseStatus.REPORTED)])
def test_a_case_that_does_not_remember_where_it_stood_goes_to_a_person(units: tuple[str, ...], to: CaseStatus) -> None:
    assert step(CaseState(CaseStatus.GONE, units=units), CaseAction.NOT_GONE).status is to


def test_the_camera_cannot_take_back_what_it_called_gone_and_its_word_stays_on_record() -> None:
    box = Doer("b1", frozenset({Post.CAMERA}))
    checked = replace(ready(CaseStatus.AWAITING_CHECK, CaseAction.GONE), camera=CameraWord.LOOKING)
    gone = act(checked, full(CaseAction.GONE), box, NOW)
    with pytest.raises(PostMissing):
        act(gone, full(CaseAction.NOT_GONE), box, NOW)
    assert step(gone, CaseAction.NOT_GONE).camera is CameraWord.GONE_BEFORE


def returned_from(unit: str) -> CaseState:
    state = step(step(CaseState(CaseStatus.ACCEPTED), CaseAction.REGISTER), CaseAction.DISPATCH, unit=unit)
    return act(state, Wish(CaseAction.RETURN, "not ours"), Doer("li", frozenset({Post.DEPARTMENT}), unit), NOW)


def handled(unit: str = UNIT) -> CaseState:
    state = step(CaseState(CaseStatus.ACCEPTED), CaseAction.REGISTER)
    state = step(state, CaseAction.DISPATCH, unit=unit)
    state = act(state, Wish(CaseAction.TAKE), Doer("li", frozenset({Post.DEPARTMENT}), unit), NOW)
    return act(state, Wish(CaseAction.SUBMIT, pictures=1), Doer("li", frozenset({Post.DEPARTMENT}), unit), NOW)


def test_rework_is_the_same_unit_after_a_failed_check_and_misdirection_another() -> None:
    failed = step(handled(), CaseAction.FAIL)
    assert failed.status is CaseStatus.REGISTERED
    again = step(failed, CaseAction.DISPATCH)
    assert (again.reworks, again.misdirected) == (1, 0)
    other = step(failed, CaseAction.DISPATCH, unit="greening")
    assert (other.reworks, other.misdirected) == (0, 1)
    sent_back = step(step(returned_from(UNIT), CaseAction.SEND_BACK), CaseAction.REGISTER)
    assert step(sent_back, CaseAction.DISPATCH, unit="greening").misdirected == 1
    returned = returned_from(UNIT)
    assert step(returned, CaseAction.DISPATCH, unit="greening").misdirected == 1
    assert step(returned, CaseAction.DISPATCH).reworks == 0


def test_overtime_stays_a_fact_and_only_its_counting_changes() -> None:
    late = replace(handled(), overtime=True)
    closed = step(step(late, CaseAction.PASS), CaseAction.CLOSE)
    assert closed.closing is Closing.LATE
    appealed = step(closed, CaseAction.APPEAL)
    dispatcher, acceptor = (
        Doer(name, frozenset({post})) for name, post in (("a", Post.DISPATCHER), ("b", Post.ACCEPTOR))
    )
    with pytest.raises(GuardRefused):
        act(appealed, Wish(CaseAction.UPHOLD_APPEAL), acceptor, NOW)
    once = act(appealed, Wish(CaseAction.UPHOLD_APPEAL), dispatcher, NOW)
    assert (once.exempt, once.overtime) == (False, True)
    twice = act(once, Wish(CaseAction.UPHOLD_APPEAL), acceptor, NOW)
    assert (twice.exempt, twice.overtime, twice.closing) == (True, True, Closing.LATE)


def test_a_suspension_needs_two_words_and_ends_where_it_began() -> None:
    working = step(
        step(step(CaseState(CaseStatus.ACCEPTED), CaseAction.REGISTER), CaseAction.DISPATCH), CaseAction.TAKE
    )
    asked = step(working, CaseAction.ASK_SUSPENSION)
    once = act(asked, Wish(CaseAction.APPROVE_SUSPENSION), Doer("a", frozenset({Post.DISPATCHER})), NOW)
    assert once.status is CaseStatus.IN_PROGRESS
    twice = act(once, Wish(CaseAction.APPROVE_SUSPENSION), Doer("b", frozenset({Post.LEADER})), NOW)
    assert (twice.status, twice.suspended_until) == (CaseStatus.SUSPENDED, NOW + timedelta(days=3))
    back = act(twice, Wish(CaseAction.RESUME), Doer("clock", frozenset({Post.CLOCK})), NOW)
    assert (back.status, back.suspended_until) == (CaseStatus.IN_PROGRESS, None)
    merged = step(twice, CaseAction.MERGE)
    assert step(step(merged, CaseAction.UNMERGE), CaseAction.RESUME).status is CaseStatus.IN_PROGRESS


def test_choices_tell_what_is_asked_and_why_not_the_rest() -> None:
    state = step(step(CaseState(CaseStatus.ACCEPTED), CaseAction.REGISTER), CaseAction.DISPATCH)
    offered = {choice.action: choice for choice in choices(state, Doer("li", frozenset({Post.DEPARTMENT}), UNIT), NOW)}
    assert offered[CaseAction.TAKE].allowed
    assert offered[CaseAction.RETURN].asks == (Guard.REASON,)
    assert offered[CaseAction.VOID].needs_post == {Post.LEADER}
    late = replace(state, due_at=NOW - timedelta(hours=1))
    refused = {one.action: one for one in choices(late, Doer("li", frozenset({Post.DEPARTMENT}), UNIT), NOW)}
    assert refused[CaseAction.ASK_EXTENSION].refused == (Guard.BEFORE_DUE,)
    assert CaseAction.SUBMIT not in offered


@pytest.mark.parametrize(
    ("said", "needs_reason"),
    [
        (None, False),
        (CameraWord.LOOKING, True),
        (CameraWord.STILL_THERE, True),
        (CameraWord.CANNOT_TELL, False),
    ],
)
def test_who_passes_before_or_against_the_camera_says_why(said: CameraWord | None, *, needs_reason: bool) -> None:
    state = replace(handled(), camera=said)
    silent = Wish(CaseAction.PASS, pictures=1)
    offered = next(one for one in choices(state, EVERYTHING, NOW) if one.action is CaseAction.PASS)
    assert (Guard.OVERRIDE in offered.asks) is needs_reason
    if needs_reason:
        with pytest.raises(GuardRefused) as refused:
            act(state, silent, EVERYTHING, NOW)
        assert refused.value.guards == (Guard.OVERRIDE,)
        assert act(state, replace(silent, reason="seen on site"), EVERYTHING, NOW).status is CaseStatus.AWAITING_CLOSE
    else:
        assert act(state, silent, EVERYTHING, NOW).status is CaseStatus.AWAITING_CLOSE


def test_the_camera_leaves_its_word_and_people_may_override_it_with_a_reason() -> None:
    camera = Doer("b1", frozenset({Post.CAMERA}))
    looking = replace(handled(), camera=CameraWord.LOOKING)
    passed = act(looking, Wish(CaseAction.PASS, pictures=1), camera, NOW)
    assert passed.camera is CameraWord.CLEAR
    back = act(passed, Wish(CaseAction.FAIL, "only moved aside"), EVERYTHING, NOW)
    assert (back.status, back.failed_at, back.camera) == (CaseStatus.REGISTERED, UNIT, CameraWord.CLEAR)
    failed = act(looking, Wish(CaseAction.FAIL, "still_there", pictures=1), camera, NOW)
    assert (failed.camera, failed.failed_at, failed.handled_by) == (CameraWord.STILL_THERE, UNIT, "li")
    overridden = act(failed, Wish(CaseAction.PASS, "the planter is the city's", pictures=1), EVERYTHING, NOW)
    assert (overridden.status, overridden.failed_at) == (CaseStatus.AWAITING_CLOSE, "")
    again = step(failed, CaseAction.DISPATCH)
    assert (again.camera, again.handled_by, again.reworks) == (None, "", 1)


@given(st.data())
def test_no_walk_breaks_what_always_holds(data: st.DataObject) -> None:
    state = CaseState(data.draw(st.sampled_from([CaseStatus.CANDIDATE, CaseStatus.REPORTED])), is_public=True)
    now = NOW
    checked = True
    for _ in range(data.draw(st.integers(1, 40))):
        ways = sorted(action for status, action in TABLE if status is state.status)
        if not ways:
            break
        action = data.draw(st.sampled_from(ways))
        now += timedelta(hours=data.draw(st.integers(0, 400)))
        posts = frozenset(data.draw(st.sets(st.sampled_from(sorted(Post)), min_size=1)))
        doer = Doer(data.draw(st.sampled_from(["a", "b"])), posts, data.draw(st.sampled_from([UNIT, "greening"])))
        wish = replace(
            full(action),
            unit=data.draw(st.sampled_from([UNIT, "greening"])),
            until=now + timedelta(days=data.draw(st.integers(-1, 400))),
        )
        try:
            after = act(state, wish, doer, now)
        except (PostMissing, GuardRefused):
            continue
        assert not (state.overtime and not after.overtime)
        assert 0 <= after.extensions <= 2
        assert after.extensions - state.extensions in {0, 1}
        assert not (state.was_suspended and not after.was_suspended)
        assert (after.status is CaseStatus.SUSPENDED) == (after.suspended_from is not None) or after.status in {
            CaseStatus.MERGED, CaseStatus.CLOSED, CaseStatus.VOIDED,
        }  # fmt: skip
        if state.status is CaseStatus.RETURNED:
            assert after.status not in {CaseStatus.AWAITING_CHECK, CaseStatus.AWAITING_CLOSE}
        if after.status is CaseStatus.CLOSED and state.status is not CaseStatus.CLOSED:
            assert after.closing is Closing.SPECIAL or (
                state.status is CaseStatus.AWAITING_CLOSE and after.closed_under
            )
        checked = after.status in OPEN or after.status in {
            CaseStatus.CLOSED, CaseStatus.REJECTED, CaseStatus.VOIDED, CaseStatus.GONE, CaseStatus.MERGED,
        }  # fmt: skip
        assert checked
        assert after.reworks + after.misdirected <= max(0, len(after.units) - 1)
        state = after

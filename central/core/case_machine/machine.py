"""The one function that changes a case, and what it would say to each wish."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from central.core.case_machine.guards import CHECKS, WORDS, Guard
from central.core.case_machine.state import CaseState, Doer, Wish
from central.core.case_machine.table import OPENINGS, TABLE, Cell
from central.core.case_machine.words import CaseAction, CaseStatus, Post
from protocol.texts import Language, Words

ILLEGAL = Words(zh="{status}的案件不能{action}", en="a case that is {status} cannot be changed by {action}")
NO_POST = Words(zh="{action}需要岗位：{posts}", en="{action} needs the post {posts}")


class CaseProblem(Exception):
    """Base of what can be wrong with a wish."""


class IllegalTransition(CaseProblem):
    """The case's status does not know the action; `allowed` are those that the person may take instead."""

    def __init__(self, status: CaseStatus, action: CaseAction, allowed: tuple[CaseAction, ...]) -> None:
        super().__init__(ILLEGAL.say(Language.ENGLISH, status=status, action=action))
        self.status, self.action, self.allowed = status, action, allowed


class PostMissing(CaseProblem):
    """The person fills none of the posts that may do this."""

    def __init__(self, action: CaseAction, posts: frozenset[Post]) -> None:
        super().__init__(NO_POST.say(Language.ENGLISH, action=action, posts=" or ".join(sorted(posts))))
        self.action, self.posts = action, posts


class GuardRefused(CaseProblem):
    """A condition is not met."""

    def __init__(self, action: CaseAction, guards: tuple[Guard, ...]) -> None:
        super().__init__("; ".join(WORDS[guard].say(Language.ENGLISH) for guard in guards))
        self.action, self.guards = action, guards


@dataclass(frozen=True, slots=True)
class Choice:
    """An action as offered to one person. `asks`: what they still have to give; `refused`: what cannot be given.

    `held_by` is another person who works on the case now.
    """

    action: CaseAction
    asks: tuple[Guard, ...] = ()
    refused: tuple[Guard, ...] = ()
    needs_post: frozenset[Post] = frozenset()
    held_by: str = ""

    @property
    def allowed(self) -> bool:
        """Whether it can be done now, with what it asks."""
        return not self.refused and not self.needs_post and not self.held_by


GIVEN: Mapping[Guard, bool] = dict.fromkeys(
    (
        Guard.REASON, Guard.TYPED_REASON, Guard.NOTE, Guard.CONDITION, Guard.UNIT, Guard.PICTURE, Guard.TWO_PICTURES,
        Guard.FINDING, Guard.WITHIN_A_YEAR, Guard.SURVIVOR_OPEN, Guard.SPLIT_SIZE, Guard.OVERRIDE, Guard.PARTNER,
        Guard.ANSWER,
    ),
    True,
)  # fmt: skip
"""Guards about what comes with the wish; all others are about the case and the person."""


def begin(wish: Wish, doer: Doer, now: datetime, *, is_public: bool = False) -> CaseState:
    """A new case by one of `OPENINGS`. Raises `PostMissing` or `GuardRefused`; `KeyError` for any other action."""
    cell = OPENINGS[wish.action]
    empty = CaseState(cell.to or CaseStatus.REPORTED, is_public=is_public)
    return _after(cell, empty, wish, doer, now)


def act(state: CaseState, wish: Wish, doer: Doer, now: datetime) -> CaseState:
    """The case after the wish. Raises `IllegalTransition`, `PostMissing` or `GuardRefused`."""
    cell = TABLE.get((state.status, wish.action))
    if cell is None:
        allowed = tuple(choice.action for choice in choices(state, doer, now) if choice.allowed)
        raise IllegalTransition(state.status, wish.action, allowed)
    return _after(cell, state, wish, doer, now)


def choices(state: CaseState, doer: Doer, now: datetime) -> tuple[Choice, ...]:
    """Every action that this status knows, allowed or why not, for this person."""
    rows = ((action, TABLE.get((state.status, action))) for action in CaseAction)
    return tuple(_choice(action, cell, state, doer, now) for action, cell in rows if cell is not None)


def _after(cell: Cell, state: CaseState, wish: Wish, doer: Doer, now: datetime) -> CaseState:
    if not cell.posts & doer.posts:
        raise PostMissing(wish.action, cell.posts)
    refused = tuple(guard for guard in cell.guards if not _holds(guard, state, wish, doer, now))
    if refused:
        raise GuardRefused(wish.action, refused)
    after = cell.effect(state, wish, doer, now)
    return after if cell.to is None or _is_held(cell, after) else replace(after, status=cell.to)


def _choice(action: CaseAction, cell: Cell, state: CaseState, doer: Doer, now: datetime) -> Choice:
    if not cell.posts & doer.posts:
        return Choice(action, needs_post=cell.posts)
    empty = Wish(action)
    refused = tuple(g for g in cell.guards if g not in GIVEN and not _holds(g, state, empty, doer, now))
    asks = tuple(g for g in cell.guards if g in GIVEN and not _holds(g, state, empty, doer, now))
    return Choice(action, asks, refused)


def _holds(guard: Guard, state: CaseState, wish: Wish, doer: Doer, now: datetime) -> bool:
    is_machine = bool({Post.CAMERA, Post.CLOCK} & doer.posts)
    if guard is Guard.OWN_CASE and is_machine:
        return True
    return CHECKS[guard](state, wish, doer, now)


def _is_held(cell: Cell, after: CaseState) -> bool:
    """Whether a request still waits for another's word, so that the case stays where it is."""
    return cell.to is CaseStatus.SUSPENDED and after.asked is not None

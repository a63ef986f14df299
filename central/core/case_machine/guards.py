"""What must be true besides status and post. A guard says nothing when it is content, else what is missing."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from central.core.case_machine.effects import APPROVERS
from central.core.case_machine.state import CaseState, Doer, Wish
from central.core.case_machine.words import OPEN, CameraWord, Petition, Post, RejectReason
from protocol.texts import Words

EXTENSIONS_MAX = 2
SUSPENSION_MAX = timedelta(days=366)
CHILDREN_MIN, CHILDREN_MAX = 2, 10


class Guard(StrEnum):
    """The conditions of the table, by name."""

    REASON = "reason"
    TYPED_REASON = "typed_reason"
    NOTE = "note"
    CONDITION = "condition"
    UNIT = "unit"
    PICTURE = "picture"
    TWO_PICTURES = "two_pictures"
    PUBLIC = "public"
    FINDING = "finding"
    OWN_CASE = "own_case"
    NOT_THE_HANDLER = "not_the_handler"
    CHILDREN_CLOSED = "children_closed"
    BEFORE_DUE = "before_due"
    EXTENSIONS_LEFT = "extensions_left"
    NEVER_SUSPENDED = "never_suspended"
    WITHIN_A_YEAR = "within_a_year"
    NOTHING_ASKED = "nothing_asked"
    EXTENSION_ASKED = "extension_asked"
    SUSPENSION_ASKED = "suspension_asked"
    APPEAL_ASKED = "appeal_asked"
    APPROVERS_TURN = "approvers_turn"
    SURVIVOR_OPEN = "survivor_open"
    OVERTIME = "overtime"
    NEVER_APPEALED = "never_appealed"
    SPLIT_SIZE = "split_size"
    PARTNER = "partner"
    NOT_TRANSFERRED = "not_transferred"
    TRANSFERRED = "transferred"
    OWN_TRANSFER = "own_transfer"
    ANSWER = "answer"
    OVERRIDE = "override"
    CAMERA_PASSED = "camera_passed"
    CAMERA_FAILED = "camera_failed"


Check = Callable[[CaseState, Wish, Doer, datetime], bool]

WORDS: Mapping[Guard, Words] = {
    Guard.REASON: Words(zh="要写原因", en="a reason is needed"),
    Guard.TYPED_REASON: Words(zh="要从列表中选原因", en="a reason of the list must be chosen"),
    Guard.NOTE: Words(zh="要写说明", en="a note is needed"),
    Guard.CONDITION: Words(zh="要选条件", en="a condition of the standard must be named"),
    Guard.UNIT: Words(zh="要选责任单位", en="a responsible unit must be named"),
    Guard.PICTURE: Words(zh="要有照片", en="a picture is needed"),
    Guard.TWO_PICTURES: Words(zh="要有处置前后两张照片", en="two pictures are needed, before and after"),
    Guard.PUBLIC: Words(zh="只有公众举报需要核实", en="only reports of the public are verified"),
    Guard.FINDING: Words(zh="要写核实结果", en="say whether the report is true"),
    Guard.OWN_CASE: Words(zh="案件不在本单位", en="the case is with another unit"),
    Guard.NOT_THE_HANDLER: Words(zh="处置人不能核查自己的案件", en="who handled it cannot check it"),
    Guard.CHILDREN_CLOSED: Words(zh="还有子任务未结", en="tasks that were split off are still open"),
    Guard.BEFORE_DUE: Words(zh="已过处置时限", en="the limit has passed"),
    Guard.EXTENSIONS_LEFT: Words(zh="最多延期两次", en="two extensions are the most"),
    Guard.NEVER_SUSPENDED: Words(zh="只能挂账一次", en="a case is suspended once at most"),
    Guard.WITHIN_A_YEAR: Words(zh="挂账要有期限，不超过一年", en="a suspension ends within a year"),
    Guard.NOTHING_ASKED: Words(zh="已有申请待批", en="another request is waiting for its answer"),
    Guard.EXTENSION_ASKED: Words(zh="没有延期申请", en="no extension was asked for"),
    Guard.SUSPENSION_ASKED: Words(zh="没有挂账申请", en="no suspension was asked for"),
    Guard.APPEAL_ASKED: Words(zh="没有申诉", en="there is no appeal"),
    Guard.APPROVERS_TURN: Words(zh="轮到另一岗位审批", en="it is another post's turn to agree"),
    Guard.SURVIVOR_OPEN: Words(
        zh="并入的案件必须未结、未被合并", en="the surviving case must be another one, open and not merged"
    ),
    Guard.OVERTIME: Words(zh="没有超时", en="the case was not late"),
    Guard.NEVER_APPEALED: Words(zh="只能申诉一次", en="an appeal is possible once"),
    Guard.SPLIT_SIZE: Words(zh="拆分为二到十个子任务", en="a case is split into two to ten tasks"),
    Guard.PARTNER: Words(zh="要选移交单位", en="the outside party must be named"),
    Guard.NOT_TRANSFERRED: Words(zh="已移交，等待回执", en="a transfer is waiting for its receipt"),
    Guard.TRANSFERRED: Words(zh="没有等待回执的移交", en="no transfer is waiting for a receipt"),
    Guard.OWN_TRANSFER: Words(zh="没有移交给本单位", en="it was not transferred to this party"),
    Guard.ANSWER: Words(zh="要写对方是否受理", en="say whether the other party has accepted it"),
    Guard.OVERRIDE: Words(
        zh="摄像机还在复看，或看到问题仍在：要写推翻的原因",
        en="the camera still looks, or still sees it: a reason to override it is needed",
    ),
    Guard.CAMERA_PASSED: Words(zh="不是由摄像机核查通过的", en="it was not the camera that passed it"),
    Guard.CAMERA_FAILED: Words(zh="不是由摄像机核查不通过的", en="it was not the camera that failed it"),
}


def _is_asked(petition: Petition) -> Check:
    return lambda state, _wish, _doer, _now: state.asked is not None and state.asked.petition is petition


def _is_turn(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> bool:
    asked = state.asked
    return asked is None or APPROVERS[asked.petition][len(asked.agreed)] in doer.posts


def _is_before_due(state: CaseState, _wish: Wish, _doer: Doer, now: datetime) -> bool:
    return state.due_at is None or now <= state.due_at


def _is_within_a_year(_state: CaseState, wish: Wish, _doer: Doer, now: datetime) -> bool:
    return wish.until is not None and now < wish.until <= now + SUSPENSION_MAX


def _may_override(state: CaseState, wish: Wish, doer: Doer, _now: datetime) -> bool:
    is_against = state.camera in {CameraWord.LOOKING, CameraWord.STILL_THERE}
    return not is_against or Post.CAMERA in doer.posts or bool(wish.reason.strip())


def _is_own_transfer(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> bool:
    return Post.PARTNER not in doer.posts or state.transferred_to in {"", doer.name}


def _survives(_state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> bool:
    return wish.into is not None and wish.into.status in OPEN


CHECKS: Mapping[Guard, Check] = {
    Guard.REASON: lambda _state, wish, _doer, _now: bool(wish.reason.strip()),
    Guard.TYPED_REASON: lambda _state, wish, _doer, _now: wish.reason in set(RejectReason),
    Guard.NOTE: lambda _state, wish, _doer, _now: bool(wish.note.strip()),
    Guard.CONDITION: lambda _state, wish, _doer, _now: bool(wish.condition.strip()),
    Guard.UNIT: lambda _state, wish, _doer, _now: bool(wish.unit.strip()),
    Guard.PICTURE: lambda _state, wish, _doer, _now: wish.pictures > 0,
    Guard.TWO_PICTURES: lambda _state, wish, _doer, _now: wish.pictures > 1,
    Guard.PUBLIC: lambda state, _wish, _doer, _now: state.is_public,
    Guard.FINDING: lambda _state, wish, _doer, _now: wish.genuine is not None,
    Guard.OWN_CASE: lambda state, _wish, doer, _now: doer.unit == state.unit,
    Guard.NOT_THE_HANDLER: lambda state, _wish, doer, _now: doer.name != state.handled_by,
    Guard.CHILDREN_CLOSED: lambda state, _wish, _doer, _now: state.children_open == 0,
    Guard.BEFORE_DUE: _is_before_due,
    Guard.EXTENSIONS_LEFT: lambda state, _wish, _doer, _now: state.extensions < EXTENSIONS_MAX,
    Guard.NEVER_SUSPENDED: lambda state, _wish, _doer, _now: not state.was_suspended,
    Guard.WITHIN_A_YEAR: _is_within_a_year,
    Guard.NOTHING_ASKED: lambda state, _wish, _doer, _now: state.asked is None,
    Guard.EXTENSION_ASKED: _is_asked(Petition.EXTENSION),
    Guard.SUSPENSION_ASKED: _is_asked(Petition.SUSPENSION),
    Guard.APPEAL_ASKED: _is_asked(Petition.APPEAL),
    Guard.APPROVERS_TURN: _is_turn,
    Guard.SURVIVOR_OPEN: _survives,
    Guard.OVERTIME: lambda state, _wish, _doer, _now: state.overtime,
    Guard.NEVER_APPEALED: lambda state, _wish, _doer, _now: not state.was_appealed,
    Guard.PARTNER: lambda _state, wish, _doer, _now: bool(wish.partner.strip()),
    Guard.NOT_TRANSFERRED: lambda state, _wish, _doer, _now: state.transferred_to == "",
    Guard.TRANSFERRED: lambda state, _wish, _doer, _now: state.transferred_to != "",
    Guard.OWN_TRANSFER: _is_own_transfer,
    Guard.ANSWER: lambda _state, wish, _doer, _now: wish.answer is not None,
    Guard.SPLIT_SIZE: lambda _state, wish, _doer, _now: CHILDREN_MIN <= wish.children <= CHILDREN_MAX,
    Guard.OVERRIDE: _may_override,
    Guard.CAMERA_PASSED: lambda state, _wish, _doer, _now: state.camera is CameraWord.CLEAR,
    Guard.CAMERA_FAILED: lambda state, _wish, _doer, _now: state.camera is CameraWord.STILL_THERE,
}

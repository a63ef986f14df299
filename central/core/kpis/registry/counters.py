"""The counters of the trade: which cases of a period are counted, each by an id, names and a condition."""

from dataclasses import dataclass
from enum import StrEnum

from central.core.kpis.registry.conditions import Condition, Is, Known, Not, NotAfter, Passed, either, every, true_of
from central.core.values import PUBLIC_SOURCES, CaseSource
from protocol.texts import Words


class Cohort(StrEnum):
    """By which moment a case belongs to a period; the value is the field of the fact."""

    OPENED = "opened_at"
    REPORTED = "reported_at"
    REGISTERED = "registered_at"


@dataclass(frozen=True, slots=True)
class Counter:
    """Cases of a cohort that meet a condition. `note`: what the trade leaves open, and how it is counted here."""

    id: str
    names: Words
    cohort: Cohort
    condition: Condition
    note: Words | None = None


PUBLIC = Is("source", tuple(sorted(PUBLIC_SOURCES)))
COLLECTED = Is("source", (CaseSource.COLLECTOR,))
OF_MACHINES = Is("source", (CaseSource.DETECTOR,))
HANDLED, CLOSED, DISPATCHED, REGISTERED = (
    Known(field) for field in ("handled_at", "closed_at", "dispatched_at", "registered_at")
)
GONE = Known("gone_at")
GIVEN_UP = either(Known("voided_at"), GONE, Known("merged_at"), Known("rejected_at"))
"""No longer owed by anybody: voided, gone by itself, joined to another, refused after all."""
DONE = every(HANDLED, Not(GONE))
"""Handled by a department: not where the check found that it had gone before anybody took it."""
IN_TIME = every(
    DONE, either(true_of("is_exempt"), every(NotAfter("handled_at", "handle_due_at"), Not(true_of("is_late"))))
)
"""Handled in the limit that bundles all of a department's work; an upheld appeal counts as in time."""
TO_CLOSE = either(CLOSED, every(either(HANDLED, Passed("handle_due_at")), Not(GIVEN_UP)))
LATE = every(Not(IN_TIME), either(DONE, every(Passed("handle_due_at"), Not(GIVEN_UP), Not(CLOSED))))
_FIRST_DONE = every(DONE, Not(true_of("was_suspended")), Not(true_of("has_left")))
OPEN_NOW = every(Not(CLOSED), Not(GIVEN_UP))

_R, _G, _O = Cohort.REPORTED, Cohort.REGISTERED, Cohort.OPENED
_TASK = true_of("is_task")
_NOBODYS_WORK = Words(
    zh="派遣数减去核查发现签收前已自行消除的：无人处置过，既不应处置，也不计处置、超期与返工",
    en="of those dispatched, not what the check found gone before anybody took it: nobody handled it, so that it is "
    "neither owed nor handled, late or rework",
)
_STAYS_HANDLED = Words(
    zh="处置完成后作废或并案的仍计入：部门已处置，是否超期也不因此改变",
    en="what was voided or merged after it was done stays: the department did handle it, and late is late",
)
_NOT_OWED = Words(
    zh="已自行消除、作废、并案的不再应结案，即使此前已处置完成；它们不会结案，作废率、重复率另计",
    en="what is gone, voided or merged is closed by nobody and owed no more, though it was done before; the voiding "
    "and duplicate rates count it",
)
_EVERY = every()


def _counter(  # noqa: PLR0913, PLR0917 - one row of the table
    name: str, zh: str, en: str, cohort: Cohort, condition: Condition, note: Words | None = None
) -> Counter:
    return Counter(name, Words(zh=zh, en=en), cohort, condition, note)


_ROWS = (
    _counter("reported", "上报数", "reported", _R, _EVERY),
    _counter("reported_collector", "监督员上报数", "reported by collectors", _R, COLLECTED),
    _counter("reported_public", "公众上报数", "reported by the public", _R, PUBLIC),
    _counter("reported_accepted", "受理数", "accepted, of those reported", _R, Known("accepted_at")),
    _counter("reported_registered", "上报立案数", "registered, of those reported", _R, REGISTERED),
    _counter(
        "reported_valid", "有效上报数", "valid reports", _R, every(REGISTERED, Not(Known("voided_at")))
    ),
    _counter(
        "reported_valid_collector", "监督员有效上报数", "valid reports of collectors", _R,
        every(COLLECTED, REGISTERED, Not(Known("voided_at"))),
    ),
    _counter(
        "refused_acceptance", "不予受理数", "refused before acceptance", _R,
        every(Known("rejected_at"), Not(Known("accepted_at"))),
    ),
    _counter(
        "refused_registration", "不予立案数", "refused before registration", _R,
        every(Known("rejected_at"), Known("accepted_at")),
    ),
    _counter("merged", "重复数", "merged into another case", _R, Known("merged_at")),
    _counter("accepted_in_time", "按时受理数", "accepted in time", _R, NotAfter("accepted_at", "accept_due_at")),
    _counter(
        "verify_asked", "应核实数", "verifications owed", _R,
        every(Known("verify_asked_at"), either(Known("verified_at"), Not(GIVEN_UP))),
    ),
    _counter(
        "verify_to_send", "应发核实数", "verifications to be sent out", _R,
        every(PUBLIC, either(Known("verify_sent_at"), every(Passed("verify_send_due_at"), Not(GIVEN_UP)))),
        Words("公众上报的，已派发核实的，与超过派发时限未派发且未自行消除、作废、并案、不予受理的",
              "of public reports: sent out, or past the limit for that and not gone, voided, merged or refused"),
    ),
    _counter("verify_sent_in_time", "按时发核实数", "verifications sent out in time", _R,
             every(PUBLIC, NotAfter("verify_sent_at", "verify_send_due_at"))),
    _counter("verified", "核实数", "verified", _R, Known("verified_at")),
    _counter(
        "verified_true", "核实属实数", "verified as true", _R, every(Known("verified_at"), true_of("is_genuine"))
    ),
    _counter("verified_in_time", "按时核实数", "verified in time", _R, NotAfter("verified_at", "verify_due_at")),
    _counter("registered", "立案数", "registered", _G, _EVERY),
    _counter(
        "registered_in_time", "按时立案数", "registered in time", _G, NotAfter("registered_at", "register_due_at")
    ),
    _counter("registered_not_voided", "准确立案数", "registered and not voided", _G, Not(Known("voided_at"))),
    _counter("registered_public", "公众举报立案数", "registered from the public", _G, PUBLIC),
    _counter("registered_active", "主动发现立案数", "registered from our own finding", _G, Not(PUBLIC)),
    _counter(
        "registered_public_true", "监督举报核实数", "registered from verified public reports", _G,
        every(PUBLIC, Known("verified_at"), true_of("is_genuine")),
    ),
    _counter("registered_machine", "机器线索立案数", "registered from candidates", _G, OF_MACHINES),
    _counter("voided", "作废数", "voided", _G, Known("voided_at")),
    _counter("recurred", "反复发案数", "repeats of an earlier case", _G, true_of("is_recurrence")),
    _counter("to_dispatch", "应派遣数", "to be dispatched", _G, _EVERY),
    _counter(
        "dispatched_in_time", "按时派遣数", "dispatched in time", _G, NotAfter("dispatched_at", "dispatch_due_at")
    ),
    _counter(
        "dispatched_right", "准确派遣数", "dispatched to the right unit", _G,
        every(DISPATCHED, Not(true_of("is_misdirected"))),
    ),
    _counter(
        "dispatched_wrong", "错误派遣数", "dispatched to a wrong unit first", _G,
        every(DISPATCHED, true_of("is_misdirected")),
    ),
    _counter("dispatched", "派遣数", "dispatched", _G, DISPATCHED),
    _counter("to_handle", "应处置数", "to be handled", _G, every(DISPATCHED, Not(GONE)), _NOBODYS_WORK),
    _counter("handled", "处置数", "handled", _G, every(DISPATCHED, DONE), _STAYS_HANDLED),
    _counter("handled_in_time", "按期处置数", "handled in time", _G, every(DISPATCHED, IN_TIME)),
    _counter("handled_late", "超期处置数", "handled late", _G, every(DISPATCHED, DONE, LATE), _STAYS_HANDLED),
    _counter(
        "unhandled_late", "超期未处置数", "not handled and past the limit", _G, every(DISPATCHED, Not(DONE), LATE)
    ),
    _counter("late", "超期数", "late", _G, every(DISPATCHED, LATE)),
    _counter("reworked", "返工数", "handled again after a failed check", _G,
             every(DISPATCHED, DONE, true_of("is_reworked"))),
    _counter(
        "check_asked", "应核查数", "checks owed", _G,
        every(Known("check_asked_at"), either(Known("checked_at"), Not(GIVEN_UP))),
    ),
    _counter(
        "check_to_send", "应发核查数", "checks to be sent out", _G,
        every(
            Known("check_asked_at"),
            either(Known("check_sent_at"), every(Passed("check_send_due_at"), Not(GIVEN_UP))),
        ),
        Words("核查由摄像机或采集员进行：发给摄像机即派发，采集员的以核查时间计",
              "a check is sent when the camera is asked, one by a collector at the latest when it is made"),
    ),
    _counter("check_sent_in_time", "按时发核查数", "checks sent out in time", _G,
             every(Known("check_asked_at"), NotAfter("check_sent_at", "check_send_due_at"))),
    _counter("checked_in_time", "按时核查数", "checked in time", _G,
             every(Known("check_asked_at"), NotAfter("checked_at", "check_due_at"))),
    _counter("to_close", "应结案数", "cases to be closed", _G, TO_CLOSE, _NOT_OWED),
    _counter("closed", "结案数", "closed", _G, CLOSED),
    _counter("closed_after_limit_met", "按期结案数", "closed and handled in time", _G, every(CLOSED, IN_TIME)),
    _counter("closed_in_time", "按时结案数", "closed in time by the desk", _G, NotAfter("closed_at", "close_due_at")),
    _counter("closed_special", "特殊结案数", "closed as special cases", _G, every(CLOSED, Is("closing", ("special",)))),
    _counter("suspended", "挂账数", "were suspended", _G, true_of("was_suspended")),
    _counter("open", "未结案数", "open", _G, OPEN_NOW),
    _counter("gone", "自行消除数", "gone by themselves", _G, either(Known("gone_at"), true_of("has_left"))),
    _counter("timed", "计时案件数", "whose handling is timed", _G, _FIRST_DONE),
    _counter("candidates", "机器线索数", "candidates", _O, OF_MACHINES),
    _counter("candidates_confirmed", "线索确认数", "candidates confirmed", _O,
             every(OF_MACHINES, Known("reported_at"))),
    _counter("candidates_judged", "线索已判数", "candidates judged", _O,
             every(OF_MACHINES, either(Known("reported_at"), Known("rejected_at")))),
    _counter("clues", "上报及未确认线索数", "reports and candidates not confirmed", _O,
             every(Not(true_of("is_self_handled")), Not(_TASK))),
    _counter("clues_registered", "含线索口径立案数", "registered, of reports and candidates", _O,
             every(Not(true_of("is_self_handled")), Not(_TASK), REGISTERED)),
    _counter("self_handled", "自行处置数", "handled on the spot", _O, true_of("is_self_handled")),
    _counter("self_handled_closed", "自行处置结案数", "handled on the spot and closed", _O,
             every(true_of("is_self_handled"), CLOSED)),
    _counter("self_handled_voided", "自行处置作废数", "handled on the spot and voided", _O,
             every(true_of("is_self_handled"), Known("voided_at"))),
    _counter("tasks", "拆分任务数", "tasks split off", _O, _TASK),
    _counter("events_to_close", "事件应结案数", "events to be closed", _G,
             every(TO_CLOSE, Not(true_of("is_component")))),
    _counter("events_closed", "事件结案数", "events closed", _G, every(CLOSED, Not(true_of("is_component")))),
    _counter("components_to_close", "部件应结案数", "components to be closed", _G,
             every(TO_CLOSE, true_of("is_component"))),
    _counter("components_closed", "部件结案数", "components closed", _G, every(CLOSED, true_of("is_component"))),
    _counter("registered_collector", "采集员立案数", "registered from collectors", _G, COLLECTED),
)  # fmt: skip

COUNTERS: dict[str, Counter] = {row.id: row for row in _ROWS}
"""By id, in the order in which they are listed."""

__all__ = ["COUNTERS", "Cohort", "Counter"]

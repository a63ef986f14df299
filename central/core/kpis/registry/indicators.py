"""The registry of figures: what is divided by what, in which unit, from where, and how sure that source is."""

from collections.abc import Iterable

from central.core.kpis.phases import PHASE, Note
from central.core.kpis.registry.counters import COUNTERS, Counter
from central.core.kpis.registry.definitions import Better, Confidence, Indicator, Unit
from central.core.kpis.registry.formulas import Duration, Formula, Measured, Ratio, Spread, Unrecorded
from central.core.kpis.registry.measured_indicators import MEASURED
from central.core.kpis.registry.subjects import Subject
from protocol.texts import Words


def _ratio(  # noqa: PLR0913 - one row of the table
    name: str,
    names: tuple[str, str],
    divided: tuple[str, str],
    source: str,
    confidence: Confidence,
    *,
    about: Subject,
    better: Better = Better.HIGHER,
    excluded: tuple[str, ...] = (),
    needs_public: bool = False,
    note: tuple[str, str] | None = None,
) -> Indicator:
    return Indicator(
        name,
        Words(*names),
        about,
        Ratio(*divided, excluded),
        source,
        confidence,
        better=better,
        needs_public=needs_public,
        note=Words(*note) if note is not None else None,
    )


def _duration(  # noqa: PLR0913 - one row of the table
    name: str,
    names: tuple[str, str],
    field: str,
    counter: str,
    excluded: tuple[str, ...] = (),
    *,
    note: tuple[str, str] | None = None,
) -> Indicator:
    return Indicator(
        name,
        Words(*names),
        Subject.TIME,
        Duration(field, counter, excluded),
        "EGOVA",
        Confidence.VENDOR,
        Unit.SECONDS,
        Better.LOWER,
        note=Words(*note) if note is not None else None,
    )


_A, _B, _C, _P = Confidence.STANDARD, Confidence.VENDOR, Confidence.PRACTICE, Confidence.OURS
_LOW, _NEITHER = Better.LOWER, Better.NEITHER
_HEADLINE = ("suspended", "gone")
_CHECK_SENT = (
    "为下限：流程无“发核查”一步，发给摄像机的以发出时间计，采集员的以核查时间计；核查晚的，何时由谁派发无从得知，因此不分人员",
    ("a lower bound: no step sends a check to a collector, so that it counts as sent when it is made; of a late one "
     "nobody knows when it was sent, or by whom, so that nobody is judged by it"),
)  # fmt: skip

_RATES = (
    _ratio("registration_rate", ("立案率", "registration rate"), ("reported_registered", "reported"), "C", _C,
           about=Subject.REGISTRATION,
           excluded=("self_handled",),
           note=("分母为上报数；机器线索确认后才计入", "divided by reports; a candidate is one once it is confirmed")),
    _ratio("registration_rate_of_accepted", ("受理立案率", "registration rate of what was accepted"),
           ("reported_registered", "reported_accepted"), "C", _C, about=Subject.REGISTRATION,
           note=("没有文本规定立案率的分母：按上报数与按受理数的各自列出，各有其名",
                 ("no text defines what 立案率 is divided by: by reports and by what was accepted both stand, each by "
                 "a name of its own"))),
    _ratio("registration_rate_with_candidates",
           ("含机器线索立案率", "registration rate with candidates"), ("clues_registered", "clues"), "P", _P,
           about=Subject.REGISTRATION),
    _ratio("valid_report_rate", ("有效上报率", "valid report rate"), ("reported_valid", "reported"), "UNICOM", _B,
           about=Subject.REGISTRATION),
    _ratio("collector_valid_report_rate", ("监督员有效上报率", "valid report rate of collectors"),
           ("reported_valid_collector", "reported_collector"), "UNICOM", _B, about=Subject.REGISTRATION),
    _ratio("acceptance_in_time_rate", ("按时受理率", "acceptance in time"), ("accepted_in_time", "reported_accepted"),
           "EGOVA", _B, about=Subject.REGISTRATION),
    _ratio("verification_true_rate", ("核实率", "verified as true"), ("verified_true", "verify_asked"), "C", _C,
           about=Subject.REGISTRATION, better=_NEITHER,
           note=("属实与否取决于举报，不是核实人的成绩，因此无优劣之分；核实是否及时见按时核实率",
                 ("whether a report is true is its own, and no merit of who looks, so that neither way is better; "
                 "whether they looked in time is 按时核实率"))),
    _ratio("verification_in_time_rate", ("按时核实率", "verification in time"), ("verified_in_time", "verify_asked"),
           "UNICOM", _B, about=Subject.REGISTRATION),
    _ratio("verification_sent_in_time_rate", ("核实按时派发率", "verifications sent out in time"),
           ("verify_sent_in_time", "verify_to_send"), "UNICOM, EGOVA", _B, about=Subject.REGISTRATION),
    _ratio("check_sent_in_time_rate", ("核查按时派发率", "checks sent out in time"),
           ("check_sent_in_time", "check_to_send"), "UNICOM, EGOVA", _P, about=Subject.CHECK,
           note=_CHECK_SENT),
    _ratio("duplicate_rate", ("重复率", "duplicate rate"), ("merged", "reported"), "P", _P,
           about=Subject.REGISTRATION, better=_LOW),
    _ratio("registration_in_time_rate", ("按时立案率", "registration in time"), ("registered_in_time", "registered"),
           "UNICOM", _B, about=Subject.REGISTRATION),
    _ratio("registration_accuracy", ("准确立案率", "registration accuracy"), ("registered_not_voided", "registered"),
           "UNICOM", _B, about=Subject.REGISTRATION),
    _ratio("voiding_rate", ("作废率", "voiding rate"), ("voided", "registered"), "P", _P,
           about=Subject.REGISTRATION, better=_LOW),
    _ratio("recurrence_rate", ("反复发案率", "recurrence rate"), ("recurred", "registered"), "P", _P,
           about=Subject.REGISTRATION, better=_LOW),
    _ratio("dispatch_in_time_rate", ("按时派遣率", "dispatch in time"), ("dispatched_in_time", "to_dispatch"),
           "UNICOM", _B, about=Subject.DISPATCH),
    _ratio("dispatch_accuracy", ("准确派遣率", "dispatch accuracy"), ("dispatched_right", "to_dispatch"), "UNICOM", _B,
           about=Subject.DISPATCH),
    _ratio("handling_rate", ("处置率", "handling rate"), ("handled", "to_handle"), "UNICOM, EGOVA", _B,
           about=Subject.HANDLING),
    _ratio("handling_in_time_rate", ("按期处置率", "handling in time"), ("handled_in_time", "to_handle"),
           "UNICOM, EGOVA", _B, about=Subject.HANDLING),
    _ratio("late_rate", ("超期率", "late rate"), ("late", "to_handle"), "EGOVA", _C,
           about=Subject.HANDLING, better=_LOW),
    _ratio("rework_rate", ("返工率", "rework rate"), ("reworked", "handled"), "UNICOM", _B,
           about=Subject.HANDLING, better=_LOW),
    _ratio("check_in_time_rate", ("按时核查率", "check in time"), ("checked_in_time", "check_asked"), "UNICOM", _B,
           about=Subject.CHECK),
    _ratio("closing_rate", ("结案率", "closing rate"), ("closed", "to_close"), "UNICOM, TIANMEN", _A,
           about=Subject.CLOSING,
           note=("分母为应结案数：已处置与超过处置时限未处置的；未到期的不计入",
                 "divided by what is handled or past its limit; what is still inside its limit is not in it")),
    _ratio("closing_within_limit_rate", ("按期结案率", "closing within the limit"),
           ("closed_after_limit_met", "to_close"), "UNICOM, TIANMEN, JINHUA", _A, about=Subject.CLOSING),
    _ratio("event_closing_rate", ("事件结案率", "closing rate of events"), ("events_closed", "events_to_close"),
           "TIANMEN", _A, about=Subject.CLOSING),
    _ratio("component_closing_rate", ("部件结案率", "closing rate of components"),
           ("components_closed", "components_to_close"), "TIANMEN", _A, about=Subject.CLOSING),
    _ratio("desk_closing_in_time_rate", ("按时结案率", "closing in time by the desk"), ("closed_in_time", "closed"),
           "UNICOM", _B, about=Subject.CLOSING),
    _ratio("public_verified_rate", ("监督举报率", "share of verified public reports"),
           ("registered_public_true", "registered"), "UNICOM", _B, about=Subject.FINDING, needs_public=True,
           note=("来源的区域评价表中越高得分越高，照此计分；它与主动发现率此消彼长",
                 ("the source's scores of regions give more points for more, and so it is read; "
                 "it falls where 主动发现率 rises"))),
    _ratio("active_finding_rate", ("主动发现率", "active finding rate"), ("registered_active", "registered"),
           "C", _C, about=Subject.FINDING,
           needs_public=True),
    _ratio("public_report_rate", ("公众举报率", "share of public reports"), ("registered_public", "registered"),
           "C", _C, about=Subject.FINDING, better=_NEITHER,
           needs_public=True,
           note=("等于一减主动发现率，优劣由主动发现率评价；群众多举报本身不是坏事",
                 "what 主动发现率 leaves to one, and judged there; that citizens report more is no fault by itself")),
    _ratio("collector_share", ("采集员立案占比", "share of collectors"), ("registered_collector", "registered"),
           "TIANMEN", _A, about=Subject.FINDING, better=_NEITHER,
           note=("说明立案由谁发现；摄像机发现得多时它下降，无优劣之分",
                 "it tells who found what was registered, and falls where cameras find more; neither way is better")),
    _ratio("scene_precision", ("场景准确率", "scene precision"), ("candidates_confirmed", "candidates_judged"),
           "P", _P, about=Subject.FINDING),
)  # fmt: skip

_DURATIONS = (
    _duration("handling_time", ("平均处置时长", "handling time"), "dispatched_to_handled_s", "timed", _HEADLINE,
              note=("平均处置时长以此为准：派遣至处置完成，不含挂账与自行消除的；其余区间另列",
                    ("the headline of 平均处置时长: dispatch to handled, without suspended cases and those gone by "
                    "themselves; other intervals stand beside it"))),
    _duration("handling_time_work", ("平均处置时长（工作时间）", "handling time in office hours"),
              "dispatched_to_handled_work_s", "timed", _HEADLINE),
    _duration("finding_to_handling_time", ("发现至处置完成时长", "finding to handled"), "found_to_handled_s", "timed",
              _HEADLINE),
    _duration("finding_to_handling_time_work", ("发现至处置完成时长（工作时间）", "finding to handled in office hours"),
              "found_to_handled_work_s", "timed", _HEADLINE),
    _duration("registration_to_closing_time", ("立案至结案时长", "registration to closing"), "registered_to_closed_s",
              "closed"),
    _duration("registration_to_closing_time_work",
              ("立案至结案时长（工作时间）", "registration to closing in office hours"),
              "registered_to_closed_work_s", "closed"),
)  # fmt: skip

_SPREADS = (
    Indicator(
        "fairness_spread",
        Words(zh="公平性（社区间结案率差）", en="spread of the closing rate between communities"),
        Subject.CLOSING,
        Spread("closing_rate", "community"),
        "P",
        Confidence.OURS,
        better=Better.LOWER,
    ),
)

INDICATORS: dict[str, Indicator] = {one.id: one for one in (*_RATES, *_DURATIONS, *_SPREADS, *MEASURED)}
"""By id, in the order in which they are listed."""

GROUPS = ("source", "scene", "camera", "zone", "grid", "community", "unit", "code")
"""By which fields of a fact figures of cases can be told apart."""


def made_of(indicator: Indicator) -> tuple[Counter, ...]:
    """The counters that a figure is made of, without those that are told beside it."""
    match indicator.formula:
        case Ratio(numerator, denominator):
            return COUNTERS[numerator], COUNTERS[denominator]
        case Duration(_, counter):
            return (COUNTERS[counter],)
        case Spread(of):
            return made_of(INDICATORS[of])
        case _:
            return ()


def groups_of(indicator: Indicator) -> tuple[str, ...]:
    """By what a figure can be told apart; nothing where it cannot."""
    match indicator.formula:
        case Ratio() | Duration():
            return (*GROUPS, PHASE)
        case Measured(groups=groups):
            return groups
        case _:
            return ()


def notes_on(indicator: Indicator, notes: Iterable[Note]) -> tuple[Note, ...]:
    """Those of a period's notes that a reader of this figure has to know."""
    if not isinstance(indicator.formula, Measured):
        return tuple(notes)
    by = indicator.formula.by
    holds = {Note.INCOMPLETE_FACTS: by.reads_facts, Note.TRIAL_OPERATION: by.counts_trial}
    return tuple(note for note in notes if holds[note])


__all__ = [
    "GROUPS",
    "INDICATORS",
    "Better",
    "Confidence",
    "Duration",
    "Formula",
    "Indicator",
    "Measured",
    "Ratio",
    "Spread",
    "Unit",
    "Unrecorded",
    "groups_of",
    "made_of",
    "notes_on",
]

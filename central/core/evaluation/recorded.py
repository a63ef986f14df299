"""Figures that a quantitative line may take from the records: id, names, value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from central.core.evaluation.facts import Facts
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.records import Asked, Round, items, last_acceptances
from central.core.evaluation.surveys import of
from protocol.texts import Words


@dataclass(frozen=True, slots=True)
class Recorded:
    """One figure: how it is counted, and the count; None where there is nothing to count.

    `is_share`: of one, so that a line in per cent takes it times 100.
    """

    words: Words
    count: Callable[[Facts], Decimal | None]
    is_share: bool = True


def _paid(facts: Facts) -> Decimal | None:
    paid = facts.records.payments
    return sum((one.amount_cny for one in paid), Decimal(0)) if paid else None


def _appropriated(facts: Facts) -> Decimal | None:
    return facts.budget.appropriated_cny or None


def _planned(facts: Facts) -> Decimal | None:
    """What the file plans, else the lines of the budget of its year."""
    lines = (one.planned_cny for one in facts.records.budget_lines if one.year in {None, facts.year})
    return facts.budget.planned_cny or sum(lines, Decimal(0)) or None


def _divided(
    part: Callable[[Facts], Decimal | None], whole: Callable[[Facts], Decimal | None]
) -> Callable[[Facts], Decimal | None]:
    def count(facts: Facts) -> Decimal | None:
        above, below = part(facts), whole(facts)
        return None if above is None or below is None else above / below

    return count


def _cameras(facts: Facts) -> Decimal | None:
    named = {(one.item, one.device) for one in facts.records.devices if one.device is not None and "." in one.device}
    last = last_acceptances(facts.records)
    accepted = {camera for item, camera in named if item in last and last[item].passed}
    return Decimal(len(accepted)) if named else None


def _attendances(facts: Facts) -> Decimal | None:
    sessions = facts.records.trainings
    return Decimal(sum(one.attended for one in sessions)) if sessions else None


def _acceptance(facts: Facts) -> Decimal | None:
    known = [item.id for item in items(facts.records)]
    last = last_acceptances(facts.records)
    return Decimal(sum(item in last and last[item].passed for item in known)) / len(known) if known else None


def _milestones(facts: Facts) -> Decimal | None:
    due = facts.records.milestones
    return Decimal(sum(one.done is not None and one.done <= one.due for one in due)) / len(due) if due else None


def _satisfied(asked: Asked, when: Round = Round.CURRENT) -> Callable[[Facts], Decimal | None]:
    def count(facts: Facts) -> Decimal | None:
        found = of(facts.records.surveys, asked, when)
        return found.share if found is not None and found.significant else None

    return count


def _change(facts: Facts) -> Decimal | None:
    now, before = (_satisfied(Asked.CITIZEN, when)(facts) for when in (Round.CURRENT, Round.BASELINE))
    return None if now is None or before is None else (now - before) * 100


RECORDED: Mapping[str, Recorded] = {
    "funds_in_place_rate": Recorded(
        Words(
            zh="资金到位率 = 实际到位资金 / 计划投入（budget.planned_cny，未填时为本年预算项合计）",
            en="funds in place = appropriated / planned (budget.planned_cny, else the year's budget lines)",
        ),
        _divided(_appropriated, _planned),
    ),
    "budget_execution_rate": Recorded(
        Words(zh="预算执行率 = 合同支付合计 / 实际到位资金", en="budget execution = payments / appropriated"),
        _divided(_paid, _appropriated),
    ),
    "paid_to_planned_rate": Recorded(
        Words(
            zh="成本控制率 = 合同支付合计 / 计划投入",
            en="paid to planned = payments / planned",
        ),
        _divided(_paid, _planned),
    ),
    "cameras_accepted": Recorded(
        Words(
            zh="视频监控点位 = 验收合格的合同项登记的摄像机（按平台编号计）",
            en="cameras = those linked, by their id here, to items whose acceptance was passed",
        ),
        _cameras,
        is_share=False,
    ),
    "training_attendances": Recorded(
        Words(zh="培训人次 = 各场培训到场人数合计", en="attendances = people at all sessions, added up"),
        _attendances,
        is_share=False,
    ),
    "acceptance_rate": Recorded(
        Words(zh="验收合格率 = 验收合格的合同项 / 全部合同项", en="accepted items / all items of contracts"),
        _acceptance,
    ),
    "milestones_on_time_rate": Recorded(
        Words(zh="按期完成率 = 按期完成的里程碑 / 全部里程碑", en="milestones done in time / all milestones"),
        _milestones,
    ),
    "internal_satisfaction": Recorded(
        Words(zh="内部满意度 = 按层加权的满意比例", en="share of the satisfied inside, weighted by stratum"),
        _satisfied(Asked.INTERNAL),
    ),
    "citizen_satisfaction": Recorded(
        Words(zh="市民满意度 = 按层加权的满意比例", en="share of the satisfied citizens, weighted by stratum"),
        _satisfied(Asked.CITIZEN),
    ),
    "citizen_satisfaction_change_points": Recorded(
        Words(
            zh="市民满意度变化 = (本年 - 基期) × 100 个百分点",
            en="citizens' satisfaction: (this year - before) × 100 points",
        ),
        _change,
        is_share=False,
    ),
}


def recorded(facts: Facts) -> dict[str, Decimal | None]:
    """Every figure of the records by id."""
    return {name: one.count(facts) for name, one in RECORDED.items()}


def in_unit(line: Quantitative, value: Decimal | None) -> Decimal | None:
    """A figure of the records as the actual value of a line that names it: a share in per cent where its unit is %."""
    of = RECORDED.get(line.record or "")
    is_per_cent = of is not None and of.is_share and line.unit == "%"
    return value * 100 if value is not None and is_per_cent else value

"""Goals that a smart city-management project states, by id, with their names."""

from collections.abc import Mapping
from decimal import Decimal

from central.core.evaluation.facts import Facts, Target
from protocol.texts import Language, Words

OUTPUT, BENEFIT, COST = "产出", "效益", "成本"
GOALS: Mapping[str, tuple[str, Words]] = {
    "command_centres": (OUTPUT, Words(zh="指挥中心", en="command centres")),
    "cameras": (OUTPUT, Words(zh="视频监控点位", en="cameras")),
    "training": (OUTPUT, Words(zh="培训人次", en="training attendances")),
    "project_acceptance_rate": (OUTPUT, Words(zh="项目验收合格率", en="acceptance rate")),
    "platform_availability": (OUTPUT, Words(zh="平台可用率", en="platform availability")),
    "camera_online_rate": (OUTPUT, Words(zh="监控在线率", en="camera online rate")),
    "phase_one_in_trial_operation": (OUTPUT, Words(zh="一期投入试运行", en="phase one in trial operation")),
    "proactive_discovery_rate": (BENEFIT, Words(zh="主动发现率", en="proactive discovery rate")),
    "mean_handling_hours": (BENEFIT, Words(zh="平均处置时长", en="mean handling time")),
    "internal_satisfaction": (BENEFIT, Words(zh="内部满意度", en="internal satisfaction")),
    "citizen_satisfaction": (BENEFIT, Words(zh="市民满意度", en="citizens' satisfaction")),
    "citizen_satisfaction_change_points": (BENEFIT, Words(zh="市民满意度提升", en="rise of citizens' satisfaction")),
    "usage_rate": (BENEFIT, Words(zh="使用率", en="usage rate")),
    "registration_rate": (BENEFIT, Words(zh="立案率", en="registration rate")),
    "closing_rate": (BENEFIT, Words(zh="结案率", en="closing rate")),
    "investment_within_budget_cny": (COST, Words(zh="投资控制在预算内", en="investment within the budget")),
}
UNITS = {
    "mean_handling_hours": "小时",
    "citizen_satisfaction_change_points": "个百分点",
    "investment_within_budget_cny": "元",
}
"""Units of goals that are no ratios and whose id says the unit."""


def goal_name(facts: Facts, goal: str, language: Language = Language.CHINESE) -> str:
    """The name of a goal: its own, or the field's."""
    own = facts.targets[goal].name if goal in facts.targets else None
    return own or (GOALS[goal][1].say(language) if goal in GOALS else goal)


def goal_group(goal: str) -> str:
    """Under which heading a goal stands: 产出, 效益 or 成本."""
    return GOALS[goal][0] if goal in GOALS else OUTPUT


def is_ratio(target: Target) -> bool:
    """Whether a goal is a share of one: told in per cent."""
    return target.unit is None and isinstance(target.target, Decimal) and 0 < target.target <= 1

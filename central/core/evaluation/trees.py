"""The index trees that ship, as data, and the facts file that one of them begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from central.core.evaluation.decimals import shown
from central.core.evaluation.lines import Direction, Rule


@dataclass(frozen=True, slots=True)
class Index:
    """A lowest-level index. With a rule it is computed, without one somebody assesses it.

    `record`, `kpi`: the figure of the records, or of the platform, that is its value, in `unit`.
    """

    id: str
    path: str
    points: Decimal
    rule: Rule | None = None
    target: Decimal | None = None
    direction: Direction = Direction.AT_LEAST
    floor: Decimal | None = None
    record: str | None = None
    kpi: str | None = None
    unit: str | None = None


def _asked(name: str, path: str, points: int) -> Index:
    return Index(name, path, Decimal(points))


def _measured(  # noqa: PLR0913 - a row of the tables below
    name: str,
    path: str,
    points: int,
    target: str,
    *,
    rule: Rule = Rule.PROPORTIONAL,
    direction: Direction = Direction.AT_LEAST,
    floor: str | None = None,
    record: str | None = None,
    kpi: str | None = None,
    unit: str | None = None,
) -> Index:
    low = None if floor is None else Decimal(floor)
    return Index(name, path, Decimal(points), rule, Decimal(target), direction, low, record, kpi, unit)


COUNTY = (
    _asked("basis", "项目决策/项目立项/立项依据充分性", 4),
    _asked("procedure", "项目决策/项目立项/立项程序规范性", 3),
    _asked("goal", "项目决策/绩效目标/绩效目标合理性", 4),
    _asked("clarity", "项目决策/绩效目标/绩效指标明确性", 4),
    _measured("funds_in_place", "项目管理/资金管理/资金到位率", 5, "1", record="funds_in_place_rate"),
    _measured("budget_execution", "项目管理/资金管理/预算执行率", 5, "1", record="budget_execution_rate"),
    _asked("compliance", "项目管理/资金管理/资金使用合规性", 5),
    _asked("rules", "项目管理/组织实施/管理制度健全性", 5),
    _asked("rules_applied", "项目管理/组织实施/制度执行有效性", 5),
    _measured("centre", "项目产出/数量指标/指挥中心", 3, "1", rule=Rule.MET_OR_ZERO),
    _measured("cameras", "项目产出/数量指标/视频监控点位", 6, "50", record="cameras_accepted"),
    _measured("training", "项目产出/数量指标/培训人次", 3, "20", record="training_attendances"),
    _measured("acceptance", "项目产出/质量指标/项目验收合格率", 5, "1", record="acceptance_rate"),
    _measured("availability", "项目产出/质量指标/平台可用率", 5, "0.999", rule=Rule.FLOOR, floor="0.99",
              kpi="platform_availability"),
    _measured("online", "项目产出/质量指标/监控在线率", 5, "0.95", rule=Rule.FLOOR, floor="0.90",
              kpi="camera_online_rate"),
    _measured("on_time", "项目产出/时效指标/按期完成率", 3, "1", record="milestones_on_time_rate"),
    _measured("discovery", "项目效益/社会效益/主动发现率", 8, "0.90", kpi="active_finding_rate"),
    _measured("handling", "项目效益/社会效益/平均处置时长", 8, "2", direction=Direction.AT_MOST,
              kpi="handling_time", unit="小时"),
    _measured("internal", "项目效益/满意度/内部满意度", 5, "0.90", record="internal_satisfaction"),
    _measured("citizens", "项目效益/满意度/市民满意度提升", 5, "5", record="citizen_satisfaction_change_points",
              unit="个百分点"),
    _asked("lasting", "项目效益/可持续影响/可持续影响力", 4),
)  # fmt: skip
"""项目决策 15, 项目管理 25, 项目产出 30, 项目效益 30."""

SELF_EVALUATION = (
    _measured("budget_execution", "预算执行率/预算执行率/预算执行率", 10, "1", record="budget_execution_rate"),
    _measured("cameras", "产出指标/数量指标/视频监控点位", 10, "50", record="cameras_accepted"),
    _measured("training", "产出指标/数量指标/培训人次", 5, "20", record="training_attendances"),
    _measured("acceptance", "产出指标/质量指标/项目验收合格率", 8, "1", record="acceptance_rate"),
    _measured("online", "产出指标/质量指标/监控在线率", 7, "0.95", rule=Rule.FLOOR, floor="0.90",
              kpi="camera_online_rate"),
    _measured("on_time", "产出指标/时效指标/按期完成率", 10, "1", record="milestones_on_time_rate"),
    _measured("cost", "产出指标/成本指标/成本控制率", 10, "1", direction=Direction.AT_MOST,
              record="paid_to_planned_rate"),
    _measured("discovery", "效益指标/社会效益/主动发现率", 10, "0.90", kpi="active_finding_rate"),
    _measured("handling", "效益指标/社会效益/平均处置时长", 10, "2", direction=Direction.AT_MOST,
              kpi="handling_time", unit="小时"),
    _asked("lasting", "效益指标/可持续影响/可持续影响力", 10),
    _measured("citizens", "满意度指标/服务对象满意度/市民满意度", 10, "0.90", record="citizen_satisfaction"),
)  # fmt: skip
"""单位自评: 预算执行率 10, 产出 50, 效益 30, 满意度 10."""

SELF_EVALUATION_COST = (
    _measured("budget_execution", "预算执行率/预算执行率/预算执行率", 10, "1", record="budget_execution_rate"),
    _measured("cost", "成本指标/成本指标/成本控制率", 20, "1", direction=Direction.AT_MOST,
              record="paid_to_planned_rate"),
    _measured("cameras", "产出指标/数量指标/视频监控点位", 10, "50", record="cameras_accepted"),
    _measured("training", "产出指标/数量指标/培训人次", 5, "20", record="training_attendances"),
    _measured("acceptance", "产出指标/质量指标/项目验收合格率", 8, "1", record="acceptance_rate"),
    _measured("online", "产出指标/质量指标/监控在线率", 7, "0.95", rule=Rule.FLOOR, floor="0.90",
              kpi="camera_online_rate"),
    _measured("on_time", "产出指标/时效指标/按期完成率", 10, "1", record="milestones_on_time_rate"),
    _measured("discovery", "效益指标/社会效益/主动发现率", 7, "0.90", kpi="active_finding_rate"),
    _measured("handling", "效益指标/社会效益/平均处置时长", 7, "2", direction=Direction.AT_MOST,
              kpi="handling_time", unit="小时"),
    _asked("lasting", "效益指标/可持续影响/可持续影响力", 6),
    _measured("citizens", "满意度指标/服务对象满意度/市民满意度", 10, "0.90", record="citizen_satisfaction"),
)  # fmt: skip
"""单位自评 with a cost target: 预算执行率 10, 成本 20, 产出 40, 效益 20, 满意度 10."""

EMPTY: tuple[Index, ...] = ()
TREES: Mapping[str, tuple[Index, ...]] = {
    "county": COUNTY,
    "self_evaluation": SELF_EVALUATION,
    "self_evaluation_cost": SELF_EVALUATION_COST,
    "empty": EMPTY,
}

HEAD = """\
# 项目支出绩效评价事实文件，填写后：gridwarden central evaluate --year {year} --facts 本文件 --out report.docx
# 加 --config central.yaml 时，record 行取平台的项目记录，kpi 行取平台指标；
# 要自填数值，把 record: 编号 换成 actual: 数值。
# Facts of a project evaluation. docs/evaluation.md explains every key; null is to be filled in (actual: null = 未公布).
# With --config central.yaml lines with `record` take records of the platform, lines with `kpi` its figures; to state
# a value of your own, write `actual: NUMBER` instead of `record: ID`.
project: 智慧城管项目
unit: 填写单位名称
evaluation_done_by: 本单位
mode: 单位自评  # 单位自评、部门评价、财政评价
year: {year}
period: {{from: {year}-01-01, to: {year}-12-31}}
phase: 正式运行
budget: {{appropriated_cny: 0, spent_cny: 0, uses: []}}
methods: [比较法, 因素分析法, 成本效益分析法, 公众评判法]
standards: [计划标准, 行业标准, 历史标准]
targets: {{}}
targets_missing: []
records: {{}}
index_tree:
"""
EXAMPLE = """\
  # - id: cameras
  #   path: [产出, 数量, 视频监控点位]
  #   points: 60
  #   kind: quantitative
  #   direction: at_least
  #   target: 50
  #   actual: null
  #   rule: proportional
  # - id: rules
  #   path: [过程, 组织实施, 制度健全性]
  #   points: 40
  #   kind: assessed
  #   given: null
  #   assessor: null
  #   reason: null
"""


def facts_file(tree: str, year: int) -> str:
    """The text of a facts file that begins with one of `TREES`; `KeyError` when there is none of that name."""
    lines = [f"  - {{{_row(one)}}}\n" for one in TREES[tree]]
    return HEAD.format(year=year) + ("".join(lines) or EXAMPLE)


def _row(one: Index) -> str:
    row = f"id: {one.id}, path: [{', '.join(one.path.split('/'))}], points: {shown(one.points)}"
    if one.rule is None or one.target is None:
        return f"{row}, kind: assessed, given: null, assessor: null, reason: null"
    row += f", kind: quantitative, direction: {one.direction.value}, target: {shown(one.target)}"
    row += "" if one.floor is None else f", floor: {shown(one.floor)}"
    row += "" if one.unit is None else f", unit: {one.unit}"
    return f"{row}, {_value(one)}, rule: {one.rule.value}"


def _value(one: Index) -> str:
    if one.record is not None:
        return f"record: {one.record}"
    return "actual: null" if one.kpi is None else f"kpi: {one.kpi}, actual: null"

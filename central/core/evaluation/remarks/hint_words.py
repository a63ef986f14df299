"""What 自查提示 say, in both languages."""

from protocol.texts import Words

SELF_EVALUATION = Words(
    zh="项目责任单位、实施单位与评价单位同为“{unit}”：这是单位自评，应在报告中写明，不能称第三方评价",
    en="{unit} is responsible, implements and evaluates: this is a self-evaluation, and the report must say so",
)
MODE_UNSTATED = Words(
    zh="没有写明评价方式，从评价单位“{assessor}”也看不出；请在 mode 中写明部门评价或财政评价",
    en="the mode is not stated, nor does {assessor} tell it; write 部门评价 or 财政评价 as `mode`",
)
TRIAL = Words(
    zh="数据属于试运行阶段，不能代表正式运行的效果",
    en="the data are from trial operation and do not stand for regular operation",
)
EVALUATED_EARLY = Words(
    zh="评价期到 {last} 为止，而分析评价在 {begun} 已经进行：其后的数据没有纳入",
    en="the period lasts until {last}, the evaluation was made in {begun} already: what came later is not in it",
)
TARGET_STANDS = Words(
    zh="“{name}”被列为没有目标值的指标，但 {where} 已写明目标 {target}：前后矛盾",
    en="{name} is named as an indicator without a target, although {where} states the target {target}: a contradiction",
)
AVAILABILITY_NOT_MTBF = Words(
    zh="“{title}”的目标是 {target}，是可用率（比例）而不是平均无故障时间（小时）：名称与数值不符",
    en="the target of {title} is {target}: that is an availability (a ratio), no time between failures",
)
MEMBERS_DIFFER = Words(
    zh="“{name}”的分项合计 {sum}，目标为 {target}", en="the parts of {name} add up to {sum}, its target is {target}"
)
NOT_PUBLISHED = Words(
    zh="“{name}”有目标值而没有公布实际值（未公布）", en="{name} has a target, its value was not published"
)
CLAIMED_WITHOUT_VALUE = Words(
    zh="“{name}”只写“{text}”，没有实际值，也没有基期值：无法核实",
    en="{name} says {text!r} alone, without a value or a baseline: it cannot be checked",
)
UNMEASURED_LINE = Words(
    zh="“{path}”未公布实际值，得 {score} 分；需评价人填写 given、assessor、reason，且不得满分",
    en="{path} has no value, {score} points; an assessor enters given (below full points), assessor and reason",
)
POINTS_WITHOUT_MEASURE = Words(
    zh="“{name}”得 {score} / {points} 分，但指标树中没有一项由实测值得出",
    en="{name} got {score} of {points} points, though no line of the tree rests on a measured value",
)
NO_BASELINE = Words(
    zh="评价方法或标准用到历史比较，但没有任何指标给出基期值",
    en="the methods or standards compare with the past, but no indicator has a baseline",
)
NO_PUBLIC_VOICE = Words(
    zh="评价方法列有公众评判法，但访谈对象只有：{asked}，也没有市民问卷",
    en="the public's judgement is among the methods, but only these were asked: {asked}; there is no citizens' survey",
)
PUBLISHED_DIFFERS = Words(
    zh="“{name}”公布 {published}，按指标计算为 {computed}", en="{name}: published {published}, computed {computed}"
)
GRADE_DIFFERS = Words(
    zh="公布的等级“{grade}”与公布的总分 {total} 不符，应为“{right}”",
    en="the published grade {grade} does not belong to the published total {total}, that is {right}",
)
PUBLISHED_SUM = Words(
    zh="公布的一级指标得分合计 {sum}，公布的总分为 {total}",
    en="the published first levels add up to {sum}, the published total is {total}",
)
DEDUCTION_UNEXPLAINED = Words(zh="扣分没有说明理由：{lost}", en="the deductions are not explained: {lost}")
ONLY_FIRST_LEVEL = Words(
    zh="一级指标以下没有公布任何分值：得分为照录，无法复算",
    en="nothing is published below the first level: the scores are taken over and cannot be computed again",
)
OVER_RUN = Words(
    zh="支出 {spent} 元超过到位资金 {budget} 元（超支）",
    en="{spent} CNY were spent of {budget} CNY appropriated: over-run",
)
CONTRACTS_OVER_LINE = Words(
    zh="预算项“{name}”下的合同合计 {sum} 元，超过预算 {planned} 元",
    en="the contracts under {name} add up to {sum} CNY, its budget is {planned} CNY",
)
OVER_CONTRACT = Words(
    zh="合同“{name}”已支付 {sum} 元，超过合同额 {amount} 元",
    en="{sum} CNY were paid for {name}, its amount is {amount} CNY",
)
PAYMENTS_DIFFER = Words(
    zh="支付记录合计 {sum} 元，与填报的支出 {spent} 元不一致",
    en="the payments add up to {sum} CNY, the stated spending is {spent} CNY",
)
ACCEPTED_TWICE = Words(
    zh="合同项 {item} 有两次以上验收；按最后一次计",
    en="the item {item} was accepted more than once; the last one counts",
)
FIGURE_DIFFERS = Words(
    zh="“{name}”填报 {stated}，平台指标 {kpi} 在 {first} 至 {last} 算得 {computed}；按填报值计分",
    en="{name} is stated as {stated}; the figure {kpi} of {first} to {last} is {computed}; scored by what is stated",
)
ENTRY_OVERRULED = Words(
    zh="“{name}”由{assessor}填写 {stated} 分，由数值算得 {computed} 分；按算得的计分，请删去填写或说明差异",
    en="{name}: {assessor} entered {stated} points, computed are {computed}; the computed ones count, "
    "take the entry out or explain the difference",
)
DEVICE_TWICE = Words(
    zh="设备 {device} 登记了 {count} 次（合同项 {items}）",
    en="the device {device} is linked {count} times (items {items})",
)
MORE_DEVICES = Words(
    zh="合同项“{item}”数量为 {quantity}，却登记了 {count} 台设备",
    en="{count} devices are linked to {item}, of which {quantity} were bought",
)
DEVICE_UNKNOWN = Words(
    zh="设备 {device} 不在平台登记的摄像机和边缘盒之中", en="the device {device} is no camera or box that is registered"
)
BEFORE_SIGNED = Words(
    zh="{where} 的日期 {day} 早于合同 {contract} 的签订日 {signed}",
    en="{where} is of {day}, before the contract {contract} was signed on {signed}",
)
NOT_SIGNIFICANT = Words(
    zh="问卷 {id} 只有 {answers} 份答卷（少于 {least}），结果不显著，不参与计分",
    en="survey {id} has {answers} answers (fewer than {least}): not significant, it does not score",
)
SURVEY_TWICE = Words(
    zh="问卷 {ids} 对象、轮次、日期相同，计分取 {id}；请更正日期或撤下多余的一份",
    en="surveys {ids} asked the same people in the same round on one day: {id} counts; correct a day or withdraw one",
)
TWO_VALUES = Words(
    zh="“{name}”在目标中写为 {stated}，计分用的是 {measured}：同一指标有两个数值",
    en="{name} is {stated} among the targets and {measured} in the scoring: one indicator, two values",
)
FIGURE_FEW = Words(
    zh="“{name}”取自平台指标 {kpi}，样本少于 {minimum}，仅供参考，却得 {score} / {points} 分",
    en="{name} is the figure {kpi} of a sample below {minimum}, not to be relied on; "
    "yet it got {score} of {points} points",
)
FIGURE_UNKNOWN = Words(
    zh="“{name}”取自平台指标 {kpi}，有未知时段：{bounds}；按前者（最低）计分",
    en="{name} is the figure {kpi}, of which a part is unknown: {bounds}; scored by the first, the lowest",
)
FIGURE_TRIAL = Words(
    zh="{names}：平台指标的时段 {first} 至 {last} 包含试运行，不能代表正式运行的效果",
    en="{names}: the period of the figures, {first} to {last}, reaches into trial operation "
    "and does not stand for regular operation",
)
FIGURE_INCOMPLETE = Words(
    zh="{names}：平台旧案件尚未全部计入，数值可能变动；请补算完成后重新评价",
    en="{names}: cases of earlier releases are not all counted in yet, the values may move; "
    "evaluate again when they are",
)

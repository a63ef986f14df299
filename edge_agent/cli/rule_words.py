"""What a rule means where it stands: its condition, what it needs, and every timer and threshold that is in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from edge_agent.core.rules import Serving
from edge_agent.core.rules.serving import labels_by_class
from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.values import ModelIdentity
from protocol.configuration import CameraConfig, Zone
from protocol.scene_rules import STATIC_LABEL, Hours, Rule, StayRule, Weekday
from protocol.scenes import SCENES, ObjectClass, Scene
from protocol.texts import Language, Words

CONDITIONS: Mapping[Scene, Words] = {
    Scene.STAY: Words("同一个 {labels} 停留在区域内", "the same {labels} stays in the zone"),
    Scene.MOBILE_VENDOR: Words("看到摊位驶来并停下", "a stall is seen to come, and stands"),
    Scene.OUT_OF_STORE: Words(
        "{shop} 的摊位或货物越过门线 `door_line`", "stalls or goods of {shop} stand beyond its `door_line`"
    ),
    Scene.ROAD_OCCUPATION: Words(
        "未见驶来的摊位占用公共地面，不属于任何店铺", "a stall that nobody saw come stands on ground of no shop"
    ),
    Scene.BIKE_PILEUP: Words(
        "至少 {count} 辆非机动车，或非机动车占区域面积的 {area_share:.0%} 以上",
        "at least {count} bikes, or {area_share:.0%} of the zone under bikes",
    ),
    Scene.BIKE_PARKING: Words(
        "非机动车停在禁停处，无人骑在车上或守在旁边", "a bike stands with nobody on or beside it"
    ),
    Scene.VEHICLE_PARKING: Words("机动车停住不动", "a vehicle stands"),
    Scene.DUMPING: Words(
        "有人停留过，离开后留下东西或一片湿地", "somebody stopped, and after leaving something lies or flows there"
    ),
    Scene.BIN_OVERFLOW: Words(
        "垃圾堆在区域所围的垃圾桶上或桶边", "rubbish on or beside the bin that the zone was drawn around"
    ),
    Scene.EXPOSED_RUBBISH: Words(
        "垃圾放在那里，{near_steps:g} 步（每步约 1 米）内无人",
        "rubbish lies there with nobody within {near_steps:g} steps (about a metre each)",
    ),
    Scene.MATERIAL_HEAP: Words(
        "堆放物至少占区域面积的 {area_share:.1%}", "goods cover at least {area_share:.1%} of the zone"
    ),
    Scene.CROWD: Words("至少 {count} 人聚在一起", "at least {count} people stand together"),
}
_CLASSES: Mapping[ObjectClass, Words] = {
    ObjectClass.PERSON: Words("行人", "person"),
    ObjectClass.STALL: Words("摊位", "stall"),
    ObjectClass.BIKE: Words("非机动车", "bike"),
    ObjectClass.CAR: Words("机动车", "car"),
    ObjectClass.RUBBISH: Words("垃圾", "rubbish"),
    ObjectClass.GOODS: Words("堆放物", "goods"),
}
_DAYS_ZH = dict(zip(Weekday, "一二三四五六日", strict=True))

HEAD = Words("{scene} {name}{off}：{condition}", "{scene} ({name}){off}: {condition}")
OFF = Words("（停用）", ", off")
OR = Words("或", " or ")
NEEDS = Words("需要模型识别 {classes}", "needs a model that knows {classes}")
NEEDS_OR_STATIC = Words(
    "需要模型识别 {classes}，否则用静态前景", "needs a model that knows {classes}, else static foreground"
)
NEEDS_NO_MODEL = Words("不需要模型", "needs no model")
RESTS = Words("；实际依据：{grounds}", "; rests on {grounds}")
SCORES = Words("目标起算得分（0 到 1）：{scores}", "objects count from a score (0 to 1) of: {scores}")
SCORE_MIN = Words(
    "得分（0 到 1）低于 {score_min:g} 的不上报", "nothing is told below a score (0 to 1) of {score_min:g}"
)
CERTAIN = Words("满 {seen_s:g} 秒确认，", "certain after {seen_s:g} s, ")
TIMERS = Words(
    "{certain}满 {dwell_s:g} 秒上报；看不见最多 {grace_s:g} 秒（每秒看 {fps:g} 次）{held}",
    "{certain}told after {dwell_s:g} s; out of sight for up to {grace_s:g} s (at {fps:g} looks a second){held}",
)
HELD = Words("；看到的次数至少占 {held_share:.0%}", "; seen in at least {held_share:.0%} of the looks")
SEVERITY = Words("严重程度 {severity}（1 到 5）{steps}；{silence}", "severity {severity} (1 to 5){steps}; {silence}")
STEP = Words("，{when}为 {severity}", ", {severity} {when}")
STEP_AFTER, STEP_COUNT = (
    Words("满 {after_s:g} 秒", "after {after_s:g} s"),
    Words("达 {count} 个", "from {count} things on"),
)
AND = Words("且", " and ")
SILENCE = Words("同一位置 {silence_s:g} 秒内不再上报", "the same place is not told again for {silence_s:g} s")
NO_SILENCE = Words("同一位置随时可再次上报", "the same place may be told again at any time")
COUNTS = Words("生效时段：{hours}", "counts {hours}")
PERMITTED = Words("允许经营时段{name}不上报：{hours}", "permitted{name} {hours}: nothing is told then")
DAILY = Words("每天", "daily")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule stands, and what is known of the detector: the score from which each label counts."""

    camera: CameraConfig
    zone: Zone
    language: Language
    model: ModelIdentity | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict)


def rule_lines(place: Place, rule: Rule, serving: Serving | None) -> Iterator[str]:
    """The rule in words, its condition first; `serving` is what it rests on, None while that is not known."""
    say = place.language
    facts = SCENES[rule.scene]
    values = {name: getattr(rule, name) for name in type(rule).model_fields}
    if isinstance(rule, StayRule):
        values["labels"] = OR.say(say).join(rule.labels)
    values["shop"] = place.zone.shop_front.name if place.zone.shop_front else ""
    yield HEAD.say(
        say,
        scene=rule.scene,
        name=Words(facts.zh, facts.en).say(say),
        off="" if rule.enabled else OFF.say(say),
        condition=CONDITIONS[rule.scene].say(say, **values),
    )
    yield _needs(rule, say) + ("" if serving is None else RESTS.say(say, grounds=serving.say(say)))
    scores = _scores(place, rule)
    if scores:
        yield SCORES.say(say, scores=", ".join(scores))
    if rule.score_min:
        yield SCORE_MIN.say(say, score_min=rule.score_min)
    yield TIMERS.say(
        say,
        certain=CERTAIN.say(say, **values) if "seen_s" in values else "",
        dwell_s=rule.dwell_s,
        grace_s=grace_with_cadence_s(rule.grace_s, 1 / place.camera.analysis_fps),
        fps=place.camera.analysis_fps,
        held=HELD.say(say, held_share=rule.held_share) if rule.held_share else "",
    )
    yield SEVERITY.say(
        say,
        severity=rule.severity,
        steps=_steps(rule, say),
        silence=(SILENCE if rule.silence_s else NO_SILENCE).say(say, silence_s=rule.silence_s),
    )
    if rule.hours:
        yield COUNTS.say(say, hours=_hours(rule.hours, say))
    for period in place.zone.legal_periods:
        if rule.scene in period.scenes:
            name = f" {period.name} " if say is Language.CHINESE and period.name else f" {period.name}".rstrip()
            yield PERMITTED.say(say, name=name, hours=_hours(period.hours, say))


def _needs(rule: Rule, say: Language) -> str:
    if isinstance(rule, StayRule):
        wanted = [label for label in rule.labels if label != STATIC_LABEL]
        return NEEDS.say(say, classes=", ".join(wanted)) if wanted else NEEDS_NO_MODEL.say(say)
    facts = SCENES[rule.scene]
    words = NEEDS_OR_STATIC if facts.static_serves else NEEDS
    return words.say(say, classes=", ".join(_CLASSES[one].say(say) for one in sorted(facts.needs)))


def _scores(place: Place, rule: Rule) -> list[str]:
    """From which score on each label of the model counts that the rule is about."""
    if isinstance(rule, StayRule):
        labels: Sequence[str] = rule.labels
    else:
        known = labels_by_class(place.model)
        labels = [label for one in sorted(SCENES[rule.scene].needs) for label in sorted(known.get(one, ()))]
    return [f"{label} {place.thresholds[label]:g}" for label in labels if label in place.thresholds]


def _steps(rule: Rule, say: Language) -> str:
    told = []
    for step in rule.steps:
        after = [STEP_AFTER.say(say, after_s=step.after_s)] if step.after_s is not None else []
        count = [STEP_COUNT.say(say, count=step.count)] if step.count is not None else []
        told.append(STEP.say(say, severity=step.severity, when=AND.say(say).join([*after, *count])))
    return "".join(told)


def _hours(hours: Sequence[Hours], say: Language) -> str:
    return ", ".join(f"{_days(one, say)} {one.begin:%H:%M}-{one.end:%H:%M}" for one in hours)


def _days(hours: Hours, say: Language) -> str:
    if set(hours.days) == set(Weekday):
        return DAILY.say(say)
    if say is Language.CHINESE:
        return "周" + "、".join(_DAYS_ZH[day] for day in hours.days)
    return " ".join(hours.days)

"""An evaluation as a whole, and as one JSON object."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import JsonValue

from central.core.evaluation.decimals import shown
from central.core.evaluation.facts import Facts
from central.core.evaluation.lines import Assessed, Quantitative
from central.core.evaluation.recorded import RECORDED, recorded
from central.core.evaluation.remarks.hint import Hint
from central.core.evaluation.remarks.hints import hints
from central.core.evaluation.scoring import Outcome, Score, evaluate
from central.core.evaluation.sources import ALONE, Sources, target_of
from central.core.kpis.caveats import caveats
from central.core.kpis.figures import Figure
from central.core.kpis.page import formula_text
from central.core.kpis.registry.counters import COUNTERS
from central.core.kpis.registry.formulas import Formula
from central.core.kpis.registry.indicators import INDICATORS, Duration, Indicator, Spread
from central.core.kpis.registry.values import sums_text
from protocol.texts import Language, Words

TAKEN_OVER = Words(zh="照录，一级指标以下未公布", en="taken over, nothing published below the first level")
ASSESSED = Words(zh="评价人评定", en="assessed")
COMPUTED = Words(zh="由数值计算", en="computed")
UNPUBLISHED = Words(zh="未公布，评价人填写", en="not published, entered by an assessor")
UNENTERED = Words(zh="未公布，无评价人填写，不得分", en="not published, nobody entered anything, no points")
BY = Words(zh="{assessor}：{reason}", en="{assessor}: {reason}")
BY_OVERRULED = Words(
    zh="{assessor}填写 {given} 分（{reason}），未采用：本项由数值计算",
    en="{given} points of {assessor} ({reason}) do not count: this line is computed",
)
FROM_RECORD = Words(zh="记录 {id}（{words}）：{actual}", en="record {id} ({words}): {actual}")
FROM_FILE = Words(zh="事实文件 index_tree[{at}].actual：{actual}", en="facts file, index_tree[{at}].actual: {actual}")
FROM_KPI = Words(
    zh="指标 {id}（{called}）：{actual}，取自事实文件 index_tree[{at}].actual",
    en="indicator {id} ({called}): {actual}, from the facts file, index_tree[{at}].actual",
)
FROM_PLATFORM = Words(
    zh="指标 {id}（{called}）：{actual}，由平台计算，{first} 至 {last}，{counted}，截至 {as_of}",
    en="indicator {id} ({called}): {actual}, computed by the platform for {first} to {last}, {counted}, as of {as_of}",
)
MEAN_OF = Words(zh="{counter} {count}，取均值", en="the mean of the cases {counter}, which are {count}")
GROUPS = Words(zh="{count} 个分组", en="groups: {count}")
DIVIDED = Words(zh="分子 / 分母：{sums}", en="{sums}")
NO_FIGURE = Words(
    zh="指标 {id}（{name}）在 {first} 至 {last} 没有数值（截至 {as_of}）：{reason}",
    en="indicator {id} ({name}) has no value for {first} to {last} (as of {as_of}): {reason}",
)
NO_VALUE = Words(zh="事实文件 index_tree[{at}]：actual 为空", en="facts file, index_tree[{at}]: actual is null")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Facts with what follows from them."""

    facts: Facts
    outcome: Outcome
    hints: tuple[Hint, ...]
    sources: Sources = ALONE


def evaluation(facts: Facts, sources: Sources = ALONE) -> Evaluation:
    """Evaluate facts in which `checking.faults` found nothing."""
    computed = {line: one.value for line, one in sources.computed.items()}
    outcome = evaluate(facts.index_tree, recorded(facts), computed)
    return Evaluation(facts, outcome, hints(facts, outcome, sources), sources)


def basis(found: Evaluation, score: Score) -> Words:
    """How a line came to its points."""
    if isinstance(score.line, Assessed):
        published = found.facts.published
        taken = published is not None and len(score.line.path) == 1 and score.line.path[0] in published.levels
        return TAKEN_OVER if taken else ASSESSED
    if score.actual is not None:
        return COMPUTED
    return UNENTERED if score.line.given is None else UNPUBLISHED


def evidence(found: Evaluation, score: Score, language: Language) -> str:
    """Where a line's points come from, so that somebody can look there."""
    line, at = score.line, found.facts.index_tree.index(score.line)
    told = [line.evidence] if line.evidence else []
    if isinstance(line, Assessed):
        return "；".join([BY.say(language, assessor=line.assessor, reason=line.reason), *told])
    if line.record is not None:
        counted = None if score.actual is None else shown(score.actual.quantize(Decimal("0.0001")))
        actual = counted or basis(found, score).say(language)
        words = RECORDED[line.record].words.say(language)
        told.insert(0, FROM_RECORD.say(language, id=line.record, words=words, actual=actual))
    elif line.actual is None and line.id in found.sources.computed:
        told.insert(0, _platform(found.sources, line, language))
    elif line.kpi is not None and score.actual is not None:
        one = INDICATORS[line.kpi]
        called = _called(one, language)
        told.insert(0, FROM_KPI.say(language, id=one.id, called=called, actual=shown(score.actual), at=at))
    elif score.actual is not None:
        told.insert(0, FROM_FILE.say(language, at=at, actual=shown(score.actual)))
    else:
        told.insert(0, NO_VALUE.say(language, at=at))
    if line.given is not None:
        entry = BY_OVERRULED if score.is_overruled else BY
        told.append(entry.say(language, assessor=line.assessor, reason=line.reason, given=shown(line.given)))
    return "；".join(told)


def _platform(sources: Sources, line: Quantitative, language: Language) -> str:
    one = sources.computed[line.id]
    indicator = INDICATORS[one.figure.indicator]
    as_of = f"{sources.as_of:%Y-%m-%d %H:%M}" if sources.as_of else "-"
    told: dict[str, object] = {"id": indicator.id, "name": indicator.names.say(language), "as_of": as_of}
    told |= {"first": sources.first, "last": sources.last}
    if one.value is None:
        return NO_FIGURE.say(language, reason=one.reason.say(language) if one.reason else "-", **told)
    actual = f"{shown(one.value)} {line.unit or ''}".strip()
    called = _called(indicator, language)
    counted = _counted(one.figure, indicator.formula, language)
    said = FROM_PLATFORM.say(language, actual=actual, called=called, counted=counted, **told)
    return "；".join([said, *(caveat.say(language) for caveat in caveats(one.figure, target_of(line)))])


def _called(indicator: Indicator, language: Language) -> str:
    name = indicator.names.say(language)
    return name if isinstance(indicator.formula, Duration) else f"{name} = {formula_text(indicator.formula, language)}"


def _counted(figure: Figure, formula: Formula, language: Language) -> str:
    match formula:
        case Duration(counter=counter):
            return MEAN_OF.say(language, counter=COUNTERS[counter].names, count=f"{figure.total:,}")
        case Spread():
            return GROUPS.say(language, count=f"{figure.total:,}")
        case _:
            return DIVIDED.say(language, sums=sums_text(formula, figure.hits, figure.total, language))


def as_json(found: Evaluation, language: Language) -> dict[str, JsonValue]:
    """The machine's form: keys and `basis` in English, evidence and hints in the language of the reader."""
    return {
        "total": number(found.outcome.total),
        "grade": found.outcome.grade,
        "indicators": [
            {
                "id": one.line.id,
                "path": list(one.line.path),
                "points": number(one.line.points),
                "score": number(one.score),
                "basis": basis(found, one).en,
                "evidence": evidence(found, one, language),
            }
            for one in found.outcome.scores
        ],
        "published": _published(found),
        "hints": [{"id": one.id, "where": one.where, "text": one.say(language)} for one in found.hints],
    }


def number(value: Decimal) -> int | float:
    """A decimal as JSON has numbers: `94`, `29.72`."""
    return int(value) if value == value.to_integral_value() else float(value)


def _published(found: Evaluation) -> JsonValue:
    told = found.facts.published
    if told is None:
        return None
    levels = {level.name: level.score for level in found.outcome.levels}
    same = told.total == found.outcome.total and told.grade == found.outcome.grade
    return {
        "levels": {name: number(points) for name, points in told.levels.items()},
        "total": number(told.total),
        "grade": told.grade,
        "deductions_explained": told.deductions_explained,
        "equal": same and all(levels[name] == points for name, points in told.levels.items()),
    }

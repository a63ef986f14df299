"""An evaluation as a whole, and as one JSON object."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import JsonValue

from central.core.evaluation.facts import Facts
from central.core.evaluation.figures import shown
from central.core.evaluation.hint import Hint
from central.core.evaluation.hints import hints
from central.core.evaluation.lines import Assessed
from central.core.evaluation.recorded import RECORDED, recorded
from central.core.evaluation.scoring import Outcome, Score, evaluate
from central.core.kpis.indicators import INDICATORS
from central.core.kpis.page import formula_text
from protocol.texts import Language, Words

TAKEN_OVER = Words(zh="照录，一级指标以下未公布", en="taken over, nothing published below the first level")
ASSESSED = Words(zh="评价人评定", en="assessed")
COMPUTED = Words(zh="由数值计算", en="computed")
UNPUBLISHED = Words(zh="未公布，评价人填写", en="not published, entered by an assessor")
UNENTERED = Words(zh="未公布，无评价人填写，不得分", en="not published, nobody entered anything, no points")
BY = Words(zh="{assessor}：{reason}", en="{assessor}: {reason}")
FROM_RECORD = Words(zh="记录 {id}（{words}）：{actual}", en="record {id} ({words}): {actual}")
FROM_FILE = Words(zh="事实文件 index_tree[{at}].actual：{actual}", en="facts file, index_tree[{at}].actual: {actual}")
FROM_KPI = Words(
    zh="指标 {id}（{name} = {formula}）：{actual}，取自事实文件 index_tree[{at}].actual",
    en="indicator {id} ({name} = {formula}): {actual}, from the facts file, index_tree[{at}].actual",
)
NO_VALUE = Words(zh="事实文件 index_tree[{at}]：actual 为空", en="facts file, index_tree[{at}]: actual is null")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Facts with what follows from them."""

    facts: Facts
    outcome: Outcome
    hints: tuple[Hint, ...]


def evaluation(facts: Facts) -> Evaluation:
    """Evaluate facts in which `checking.faults` found nothing."""
    outcome = evaluate(facts.index_tree, recorded(facts))
    return Evaluation(facts, outcome, hints(facts, outcome))


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
        actual = UNPUBLISHED.say(language) if score.actual is None else shown(score.actual.quantize(Decimal("0.0001")))
        words = RECORDED[line.record].words.say(language)
        told.insert(0, FROM_RECORD.say(language, id=line.record, words=words, actual=actual))
    elif line.kpi is not None and score.actual is not None:
        one = INDICATORS[line.kpi]
        words, formula = one.names.say(language), formula_text(one.formula, language)
        told.insert(
            0, FROM_KPI.say(language, id=one.id, name=words, formula=formula, actual=shown(score.actual), at=at)
        )
    elif score.actual is not None:
        told.insert(0, FROM_FILE.say(language, at=at, actual=shown(score.actual)))
    else:
        told.insert(0, NO_VALUE.say(language, at=at))
    if line.given is not None:
        told.append(BY.say(language, assessor=line.assessor, reason=line.reason))
    return "；".join(told)


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

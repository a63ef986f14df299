"""自查提示: where a report contradicts itself, before somebody else says so."""

from collections.abc import Iterator
from decimal import Decimal

from central.core.evaluation.decimals import rounded, shown
from central.core.evaluation.facts import Facts, Target
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.names import goal_name, is_ratio
from central.core.evaluation.records import Records
from central.core.evaluation.remarks.figure_hints import unsure_figures
from central.core.evaluation.remarks.hint import Hint
from central.core.evaluation.remarks.hint_words import (
    AVAILABILITY_NOT_MTBF,
    CLAIMED_WITHOUT_VALUE,
    DEDUCTION_UNEXPLAINED,
    ENTRY_OVERRULED,
    EVALUATED_EARLY,
    FIGURE_DIFFERS,
    GRADE_DIFFERS,
    MEMBERS_DIFFER,
    MODE_UNSTATED,
    NO_BASELINE,
    NO_PUBLIC_VOICE,
    NOT_PUBLISHED,
    ONLY_FIRST_LEVEL,
    OVER_RUN,
    PAYMENTS_DIFFER,
    POINTS_WITHOUT_MEASURE,
    PUBLISHED_DIFFERS,
    PUBLISHED_SUM,
    SELF_EVALUATION,
    TARGET_STANDS,
    TRIAL,
    TWO_VALUES,
    UNMEASURED_LINE,
)
from central.core.evaluation.remarks.record_hints import contradictions, over_runs, unsure_surveys
from central.core.evaluation.scoring import Outcome, grade_of
from central.core.evaluation.sources import ALONE, Sources, differs

MTBF_WORDS = ("平均无故障", "MTBF", "mtbf")
BENEFIT_WORDS = ("效益", "效果")
TRIAL_PHASE = "试运行"
PUBLIC_JUDGEMENT, COMPARISON, HISTORICAL = "公众评判法", "比较法", "历史标准"
PUBLIC_WORDS = ("市民", "公众", "群众", "居民", "商户")


def hints(facts: Facts, outcome: Outcome, sources: Sources = ALONE) -> tuple[Hint, ...]:
    """All remarks, in the order of the report."""
    ledger = sources.ledger or facts.records
    return (
        *_who(facts),
        *_goals(facts),
        *_unmeasured(facts, outcome),
        *_figures(facts, sources),
        *unsure_figures(outcome, sources),
        *_overruled(outcome),
        *_methods(facts),
        *_published(facts, outcome),
        *_money(facts, ledger),
        *contradictions(ledger),
        *unsure_surveys(facts.records),
    )


def _who(facts: Facts) -> Iterator[Hint]:
    if facts.evaluation_mode is None:
        yield Hint("mode_unstated", "mode", MODE_UNSTATED, {"assessor": facts.evaluation_done_by})
    if facts.is_done_by_unit:
        yield Hint("self_evaluation", "evaluation_done_by", SELF_EVALUATION, {"unit": facts.unit})
    if facts.phase == TRIAL_PHASE:
        yield Hint("trial_operation", "phase", TRIAL)
    begun = sorted(when for name, days in facts.process.steps.items() if "评价" in name for when in days)
    if begun and begun[0] < f"{facts.period.last:%Y-%m}":
        yield Hint("evaluated_early", "process", EVALUATED_EARLY, {"begun": begun[0], "last": facts.period.last})


def _goals(facts: Facts) -> Iterator[Hint]:
    stated = {goal_name(facts, goal): (f"targets.{goal}", one.target) for goal, one in facts.targets.items()}
    measured = {line.path[-1]: ("index_tree", line.target) for line in facts.index_tree if line.kind == "quantitative"}
    for name in facts.targets_missing:
        if name in stated or name in measured:
            where, aim = stated[name] if name in stated else measured[name]
            told: dict[str, object] = {"name": name, "where": where, "target": aim}
            yield Hint("target_named_missing", "targets_missing", TARGET_STANDS, told)
    for goal, target in facts.targets.items():
        title = target.published_as or goal_name(facts, goal)
        if any(word in title for word in MTBF_WORDS) and is_ratio(target):
            told = {"title": title, "target": _percent(target.target)}
            yield Hint("availability_titled_mtbf", f"targets.{goal}", AVAILABILITY_NOT_MTBF, told)
        if target.of_which and sum(target.of_which.values()) != target.target:
            told = {"name": title, "sum": sum(target.of_which.values()), "target": target.target}
            yield Hint("members_differ", f"targets.{goal}", MEMBERS_DIFFER, told)
    for line in facts.index_tree:
        if line.kind == "quantitative" and any(word in line.path[-1] for word in MTBF_WORDS) and line.target <= 1:
            told = {"title": line.path[-1], "target": _percent(line.target)}
            yield Hint("availability_titled_mtbf", f"index_tree.{line.id}", AVAILABILITY_NOT_MTBF, told)


def _unmeasured(facts: Facts, outcome: Outcome) -> Iterator[Hint]:
    silent = [goal for goal, one in facts.targets.items() if one.actual is None]
    for goal in silent:
        one = facts.targets[goal]
        words = CLAIMED_WITHOUT_VALUE if _is_claim(one) else NOT_PUBLISHED
        told = {"name": goal_name(facts, goal), "text": one.actual_text or ""}
        if words is CLAIMED_WITHOUT_VALUE or one.actual_text is None:
            yield Hint("claimed_without_value" if _is_claim(one) else "not_published", f"targets.{goal}", words, told)
    for score in outcome.scores:
        if score.unpublished:
            told = {"path": " / ".join(score.line.path), "score": shown(score.score)}
            yield Hint("unmeasured_line", f"index_tree.{score.line.id}", UNMEASURED_LINE, told)
    yield from _two_values(facts, outcome)
    benefits = [one for one in outcome.levels if any(word in one.name for word in BENEFIT_WORDS)]
    measured = [one for one in outcome.scores if one.actual is not None]
    if benefits and not measured and silent:
        told = {"name": benefits[0].name, "score": shown(benefits[0].score), "points": shown(benefits[0].points)}
        yield Hint("points_without_measure", "index_tree", POINTS_WITHOUT_MEASURE, told)


def _two_values(facts: Facts, outcome: Outcome) -> Iterator[Hint]:
    stated = {goal_name(facts, goal): one.actual for goal, one in facts.targets.items() if one.actual is not None}
    for score in outcome.scores:
        name = score.line.path[-1]
        if score.actual is not None and name in stated and rounded(stated[name]) != rounded(score.actual):
            told = {"name": name, "stated": shown(stated[name]), "measured": shown(rounded(score.actual))}
            yield Hint("two_values", f"index_tree.{score.line.id}", TWO_VALUES, told)


def _methods(facts: Facts) -> Iterator[Hint]:
    compares = HISTORICAL in facts.standards or COMPARISON in facts.methods
    if compares and facts.targets and all(one.baseline is None for one in facts.targets.values()):
        yield Hint("no_baseline", "standards", NO_BASELINE)
    asked = [*facts.process.interviews, *(one.who for one in facts.records.interviews)]
    citizens = any(one.asked == "citizen" for one in facts.records.surveys)
    heard = citizens or any(word in who for who in asked for word in PUBLIC_WORDS)
    if PUBLIC_JUDGEMENT in facts.methods and not heard:
        yield Hint("no_public_voice", "methods", NO_PUBLIC_VOICE, {"asked": "、".join(asked) or "-"})


def _published(facts: Facts, outcome: Outcome) -> Iterator[Hint]:
    told = facts.published
    if told is None:
        return
    for level in outcome.levels:
        points = told.levels.get(level.name)
        if points is not None and points != level.score:
            yield _differs(f"published.{level.name}", level.name, points, level.score)
    if told.total != outcome.total:
        yield _differs("published.total", "总分", told.total, outcome.total)
    if told.grade != grade_of(told.total):
        values = {"grade": told.grade, "total": shown(told.total), "right": grade_of(told.total)}
        yield Hint("grade_differs", "published.grade", GRADE_DIFFERS, values)
    added = sum(told.levels.values(), Decimal(0))
    if told.levels and added != told.total:
        values = {"sum": shown(added), "total": shown(told.total)}
        yield Hint("published_sum_differs", "published.total", PUBLISHED_SUM, values)
    lost = {level.name: level.points - level.score for level in outcome.levels if level.score < level.points}
    if not told.deductions_explained and lost:
        listed = "、".join(f"{name} -{shown(points)}" for name, points in lost.items())
        yield Hint("deductions_unexplained", "published.deductions_explained", DEDUCTION_UNEXPLAINED, {"lost": listed})
    if all(len(line.path) == 1 for line in facts.index_tree):
        yield Hint("only_first_level", "index_tree", ONLY_FIRST_LEVEL)


def _differs(where: str, name: str, published: Decimal, computed: Decimal) -> Hint:
    values = {"name": name, "published": shown(published), "computed": shown(computed)}
    return Hint("published_differs", where, PUBLISHED_DIFFERS, values)


def _figures(facts: Facts, sources: Sources) -> Iterator[Hint]:
    for line in facts.index_tree:
        found = sources.computed.get(line.id)
        if not isinstance(line, Quantitative) or found is None or line.actual is None or found.value is None:
            continue
        if differs(line.actual, found.value):
            told: dict[str, object] = {"name": line.path[-1], "stated": shown(line.actual)}
            told |= {
                "computed": shown(found.value),
                "kpi": line.kpi or "",
                "first": sources.first,
                "last": sources.last,
            }
            yield Hint("stated_differs_from_figure", f"index_tree.{line.id}", FIGURE_DIFFERS, told)


def _overruled(outcome: Outcome) -> Iterator[Hint]:
    for score in outcome.scores:
        line = score.line
        if isinstance(line, Quantitative) and score.is_overruled and line.given != score.score:
            told = {"name": line.path[-1], "assessor": line.assessor, "stated": shown(line.given or Decimal(0))}
            told["computed"] = shown(score.score)
            yield Hint("entry_overruled", f"index_tree.{line.id}", ENTRY_OVERRULED, told)


def _money(facts: Facts, ledger: Records) -> Iterator[Hint]:
    budget, records = facts.budget, facts.records
    if budget.spent_cny > budget.appropriated_cny:
        told = {"spent": shown(budget.spent_cny), "budget": shown(budget.appropriated_cny)}
        yield Hint("budget_over_run", "budget.spent_cny", OVER_RUN, told)
    yield from over_runs(ledger)
    total = sum((one.amount_cny for one in records.payments), Decimal(0))
    if records.payments and total != budget.spent_cny:
        told = {"sum": shown(total), "spent": shown(budget.spent_cny)}
        yield Hint("payments_differ", "budget.spent_cny", PAYMENTS_DIFFER, told)


def _is_claim(target: Target) -> bool:
    return target.actual_text is not None and target.baseline is None and isinstance(target.target, Decimal)


def _percent(value: object) -> str:
    return f"{shown(value * 100)} %" if isinstance(value, Decimal) else str(value)

"""`gridwarden central kpi`: one figure of one period, with what stands beside it."""

import json
from collections.abc import Sequence
from datetime import datetime

from central.cli.figures.notes import note_forms, note_lines
from central.core.kpis import (
    INDICATORS,
    Comparison,
    Figure,
    Period,
    Target,
    Times,
    Unit,
)
from central.core.kpis.caveats import bounds, few
from central.core.kpis.figures import QUICK_S
from central.core.kpis.page import formula_text
from central.core.kpis.registry.values import change_text, length_text, share_text, sums_text, value_text
from central.services.figures.group_words import group_words, left_out, remarks
from central.services.figures.kpis import Outlook
from central.settings.texts import load_texts
from protocol.texts import Language, Words

_OPEN = Words(zh="未结{count}件，平均已历时{mean}", en="{count} open, for {mean} on average")
BESIDE_WORDS = {
    "last_period": Words(zh="上期", en="last period"),
    "last_year": Words(zh="去年同期", en="last year"),
    "plan": Words(zh="计划值", en="plan"),
    "baseline": Words(zh="项目前", en="before the project"),
}

_BETTER, _WORSE = Words(zh="（更好）", en="(better)"), Words(zh="（更差）", en="(worse)")


def kpi_text(outlook: Outlook, language: Language) -> str:
    """Some lines."""
    figure, indicator = outlook.figure, INDICATORS[outlook.figure.indicator]
    reason = figure.reason.say(language) if figure.reason is not None else ""
    sums = sums_text(indicator.formula, figure.hits, figure.total, language)
    lines = [
        f"{indicator.names.say(language)} {_value(outlook, language)} {reason}".rstrip(),
        f"  {formula_text(indicator.formula, language)}: {sums}",
    ]
    if figure.interval is not None:
        lines.append("  95 %: " + " - ".join(value_text(edge, indicator.unit, language) for edge in figure.interval))
    if figure.bounds is not None:
        lines.append(f"  {bounds(figure, outlook.plan).say(language)}")
    if figure.times is not None and figure.times.mean_s is not None:
        lines.append(f"  {_spread(figure.times, language)}")
    if figure.open is not None and figure.open.mean_s is not None:
        mean = length_text(figure.open.mean_s, language)
        lines.append("  " + _OPEN.say(language, count=figure.open.count, mean=mean))
    if figure.is_below_minimum:
        lines.append(f"  ! {few(figure).say(language)}")
    lines += [f"  {line}" for line in left_out(figure, load_texts(language))]
    lines += [f"  {line}" for line in note_lines(figure.notes, language)]
    lines += [_beside(one, indicator.unit, language) for one in outlook.beside]
    return "\n".join(lines)


def groups_text(group_by: str, outlooks: Sequence[Outlook], language: Language) -> str:
    """A line for each group, its plan where it has one, and what has to be known of the whole."""
    lines, figures, texts = [], [one.figure for one in outlooks], load_texts(language)
    for one in outlooks:
        figure = one.figure
        group = group_words(group_by, figure.group, texts, one.called)
        value = _value(one, language)
        sums = sums_text(INDICATORS[figure.indicator].formula, figure.hits, figure.total, language)
        lines.append("  ".join((group, value, sums, *remarks(figure, texts))))
        lines += [_beside(plan, INDICATORS[figure.indicator].unit, language) for plan in one.beside]
    notes = {note for figure in figures for note in figure.notes}
    return "\n".join([*lines, *note_lines(sorted(notes), language)])


def _value(outlook: Outlook, language: Language) -> str:
    figure = outlook.figure
    return value_text(figure.value, INDICATORS[figure.indicator].unit, language, beside=outlook.plan)


def _beside(one: Comparison, unit: Unit, language: Language) -> str:
    basis = "" if one.basis is None else f" ({one.basis.say(language)})"
    change = ""
    if one.change is not None:
        judged = "" if one.is_better is None else f" {(_BETTER if one.is_better else _WORSE).say(language)}"
        change = f", {change_text(one.change, unit, language)}{judged}"
    return f"  {BESIDE_WORDS[one.beside].say(language)}: {value_text(one.other, unit, language)}{change}{basis}"


def _spread(times: Times, language: Language) -> str:
    spans = " ".join(
        f"{name} {value_text(value, Unit.SECONDS, language)}"
        for name, value in (("p50", times.p50_s), ("p90", times.p90_s))
        if value is not None
    )
    return f"{spans}, <= {value_text(QUICK_S, Unit.SECONDS, language)}: {share_text(times.quick or 0)}"


def kpi_json(outlook: Outlook, period: Period, now: datetime, language: Language) -> str:
    """One JSON object."""
    beside = {str(one.beside): _beside_form(one, language) for one in outlook.beside}
    target = target_form(outlook.target) if outlook.target is not None else None
    told = _head(outlook.figure.indicator, period, now, language) | _figure(outlook.figure, language)
    return json.dumps(told | {"beside": beside, "target": target}, ensure_ascii=False)


def _beside_form(one: Comparison, language: Language) -> dict[str, object]:
    return {
        "value": one.other,
        "change": one.change,
        "better": one.is_better,
        "basis": one.basis.say(language) if one.basis is not None else None,
    }


def groups_json(name: str, outlooks: Sequence[Outlook], period: Period, now: datetime, language: Language) -> str:
    """One JSON object with a figure for each group, and the target of each."""
    groups = [
        {"group": one.figure.group, "name": one.called or None}
        | _figure(one.figure, language)
        | {"target": target_form(one.target) if one.target is not None else None}
        for one in outlooks
    ]
    return json.dumps(_head(name, period, now, language) | {"groups": groups}, ensure_ascii=False)


def _head(name: str, period: Period, now: datetime, language: Language) -> dict[str, object]:
    return {
        "id": name,
        "name": INDICATORS[name].names.say(language),
        "formula": formula_text(INDICATORS[name].formula, language),
        "from": period.begin.isoformat(),
        "to": period.end.isoformat(),
        "as_of": now.isoformat(),
    }


def _figure(figure: Figure, language: Language) -> dict[str, object]:
    return {
        "value": figure.value,
        "reason": figure.reason.say(language) if figure.reason is not None else None,
        "hits": figure.hits,
        "total": figure.total,
        "interval": figure.interval,
        "below_minimum_sample": figure.is_below_minimum,
        "excluded": dict(figure.excluded),
        "times": _times(figure.times),
        "open": _times(figure.open),
        "bounds": figure.bounds._asdict() if figure.bounds is not None else None,
        "notes": note_forms(figure.notes, language),
    }


def target_form(one: Target) -> dict[str, str | float | None]:
    """A target as JSON says it."""
    return {
        "indicator": one.indicator,
        "group": one.group,
        "value": one.value,
        "owner": one.owner,
        "since": one.since.isoformat(),
        "reason": one.reason,
        "said_by": one.said_by,
        "said_at": one.said_at.isoformat() if one.said_at is not None else None,
    }


def _times(times: Times | None) -> dict[str, float | None] | None:
    if times is None:
        return None
    return {
        "count": times.count,
        "mean_s": times.mean_s,
        "p50_s": times.p50_s,
        "p90_s": times.p90_s,
        "within_2h": times.quick,
    }

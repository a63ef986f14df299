"""`gridwarden central explain-change` and `propose-targets`: what the own months say of a figure."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from central.cli.figures.notes import note_forms, note_lines
from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.core.kpis import (
    FACTOR_WORDS,
    INDICATORS,
    LEG_WORDS,
    BadPeriod,
    Beside,
    Better,
    Effect,
    Factor,
    Leg,
    Level,
    Proposal,
    Unit,
    period_between,
    whole_seconds,
)
from central.core.kpis.proposals import MONTHS_MIN
from central.core.kpis.registry.values import change_text, value_text
from central.settings.init import FILE
from protocol.texts import Language, Words, language_of

if TYPE_CHECKING:
    from central.services.figures.planning.changes import Explained

TERMINAL_LANGUAGE = language_of(os.environ)
MEANS = Words(zh="{name}：{before} -> {after}，变化 {change}", en="{name}: {before} -> {after}, {change}")
NOT_BESIDE = Words(
    zh="不能与“{told}”比较；请用 last_period 或 last_year",
    en="'{told}' is nothing to explain a change beside; give last_period or last_year",
)
NOT_CLASSED, NOT_SENT = Words(zh="未分类", en="without a class"), Words(zh="无责任单位", en="without a department")
LEVEL_WORDS: dict[Level, Words] = {
    Level.FLOOR: Words(zh="底线目标", en="floor"),
    Level.TARGET: Words(zh="建议目标", en="target"),
    Level.STRETCH: Words(zh="争取目标", en="stretch"),
}
LEVEL = Words(
    zh="{level} {value}：{months}个月中{reached}个月达到，单月达到的概率约{chance}",
    en="{level} {value}: {reached} of {months} months reached it, a month like them does with {chance}",
)

ALL_LACK = Words(
    zh="{year} 年没有可提出的目标建议：{count} 个指标都不足 {minimum} 个可用的月份；以后再试",
    en="no target can be proposed for {year}: none of the {count} figures has {minimum} months that can be used; "
    "try again later",
)
SOME_LACK = Words(
    zh="另有 {count} 个指标不足 {minimum} 个可用的月份，不提出建议（--json 列出各自的月数）",
    en="{count} more figures have fewer than {minimum} months that can be used (--json tells how many each has)",
)
LIST = Words(zh="、", en=", ")
NO_BETTER = Words(
    zh="{figures}：无优劣之分，不提出目标建议",
    en="neither way of these is better, so that nothing is proposed for them: {figures}",
)

WithLanguage = Annotated[Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")]


def explain_change(  # noqa: PLR0913, PLR0917 - one for each option
    name: Annotated[str, typer.Argument(metavar="ID", help="A duration of docs/kpis.md, such as handling_time.")],
    begin: Annotated[str, typer.Option("--from", help="First day (2026-03-01), or a time with its zone.")],
    until: Annotated[str, typer.Option("--to", help="The first day, or time, that does not count any more.")],
    beside: Annotated[str, typer.Option(help="last_period or last_year.")] = Beside.LAST_PERIOD,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002 - a flag
    language: WithLanguage = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Say why a mean duration changed: mix of classes, mix of departments, time of the stages; they sum to the change.

    Example: gridwarden central explain-change handling_time --from 2026-03-01 --to 2026-04-01 --beside last_year
    """
    from central.services.figures.kpis import KpiUnknown  # noqa: PLC0415 - each command loads its own parts

    settings = settings_in(config)
    try:
        period, other = period_between(begin, until, ZoneInfo(settings.timezone)), Beside(beside)
    except BadPeriod as problem:
        end(USER_MISTAKE, problem.say(language))
    except ValueError:
        end(USER_MISTAKE, NOT_BESIDE.say(language, told=beside[:40]))
    with open_console(settings) as console:
        now = console.clock.now()
        try:
            found = console.services.changes.explain(name, period, other, now)
        except KpiUnknown as problem:
            end(USER_MISTAKE, problem.say(language))
    typer.echo(_change_json(found, now, language) if as_json else change_text_of(found, language))


def propose_targets(
    year: Annotated[int, typer.Option(min=2000, max=2199, help="The year that targets are proposed for.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,  # noqa: FBT002 - a flag
    language: WithLanguage = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Propose floor, target and stretch of rates and mean times of cases, with the chance that a month reaches each.

    Example: gridwarden central propose-targets --year 2027 --json
    """
    with open_console(settings_in(config)) as console:
        found = console.services.proposing.propose(year, console.clock.now())
    if as_json:
        notes = {"notes": note_forms(found.notes, language)}
        typer.echo(json.dumps([_proposal_form(one, language) | notes for one in found.each], ensure_ascii=False))
        return
    typer.echo("\n".join([*proposal_lines(found.each, year, language), *note_lines(found.notes, language)]))


def effect_name(effect: Effect, language: Language) -> str:
    """Which class, department or stage an effect is of."""
    match effect.factor:
        case Factor.STAGE:
            return LEG_WORDS[Leg(effect.of)].say(language)
        case Factor.CLASS_MIX:
            return effect.of or NOT_CLASSED.say(language)
        case Factor.DEPARTMENT:
            return effect.of or NOT_SENT.say(language)


def change_text_of(found: "Explained", language: Language) -> str:
    """Some lines."""
    change = found.change
    if change.before is None or change.after is None:
        reason = change.reason.say(language) if change.reason is not None else ""
        return "\n".join([f"{found.indicator.names.say(language)}: {reason}", *note_lines(found.notes, language)])
    whole = whole_seconds(change.effects)
    means = {"before": _mean(change.before, language), "after": _mean(change.after, language)}
    told = _change(sum(whole), language)
    lines = [MEANS.say(language, name=found.indicator.names.say(language), change=told, **means)]
    for factor in Factor:
        mine = [(one, seconds) for one, seconds in zip(change.effects, whole, strict=True) if one.factor is factor]
        total = _change(sum(seconds for _, seconds in mine), language)
        lines.append(f"  {FACTOR_WORDS[factor].say(language)} {total}")
        lines += [
            f"    {effect_name(one, language)} {_change(seconds, language)}"
            for one, seconds in sorted(mine, key=lambda pair: -abs(pair[1]))
        ]
    return "\n".join([*lines, *note_lines(found.notes, language)])


def _mean(seconds: Fraction, language: Language) -> str:
    return value_text(float(seconds), Unit.SECONDS, language)


def _change(seconds: int, language: Language) -> str:
    return change_text(seconds, Unit.SECONDS, language)


def _change_json(found: "Explained", now: datetime, language: Language) -> str:
    change = found.change
    whole = whole_seconds(change.effects)
    answer = {
        "id": found.indicator.id,
        "beside": found.beside,
        "from": found.period.begin.isoformat(),
        "to": found.period.end.isoformat(),
        "other_from": found.other.begin.isoformat(),
        "other_to": found.other.end.isoformat(),
        "as_of": now.isoformat(),
        "before_s": _float(change.before),
        "after_s": _float(change.after),
        "change_s": sum(whole) if change.seconds is not None else None,
        "exact_change_s": str(change.seconds) if change.seconds is not None else None,
        "reason": change.reason.say(language) if change.reason is not None else None,
        "effects": [
            {"factor": one.factor, "of": one.of, "seconds": seconds, "exact_s": str(one.seconds)}
            for one, seconds in zip(change.effects, whole, strict=True)
        ],
        "notes": note_forms(found.notes, language),
    }
    return json.dumps(answer, ensure_ascii=False)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def proposal_lines(each: Sequence[Proposal], year: int, language: Language) -> list[str]:
    """What is proposed, then in a line each how many figures have too short a history, and which are never judged."""
    judged = [one for one in each if INDICATORS[one.indicator].better is not Better.NEITHER]
    proposed = [one for one in judged if one.levels]
    told = {"year": year, "count": len(judged) - len(proposed), "minimum": MONTHS_MIN}
    if not proposed:
        return [ALL_LACK.say(language, **told)]
    lines = [_proposal_text(one, language) for one in proposed]
    if len(proposed) < len(judged):
        lines.append(SOME_LACK.say(language, **told))
    neither = LIST.say(language).join(
        INDICATORS[one.indicator].names.say(language) for one in each if one not in judged
    )
    return [*lines, NO_BETTER.say(language, figures=neither)] if neither else lines


def _proposal_text(one: Proposal, language: Language) -> str:
    known = INDICATORS[one.indicator]
    lines = [f"{known.names.say(language)} {one.indicator}: {one.words.say(language)}"]
    lines += [
        "  "
        + LEVEL.say(
            language,
            level=LEVEL_WORDS[level.level].say(language),
            value=value_text(level.value, known.unit, language),
            months=one.months,
            reached=level.reached,
            chance=f"{float(level.chance):.0%}",
        )
        for level in one.levels
    ]
    return "\n".join(lines)


def _proposal_form(one: Proposal, language: Language) -> dict[str, object]:
    levels = {
        level.level: {"value": level.value, "reached": level.reached, "chance": float(level.chance)}
        for level in one.levels
    }
    return {
        "id": one.indicator,
        "year": one.year,
        "months": one.months,
        "trial_months": one.trial_months,
        **{level: levels.get(level) for level in Level},
        "words": one.words.say(language),
    }

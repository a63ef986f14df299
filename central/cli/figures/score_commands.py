"""`gridwarden central scores`: what regions, departments and the persons of a post score over a period."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from central.cli.figures.notes import note_forms, note_lines
from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.core.kpis import BadPeriod, judges, period_between
from central.core.kpis.composites import PartScore, shown
from central.core.kpis.registry.values import weight_text
from central.settings.init import FILE
from protocol.texts import Language, Words, language_of

if TYPE_CHECKING:
    from central.services.figures.planning.scores import Scored, ScoreList

TERMINAL_LANGUAGE = language_of(os.environ)
HEAD = Words(zh="{name}（{table}，来源 {source}）", en="{name} ({table}, source {source})")
NOBODY = Words(zh="本期没有可评价的对象", en="nobody to score in this period")
FEW = Words(zh="样本不足", en="few cases")
WHOLE = Words(zh="全部人员", en="everybody")
MORE = Words(zh="共 {total} 个，列出 {count} 个", en="{total} in all, {count} listed")


def scores(  # noqa: PLR0913, PLR0917 - one for each option
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A table of docs/kpis.md, such as department.")],
    begin: Annotated[str, typer.Option("--from", help="First day (2026-03-01), or a time with its zone.")],
    until: Annotated[str, typer.Option("--to", help="The first day, or time, that does not count any more.")],
    by: Annotated[
        str | None,
        typer.Option(help="Of regions: grid (the default) or community; of a post: person (the default) or post."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002 - a flag
    language: Annotated[
        Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")
    ] = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Score regions, departments or the persons of a post (综合评价): points, grade, and each part with its figure.

    Example: gridwarden central scores department --from 2026-03-01 --to 2026-04-01 --json

    Example: gridwarden central scores dispatcher --from 2026-03-01 --to 2026-04-01
    """
    from central.services.figures.planning.scores import ScoresUnknown  # noqa: PLC0415 - each command loads its own parts

    settings = settings_in(config)
    try:
        period = period_between(begin, until, ZoneInfo(settings.timezone))
    except BadPeriod as problem:
        end(USER_MISTAKE, problem.say(language))
    with open_console(settings) as console:
        try:
            found = console.services.scores.score(table, period, console.clock.now(), by, naming=True)
        except ScoresUnknown as problem:
            end(USER_MISTAKE, problem.say(language))
    typer.echo(_json(found, language) if as_json else _text(found, language))


def _text(found: "ScoreList", language: Language) -> str:
    table = found.table
    head = {"name": table.names.say(language), "table": table.id, "source": table.source}
    lines = [HEAD.say(language, **head)]
    for one in (*found.scores, *([found.whole] if found.whole is not None else [])):
        made = one.composite
        name = made.group or WHOLE.say(language)
        if made.points is None or made.band is None:
            lines.append(f"  {name}: {made.reason.say(language) if made.reason is not None else ''}")
        else:
            few = f" ({FEW.say(language)})" if made.is_below_minimum else ""
            lines.append(f"  {name}: {shown(made.points)} {made.band.grade} {made.band.colour.say(language)}{few}")
        lines += [f"    {_part(part, one, language)}" for part in made.parts]
    if not found.scores:
        lines.insert(1, f"  {NOBODY.say(language)}")
    if found.total > len(found.scores):
        lines.append(MORE.say(language, total=found.total, count=len(found.scores)))
    lines += note_lines(found.notes, language)
    return "\n".join(lines)


def _part(part: PartScore, one: "Scored", language: Language) -> str:
    of = part.part.of
    points = "-" if part.points is None else str(shown(part.points))
    return f"{of.names.say(language)} {weight_text(part.part.weight)} x {points}  [{one.numbers(part.part, language)}]"


def _json(found: "ScoreList", language: Language) -> str:
    table = found.table
    answer = {
        "table": table.id,
        "name": table.names.say(language),
        "subject": table.subject,
        "source": table.source,
        "group_by": found.group_by,
        "from": found.period.begin.isoformat(),
        "to": found.period.end.isoformat(),
        "as_of": found.as_of.isoformat(),
        "total": found.total,
        "scores": [_score_form(one, language) for one in found.scores],
        "notes": note_forms(found.notes, language),
        "whole": None if found.whole is None else _score_form(found.whole, language),
    }
    return json.dumps(answer, ensure_ascii=False)


def _score_form(one: "Scored", language: Language) -> dict[str, object]:
    made = one.composite
    return {
        "group": made.group,
        "points": None if made.points is None else float(shown(made.points)),
        "grade": None if made.band is None else made.band.grade,
        "colour": None if made.band is None else made.band.colour.say(language),
        "reason": made.reason.say(language) if made.reason is not None else None,
        "below_minimum_sample": made.is_below_minimum,
        "parts": [_part_form(part, one) for part in made.parts],
    }


def _part_form(part: PartScore, one: "Scored") -> dict[str, object]:
    figure = one.figures.get(part.part.of.id)
    return {
        "id": part.part.of.id,
        "weight": float(part.part.weight),
        "points": None if part.points is None else float(shown(part.points)),
        "value": None if figure is None else figure.value,
        "hits": None if figure is None else figure.hits,
        "total": None if figure is None else figure.total,
        "count": one.counts.get(part.part.of.id),
        "group_by": judges(part.part.of.id),
    }

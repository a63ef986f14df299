"""`gridwarden central targets`: what figures should reach, by whose word, and what was said before."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.settings.init import FILE
from protocol.texts import Language, Words, language_of

TERMINAL_LANGUAGE = language_of(os.environ)
NONE = Words(zh="还没有目标", en="there is no target yet")
SAID = Words(zh="{count}条新目标，{same}条与现行一致", en="new targets: {count}, as they were: {same}")
HOLDS, BEFORE = Words(zh="现行", en="holds"), Words(zh="原为", en="before")
NO_DAY = Words(zh="{told!r} 不是日期，应如 2026-03-01", en="{told!r} is no day; write it as 2026-03-01")
AHEAD = Words(zh="待生效", en="from then on")

targets = typer.Typer(
    help="What figures should reach (目标): by whose word, since when, why, and what was said before.",
    epilog="Example: gridwarden central targets import targets.yaml",
    no_args_is_help=True,
)

WithLanguage = Annotated[Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")]


@targets.command("list")
def list_targets(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only of this figure.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list, in the order in which it was said.")] = False,  # noqa: FBT002 - a flag
    language: WithLanguage = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """List targets with their history: what holds today, what holds later, what was said before.

    Example: gridwarden central targets list closing_rate --config central.yaml
    """
    from central.cli.figures.kpis import target_form  # noqa: PLC0415 - each command loads its own parts
    from central.core.kpis import INDICATORS  # noqa: PLC0415
    from central.core.kpis.registry.values import value_text  # noqa: PLC0415
    from central.services.figures.kpis import KpiUnknown  # noqa: PLC0415

    settings = settings_in(config)
    with open_console(settings) as console:
        try:
            found = console.services.kpi_targets.all(name)
        except KpiUnknown as problem:
            end(USER_MISTAKE, problem.say(language))
        today = console.clock.now().astimezone(ZoneInfo(settings.timezone)).date()
    if as_json:
        typer.echo(json.dumps([target_form(one) for one in found.said], ensure_ascii=False))
        return
    for indicator, group in dict.fromkeys((one.indicator, one.group) for one in found.said):
        known = INDICATORS[indicator]
        typer.echo(f"{known.names.say(language)} {indicator} {group}".rstrip())
        holds = found.on(indicator, today, group)
        for one in reversed(found.history(indicator, group)):
            mark = HOLDS if one is holds else AHEAD if one.since > today else BEFORE
            value = value_text(one.value, known.unit, language)
            typer.echo(f"  {one.since} {mark.say(language)} {value}  {one.owner}: {one.reason}  [{one.said_by}]")
    if not found.said:
        typer.echo(NONE.say(language))


@targets.command("set")
def set_target(  # noqa: PLR0913, PLR0917 - one for each option
    name: Annotated[str, typer.Argument(metavar="ID", help="A figure of docs/kpis.md, such as closing_rate.")],
    value: Annotated[str, typer.Argument(help="In its unit: 0.95 or 95%, 7200 or 2h or 30min.")],
    owner: Annotated[str, typer.Option(help="Who stands for it.")],
    since: Annotated[str, typer.Option(help="The first day it holds.", metavar="DAY")],
    reason: Annotated[str, typer.Option(help="Why it is so much.")],
    group: Annotated[str, typer.Option(metavar="FIELD=VALUE", help="Whose, such as unit=sanitation.")] = "",
    language: WithLanguage = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Say what a figure should reach; what was said before stays in the list.

    Example: gridwarden central targets set closing_rate 95% --owner 县城管局 --since 2026-01-01 --reason 年度目标
    """
    from central.core.kpis import BadTarget, Target  # noqa: PLC0415 - each command loads its own parts
    from central.core.kpis.targets import written_value  # noqa: PLC0415

    try:
        day = date.fromisoformat(since)
    except ValueError:
        end(USER_MISTAKE, NO_DAY.say(language, told=since[:40]))
    try:
        target = Target(name, written_value(name, value), owner, day, reason, group)
        with open_console(settings_in(config)) as console:
            new = console.services.kpi_targets.say([target], console.operator, console.clock.now())
    except BadTarget as problem:
        end(USER_MISTAKE, problem.say(language))
    typer.echo(SAID.say(language, count=len(new), same=1 - len(new)))


@targets.command("import")
def import_targets(
    file: Annotated[Path, typer.Argument(help="A YAML file such as docs/examples/targets.yaml.")],
    language: WithLanguage = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Take targets from a file, all or none; what holds already is left as it is.

    Example: gridwarden central targets import targets.yaml --config central.yaml
    """
    from central.core.kpis import BadTarget  # noqa: PLC0415 - each command loads its own parts
    from central.settings import SettingsError  # noqa: PLC0415
    from central.settings.figure_files import load_targets  # noqa: PLC0415

    settings = settings_in(config)
    try:
        words = load_targets(file)
    except SettingsError as problem:
        end(USER_MISTAKE, problem.say(language))
    with open_console(settings) as console:
        try:
            new = console.services.kpi_targets.say(words, console.operator, console.clock.now())
        except BadTarget as problem:
            end(USER_MISTAKE, f"{file}: {problem.say(language)}")
    typer.echo(SAID.say(language, count=len(new), same=len(words) - len(new)))
